import { readOptions } from './options';
import { UsageError } from './usage';

export interface DoctorArguments {
  url: URL;
  /** Sent to the viewer's own origin only. */
  headers: Record<string, string>;
  json: boolean;
}

/**
 * Reads what follows `fewshot-sam doctor`: the viewer's address, then options.
 *
 * @throws UsageError naming what is wrong
 */
export function parseDoctorArguments([address, ...rest]: readonly string[]): DoctorArguments {
  if (address === undefined || address.startsWith('-')) {
    throw new UsageError('The address of the viewer is missing, e.g. http://localhost:3000/.');
  }
  const options = readOptions(rest, {
    header: { type: 'string', multiple: true },
    json: { type: 'boolean' },
  });
  return {
    url: viewerUrl(address),
    headers: Object.fromEntries((options.header ?? []).map(headerOf)),
    json: options.json ?? false,
  };
}

function viewerUrl(address: string): URL {
  let url: URL | null = null;
  try {
    url = new URL(address);
  } catch {
    // Said below.
  }
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new UsageError(`"${address}" is not an address that begins with http:// or https://.`);
}

function headerOf(text: string): [name: string, value: string] {
  const [, name, value] = /^([\w-]+):\s*(\S.*)$/.exec(text) ?? [];
  if (name === undefined) throw new UsageError(`--header must be "Name: value".`);
  return [name, value];
}
