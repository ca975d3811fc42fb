import type { Command } from 'commander';
import { createCommand, readCommand, severalTimes } from './options';
import { UsageError } from './usageError';

export interface DoctorArguments {
  url: URL;
  /** Sent to the viewer's own origin only. */
  headers: Record<string, string>;
  json: boolean;
}

export function doctorCommand(): Command {
  return createCommand(
    'doctor',
    'Checks a viewer with the plug-in at URL, writes nothing, and says what to change; exits with 1 if a check fails.',
  )
    .usage("URL [--json] [--header 'Name: value']")
    .argument('[URL]', 'address of the viewer')
    .addOption(
      severalTimes(
        '--header <header>',
        "'Name: value'; repeat for several. Sent only to the viewer's own origin, e.g. to sign in",
        headerOf,
      ),
    )
    .option('--json', 'the checks as JSON');
}

/**
 * Parses the arguments of `fewshot-sam doctor`: the viewer's address, then options.
 *
 * @throws UsageError naming what is wrong
 */
export function parseDoctorArguments(args: readonly string[]): DoctorArguments {
  const command = doctorCommand();
  const { header = [], json = false } = readCommand<{
    header?: [name: string, value: string][];
    json?: boolean;
  }>(command, args);
  const [address] = command.args;
  if (address === undefined) {
    throw new UsageError('The address of the viewer is missing, e.g. http://localhost:3000/.');
  }
  return { url: viewerUrl(address), headers: Object.fromEntries(header), json };
}

function viewerUrl(address: string): URL {
  let url: URL | null = null;
  try {
    url = new URL(address);
  } catch {
    // Reported below.
  }
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new UsageError(`"${address}" is not an address that begins with http:// or https://.`);
}

function headerOf(text: string): [name: string, value: string] {
  const [, name, value] = /^([\w-]+):\s*(\S.*)$/.exec(text) ?? [];
  if (name === undefined) throw new UsageError(`--header must be "Name: value".`);
  return [name, value];
}
