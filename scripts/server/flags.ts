import { parseArgs } from 'node:util';
import { UserError } from '../setup/userError';
import { parseArchiveUrl } from './proxy';

export interface Flags {
  port: number;
  host: string;
  /** Folder of DICOM files to serve instead of the demo study. */
  dicom?: string;
  /** An external archive, instead of our own. */
  dicomWeb?: URL;
  /** File with the archive's login. */
  dicomWebAuth?: string;
  /** Further host names that the server accepts. */
  allowedHosts: string[];
  /** Folder for stored instances. */
  archive?: string;
  /** Folder of a prebuilt viewer, instead of the pinned one. */
  viewer?: string;
  /** Omits isolation and policy headers, like the official viewer image. */
  plainHeaders: boolean;
  help: boolean;
}

export const USAGE = `npm start -- [flags]

  --port NUMBER     3000 by default; 0 takes any free one
  --host NAME       127.0.0.1 by default; 0.0.0.0 opens images and archive to everyone on the network
  --dicom DIR       serve the DICOM files in DIR in place of the demo study
  --dicomweb URL    use the archive at URL, e.g. http://localhost:8042/dicom-web
  --dicomweb-auth FILE
                    the login of that archive, USER:PASSWORD in one line; or set FEWSHOT_DICOMWEB_USER
                    and FEWSHOT_DICOMWEB_PASSWORD. A password in the URL is refused: it shows in the list of processes
  --allow-host NAME answer to this name, too, e.g. that of a proxy before this server; repeatable
  --archive DIR     where stored segmentations go; .cache/archive by default
  --viewer DIR      serve the prebuilt OHIF in DIR in place of the pinned one
  --plain-headers   leave out isolation and policy, as the official viewer image does: one thread`;

const REMEDY =
  'Flags: --port, --host, --allow-host NAME, --dicom DIR, --dicomweb URL, --dicomweb-auth FILE, --archive DIR, --viewer DIR, --plain-headers, --help.';

/** Parses the flags of `npm start`. @throws UserError naming the invalid flag */
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
    throw new UserError('--dicomweb-auth needs --dicomweb URL.', REMEDY);
  }
  return {
    port: Number(port),
    host: values.host ?? '127.0.0.1',
    dicom: values.dicom,
    dicomWeb: values.dicomweb === undefined ? undefined : parseArchiveUrl(values.dicomweb),
    dicomWebAuth: values['dicomweb-auth'],
    allowedHosts: values['allow-host'] ?? [],
    archive: values.archive,
    viewer: values.viewer,
    plainHeaders: values['plain-headers'] ?? false,
    help: values.help ?? false,
  };
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
        'allow-host': { type: 'string', multiple: true },
        archive: { type: 'string' },
        viewer: { type: 'string' },
        'plain-headers': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    // Keep the first sentence, which names the flag; the rest is about Node's own conventions.
    const [first] = (error as Error).message.split(/\.\s|\n/);
    throw new UserError(`${first.replace(/\.$/, '')}.`, REMEDY, { cause: error });
  }
}
