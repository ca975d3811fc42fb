/** `npm start` behind start.mjs: sets up, builds when needed, serves until interrupted. */
import { existsSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openArchive } from './server/dicomweb/openArchive';
import { dicomWeb, type Handler } from './server/dicomweb/handler';
import { parseFlags, USAGE, type Flags } from './server/flags';
import { checkPort, listen } from './server/listen';
import { probeArchive, proxyTo } from './server/proxy';
import { createSite, DICOMWEB } from './server/server';
import { build, isBuildStale } from './setup/build';
import { pathsIn, type Paths } from './setup/paths';
import { setUp } from './setup/setUp';
import { describeFailure, UserError } from './setup/userError';

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];
/** A segmentation of a whole body stays far below. */
const BODY_LIMIT = 1024 ** 3;

/** @returns how requests for DICOM are answered, and a line about it */
async function source(flags: Flags, paths: Paths): Promise<{ handler: Handler; about: string }> {
  if (flags.dicomWeb) {
    return {
      handler: proxyTo(flags.dicomWeb, DICOMWEB),
      about: `Archive: ${flags.dicomWeb.url.host}`,
    };
  }
  const folder = flags.dicom === undefined ? paths.demoStudy : typedPath(flags.dicom);
  const stored = flags.archive === undefined ? paths.archive : typedPath(flags.archive);
  const { archive, about } = await openArchive(folder, stored);
  return { handler: dicomWeb(archive, DICOMWEB, BODY_LIMIT), about };
}

/** start.mjs passes on where the user typed the command. */
function typedPath(place: string): string {
  return path.resolve(process.env.TYPED_IN ?? process.cwd(), place);
}

/** @throws UserError when there is no viewer in the folder */
function viewerIn(place: string): string {
  const folder = typedPath(place);
  if (existsSync(path.join(folder, 'index.html'))) return folder;
  throw new UserError(
    `There is no viewer in --viewer ${place}: index.html is missing.`,
    'Give the folder `dist` of a prebuilt OHIF.',
  );
}

/** Names by which others reach a server that is open to the network. */
function ownNames(host: string): string[] {
  const bracketed = (address: string) => (address.includes(':') ? `[${address}]` : address);
  if (host !== '0.0.0.0' && host !== '::') return [bracketed(host).toLowerCase()];
  const addresses = Object.values(networkInterfaces()).flatMap(own => own ?? []);
  return [hostname(), ...addresses.map(({ address }) => bracketed(address))].map(name =>
    name.toLowerCase(),
  );
}

/** What `--host` opens, said before it is open. */
function openingWords({ host, dicomWeb, dicom }: Flags): string {
  const what = dicomWeb
    ? `the archive ${dicomWeb.url.host}${dicomWeb.auth ? ', with the login given here,' : ''}`
    : `all images in ${dicom ?? 'the demo study'}`;
  return `WARNING: --host ${host} opens this server to the network. Everybody who reaches this machine can read ${what} and store to it, without a password.`;
}

async function start(args: string[]): Promise<void> {
  const flags = parseFlags(args);
  if (flags.help) {
    console.log(USAGE);
    return;
  }
  const prepared = pathsIn(path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..'));
  const paths = flags.viewer ? { ...prepared, viewer: viewerIn(flags.viewer) } : prepared;
  // What the user gave is checked before anything takes time.
  await checkPort(flags.port, flags.host);
  if (flags.dicomWeb) await probeArchive(flags.dicomWeb);
  const given = flags.dicom ? await source(flags, paths) : null;
  await setUp(paths, console.log, flags.viewer !== undefined);
  if (await isBuildStale(paths)) {
    console.log('Building …');
    await build(paths);
  }
  const { handler, about } = given ?? (await source(flags, paths));
  const isLocal = LOOPBACK.includes(flags.host) || flags.host === '::1';
  const hosts = [...LOOPBACK, ...(isLocal ? [] : ownNames(flags.host)), ...flags.names];
  const site = createSite({
    ...paths,
    dicomWeb: handler,
    hosts,
    plainHeaders: flags.plainHeaders,
  });
  const port = await listen(site, flags.port, flags.host);
  const name = flags.host.includes(':') ? `[${flags.host}]` : flags.host;
  console.log(about);
  if (!isLocal) {
    console.log(openingWords(flags));
    console.log(
      'Note: away from localhost, browsers give threads and WebGPU to https pages only; put TLS in front.',
    );
  }
  console.log(`Few-shot SAM for OHIF: http://${name}:${port}/`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      site.close();
      site.closeAllConnections();
    });
  }
}

try {
  await start(process.argv.slice(2));
} catch (error) {
  console.error(describeFailure(error));
  process.exitCode = 1;
}
