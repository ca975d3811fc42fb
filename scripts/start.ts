/** Second part of `npm start`, run by start.mjs: sets up, builds when needed, serves until interrupted. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openArchive } from './server/dicomweb/openArchive';
import { dicomWeb, type Handler } from './server/dicomweb/handler';
import { isLoopback, namesFor } from './server/access';
import { readLogin } from './server/login';
import { parseFlags, USAGE, type Flags } from './server/flags';
import { checkPort, listen } from './server/listen';
import { probeArchive, proxyTo } from './server/proxy';
import { createSite, DICOMWEB } from './server/server';
import { build, isBuildStale } from './setup/build';
import { pathsIn, type Paths } from './setup/paths';
import { setUp } from './setup/setUp';
import { describeFailure, UserError } from './setup/userError';

/** Most bytes of a request body; a segmentation of a whole body is far smaller. */
const BODY_LIMIT = 1024 ** 3;

/** Returns the handler of DICOMweb requests, and a line about it. */
async function source(
  flags: Flags,
  paths: Paths,
  login?: string,
): Promise<{ handler: Handler; about: string }> {
  if (flags.dicomWeb) {
    return {
      handler: proxyTo(flags.dicomWeb, DICOMWEB, login),
      about: `Archive: ${flags.dicomWeb.host}`,
    };
  }
  const folder = flags.dicom === undefined ? paths.demoStudy : typedPath(flags.dicom);
  const stored = flags.archive === undefined ? paths.archive : typedPath(flags.archive);
  const { archive, about } = await openArchive(folder, stored);
  return { handler: dicomWeb(archive, DICOMWEB, BODY_LIMIT), about };
}

/** Resolves a path against the folder where the user typed the command, which start.mjs passes on. */
function typedPath(place: string): string {
  return path.resolve(process.env.TYPED_IN ?? process.cwd(), place);
}

/** Returns the folder of the user's viewer. @throws UserError when it contains no viewer */
function viewerIn(place: string): string {
  const folder = typedPath(place);
  if (existsSync(path.join(folder, 'index.html'))) return folder;
  throw new UserError(
    `There is no viewer in --viewer ${place}: index.html is missing.`,
    'Give the folder `dist` of a prebuilt OHIF.',
  );
}

async function start(args: string[]): Promise<void> {
  const flags = parseFlags(args);
  if (flags.help) {
    console.log(USAGE);
    return;
  }
  const prepared = pathsIn(path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..'));
  const paths = flags.viewer ? { ...prepared, viewer: viewerIn(flags.viewer) } : prepared;
  // Check the user's input before anything slow.
  await checkPort(flags.port, flags.host);
  const authFile = flags.dicomWebAuth === undefined ? undefined : typedPath(flags.dicomWebAuth);
  const login = flags.dicomWeb && (await readLogin(authFile, process.env));
  if (flags.dicomWeb) await probeArchive(flags.dicomWeb, login);
  const given = flags.dicom ? await source(flags, paths) : null;
  await setUp(paths, console.log, { ownViewer: flags.viewer !== undefined });
  if (await isBuildStale(paths)) {
    console.log('Building …');
    await build(paths);
  }
  const { handler, about } = given ?? (await source(flags, paths, login));
  const isLocal = isLoopback(flags.host);
  const site = createSite({
    ...paths,
    dicomWeb: handler,
    hosts: namesFor(flags.host, flags.allowedHosts),
    plainHeaders: flags.plainHeaders,
  });
  const port = await listen(site, flags.port, flags.host);
  const name = flags.host.includes(':') ? `[${flags.host}]` : flags.host;
  console.log(about);
  if (!isLocal) {
    const what = flags.dicomWeb
      ? `the archive ${flags.dicomWeb.host}${login === undefined ? '' : ' with your login'}`
      : 'all images and segmentations';
    console.log(
      `WARNING: --host ${flags.host} lets everyone on the network read and store ${what}, without a password and unencrypted.`,
    );
    console.log(
      'Note: beyond localhost, browsers offer threads and WebGPU only on https pages; put TLS in front.',
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
