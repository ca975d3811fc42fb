import { parseArgs } from 'node:util';
import { UserError } from '../setup/userError';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArchiveUrl, type ArchiveLogin } from './proxy';

export interface Flags {
  port: number;
  host: string;
  /** Folder of DICOM files to serve in place of the demo study. */
  dicom?: string;
  /** An archive elsewhere, in place of our own. */
  dicomWeb?: ArchiveLogin;
  /** Folder for stored instances. */
  archive?: string;
  /** Folder of a prebuilt viewer, in place of the pinned one. */
  viewer?: string;
  /** Leaves out isolation and policy, as the official viewer image does. */
  plainHeaders: boolean;
  /** Further names by which this server may be called. */
  names: string[];
  help: boolean;
}

export const USAGE = `npm start -- [flags]

  --port NUMBER     3000 by default; 0 takes any free one
  --host NAME       127.0.0.1 by default; 0.0.0.0 opens the server to the network
  --dicom DIR       serve the DICOM files in DIR in place of the demo study
  --dicomweb URL    use the archive at URL, e.g. http://localhost:8042/dicom-web
  --dicomweb-auth FILE   user:password for that archive; or set FEWSHOT_DICOMWEB_USER and
                    FEWSHOT_DICOMWEB_PASSWORD
  --name NAME       a further name by which browsers reach this server, e.g. behind a proxy
  --archive DIR     where stored segmentations go; .cache/archive by default
  --viewer DIR      serve the prebuilt OHIF in DIR in place of the pinned one
  --plain-headers   leave out isolation and policy, as the official viewer image does: one thread`;

const REMEDY =
  'Flags: --port, --host, --dicom DIR, --dicomweb URL, --dicomweb-auth FILE, --name NAME, --archive DIR, --viewer DIR, --plain-headers, --help.';

/** @throws UserError naming the flag that is wrong */
export function parseFlags(args: string[]): Flags {
  const { values } = parse(args);
  const port = values.port ?? '3000';
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) {
    throw new UserError(`--port ${port} is not a port.`, 'Give a number from 0 to 65535.');
  }
  for (const name of ['host', 'dicom', 'dicomweb', 'dicomweb-auth', 'archive', 'viewer'] as const) {
    if (values[name] === '') throw new UserError(`--${name} is empty.`, REMEDY);
  }
  if (values.dicomweb !== undefined && (values.dicom ?? values.archive) !== undefined) {
    throw new UserError(
      '--dicomweb uses your own archive; --dicom and --archive use the built-in one.',
      'Give one or the other.',
    );
  }
  if (values['dicomweb-auth'] !== undefined && values.dicomweb === undefined) {
    throw new UserError('--dicomweb-auth is for --dicomweb.', 'Give both.');
  }
  return {
    port: Number(port),
    host: values.host ?? '127.0.0.1',
    dicom: values.dicom,
    dicomWeb:
      values.dicomweb === undefined
        ? undefined
        : { url: parseArchiveUrl(values.dicomweb), auth: loginOf(values['dicomweb-auth']) },
    archive: values.archive,
    viewer: values.viewer,
    plainHeaders: values['plain-headers'] ?? false,
    names: (values.name ?? []).map(name => name.toLowerCase()),
    help: values.help ?? false,
  };
}

/** `user:password`, as it is: a `%` or `@` in it stands for itself. */
function loginOf(file: string | undefined): string | undefined {
  const { FEWSHOT_DICOMWEB_USER: user, FEWSHOT_DICOMWEB_PASSWORD: password = '' } = process.env;
  if (file === undefined) return user ? `${user}:${password}` : undefined;
  let login: string;
  try {
    login = readFileSync(path.resolve(process.env.TYPED_IN ?? process.cwd(), file), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(`--dicomweb-auth ${file} cannot be read (${code}).`, 'Check the path.', {
      cause: error,
    });
  }
  login = login.replace(/\r?\n$/, '');
  if (/^[^:\n]+:[^\n]*$/.test(login)) return login;
  throw new UserError(
    `--dicomweb-auth ${file} does not hold one line user:password.`,
    'Check the file.',
  );
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        dicom: { type: 'string' },
        dicomweb: { type: 'string' },
        'dicomweb-auth': { type: 'string' },
        name: { type: 'string', multiple: true },
        archive: { type: 'string' },
        viewer: { type: 'string' },
        'plain-headers': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    // The first sentence names the flag; what Node adds to it is about its own conventions.
    const [first] = (error as Error).message.split(/\.\s|\n/);
    throw new UserError(`${first.replace(/\.$/, '')}.`, REMEDY, { cause: error });
  }
}
