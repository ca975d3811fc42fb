import { parseArgs } from 'node:util';
import { UserError } from '../setup/userError';
import { parseArchiveUrl } from './proxy';

export interface Flags {
  port: number;
  host: string;
  /** Folder of DICOM files to serve in place of the demo study. */
  dicom?: string;
  /** An archive elsewhere, in place of our own. */
  dicomWeb?: URL;
  /** Folder for stored instances. */
  archive?: string;
  /** Folder of a prebuilt viewer, in place of the pinned one. */
  viewer?: string;
  /** Leaves out isolation and policy, as the official viewer image does. */
  plainHeaders: boolean;
  help: boolean;
}

export const USAGE = `npm start -- [flags]

  --port NUMBER     3000 by default; 0 takes any free one
  --host NAME       127.0.0.1 by default; 0.0.0.0 opens the server to the network
  --dicom DIR       serve the DICOM files in DIR in place of the demo study
  --dicomweb URL    use the archive at URL, e.g. http://localhost:8042/dicom-web
  --archive DIR     where stored segmentations go; .cache/archive by default
  --viewer DIR      serve the prebuilt OHIF in DIR in place of the pinned one
  --plain-headers   leave out isolation and policy, as the official viewer image does: one thread`;

const REMEDY =
  'Flags: --port, --host, --dicom DIR, --dicomweb URL, --archive DIR, --viewer DIR, --plain-headers, --help.';

/** @throws UserError naming the flag that is wrong */
export function parseFlags(args: string[]): Flags {
  const { values } = parse(args);
  const port = values.port ?? '3000';
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) {
    throw new UserError(`--port ${port} is not a port.`, 'Give a number from 0 to 65535.');
  }
  for (const name of ['host', 'dicom', 'dicomweb', 'archive', 'viewer'] as const) {
    if (values[name] === '') throw new UserError(`--${name} is empty.`, REMEDY);
  }
  if (values.dicomweb !== undefined && (values.dicom ?? values.archive) !== undefined) {
    throw new UserError(
      '--dicomweb uses your own archive; --dicom and --archive use the built-in one.',
      'Give one or the other.',
    );
  }
  return {
    port: Number(port),
    host: values.host ?? '127.0.0.1',
    dicom: values.dicom,
    dicomWeb: values.dicomweb === undefined ? undefined : parseArchiveUrl(values.dicomweb),
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
