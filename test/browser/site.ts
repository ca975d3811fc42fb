import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
// A build may be part of it.
const START_UP = 180_000;

/** What `npm start` serves, on a port of its own, with an archive folder of its own. */
export interface Site {
  url: string;
  /** Where stored instances lie. */
  archive: string;
  stop(): Promise<void>;
}

/**
 * Port of the last site of this process, and whether that still runs. The next one takes the port over, so
 * that the browser finds the viewer's scripts in its cache.
 */
const last = { port: 0, runs: false };

/** Starts the demo server as a user does. @param flags of `npm start`, e.g. `--dicom` */
export function startSite(...flags: string[]): Promise<Site> {
  return startSiteOf(root, ...flags);
}

/** The same of another checkout. */
export async function startSiteOf(checkout: string, ...flags: string[]): Promise<Site> {
  const archive = await mkdtemp(path.join(os.tmpdir(), 'fewshot-archive-'));
  // An archive elsewhere has its own place for what is stored.
  const place = flags.includes('--dicomweb') ? [] : ['--archive', archive];
  const port = last.runs ? 0 : last.port;
  const child = spawn(
    process.execPath,
    ['scripts/start.mjs', '--port', String(port), ...place, ...viewerFlags(), ...flags],
    { cwd: checkout, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const url = await printedUrl(child);
  const ownsPort = !last.runs;
  if (ownsPort) Object.assign(last, { port: Number(new URL(url).port), runs: true });
  return {
    url,
    archive,
    stop: async () => {
      const ended = new Promise(resolve => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      if (ownsPort) last.runs = false;
      await rm(archive, { recursive: true, force: true });
    },
  };
}

/** `npm run test:viewers` runs tests in other viewers, and without isolation. */
function viewerFlags(): string[] {
  const { TEST_VIEWER, TEST_PLAIN_HEADERS } = process.env;
  return [
    ...(TEST_VIEWER ? ['--viewer', TEST_VIEWER] : []),
    ...(TEST_PLAIN_HEADERS ? ['--plain-headers'] : []),
  ];
}

function printedUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const timer = setTimeout(() => reject(new Error(`No URL was printed: ${output}`)), START_UP);
    const listen = (chunk: Buffer) => {
      output += chunk.toString();
      const [, url] = /Few-shot SAM for OHIF: (http\S+)\//.exec(output) ?? [];
      if (!url) return;
      clearTimeout(timer);
      resolve(url);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('exit', code => reject(new Error(`npm start ended with ${code}: ${output}`)));
  });
}
