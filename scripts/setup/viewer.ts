import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { extract } from 'tar';
import { replaceFolderAtomically } from './atomically';
import { UserError } from './userError';

/** A prebuilt viewer, pinned by content. `npm view @ohif/app@3.13.2 dist.integrity` */
export interface ViewerPackage {
  name: string;
  integrity: string;
}

export const VIEWER: ViewerPackage = {
  name: '@ohif/app@3.13.2',
  integrity:
    'sha512-WZdxmpmG7rqFgW9ZJLcbgr3XCtLi1KDNPoMaeY5PPe6j4G4fjEjjkycZM6C6Zk2F87BKxFfpq+jd5xXZB9E8EA==',
};

/** Written into the viewer's folder last: identifies the package there. */
const STAMP = '.package-integrity';

/**
 * Installs the prebuilt OHIF viewer in `folder`, unless it is there already.
 *
 * @throws UserError when the package cannot be downloaded, or is not the pinned one
 */
export async function setUpViewer(
  folder: string,
  viewer: ViewerPackage = VIEWER,
): Promise<'ready' | 'prepared'> {
  const stamp = await readFile(path.join(folder, STAMP), 'utf8').catch(() => '');
  if (stamp === viewer.integrity) return 'ready';
  const download = `${folder}.${process.pid}.download`;
  await mkdir(download, { recursive: true });
  try {
    const tarball = await packFromRegistry(viewer.name, download);
    await unpackViewer(tarball, folder, viewer);
  } finally {
    await rm(download, { recursive: true, force: true });
  }
  return 'prepared';
}

/**
 * Checks the package's tarball against the pinned hash and unpacks its `dist` as `folder`.
 *
 * @throws UserError when its content differs
 */
export async function unpackViewer(
  tarball: string,
  folder: string,
  { name, integrity }: ViewerPackage,
): Promise<void> {
  const found = `sha512-${createHash('sha512')
    .update(await readFile(tarball))
    .digest('base64')}`;
  if (found !== integrity) {
    throw new UserError(
      `The downloaded viewer ${name} has the hash ${found} instead of ${integrity}.`,
      'Nothing was installed. Use the public npm registry (`npm config get registry`) and start again.',
    );
  }
  await replaceFolderAtomically(folder, async temporary => {
    await extract({ file: tarball, cwd: temporary, strip: 2, filter: isServed });
    await writeFile(path.join(temporary, STAMP), integrity);
  });
}

/** Selects the viewer itself, without its 40 MB of source maps. */
function isServed(entry: string): boolean {
  return entry.startsWith('package/dist/') && !entry.endsWith('.map');
}

/** Runs `npm pack`, which honors the user's registry and proxy settings, and npm's cache. */
async function packFromRegistry(name: string, folder: string): Promise<string> {
  const { code, stdout, stderr } = await npm([
    'pack',
    name,
    '--json',
    '--pack-destination',
    folder,
  ]);
  if (code !== 0) {
    const reason = /npm (?:error|ERR!) code (\S+)/.exec(stderr)?.[1] ?? `exit code ${code}`;
    throw new UserError(
      `The viewer ${name} could not be downloaded from the npm registry (${reason}).`,
      'Check the network and npm’s proxy settings, then start again.',
    );
  }
  const [{ filename }] = JSON.parse(stdout) as { filename: string }[];
  return path.join(folder, path.basename(filename));
}

function npm(args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  // Under `npm run`, npm names its own script; a plain `npm` needs a shell on Windows.
  const script = process.env.npm_execpath;
  const child = script?.endsWith('.js')
    ? spawn(process.execPath, [script, ...args])
    : spawn('npm', args, { shell: process.platform === 'win32' });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', chunk => (stdout += chunk));
  child.stderr.on('data', chunk => (stderr += chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code => resolve({ code, stdout, stderr }));
  });
}
