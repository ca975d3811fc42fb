/**
 * `npm run test:viewers`: the main walk in short, one and the same build, in each prebuilt viewer that is
 * promised to work, and in the pinned one without isolation; segmentations of matrices that viewers
 * stumble over, in each; then the panel in hosts that are built
 * with React 19. Prints a row of docs/viewers.md for each.
 *
 *   npm run test:viewers -- 3.11.1        only that version
 *   npm run test:viewers -- 3.13.2 plain  only without isolation
 *   npm run test:viewers -- react         only the hosts with React 19
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setUpViewer, VIEWER, type ViewerPackage } from '../scripts/setup/viewer';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

const VIEWERS: ViewerPackage[] = [
  {
    name: '@ohif/app@3.11.1',
    integrity:
      'sha512-0lJRyHguGuIR06PxeJ3rqnPWf1OAqsaXGuqT2kl5HkNjIOxBDnRTTMvyHnkn3ZyjcHlsIhY8gf0h7AhVORqsSQ==',
  },
  {
    name: '@ohif/app@3.12.10',
    integrity:
      'sha512-0kuF66Mq9c9dMD++bUsTjMrJpXJwaZhz9B4uS244DawAjSkTwIYFU93pxPuRUQixaRi7QAHlF3Fe1qudBlZrmA==',
  },
  VIEWER,
  {
    name: '@ohif/app@3.14.0-beta.6',
    integrity:
      'sha512-QwA0talqhh4VlUR+QgT2t8FP7NpX++4s6Z9Cp5VIcta3JMd2zGBPTp/R9t7JaX0Xi1AHAZAJxTv502R+SawaBg==',
  },
];

/** The React that OHIF moves to. */
const REACT = ['react@19.2.0', 'react-dom@19.2.0'];

const only = process.argv.slice(2);
const isWanted = (name: string) => only.length === 0 || only.includes(name);
const today = new Date().toISOString().slice(0, 10);
let failures = 0;

/** Runs a spec, and prints its row. */
function run(spec: string, [what, how]: string[], env: Record<string, string>): void {
  const start = Date.now();
  const { status } = spawnSync(
    process.execPath,
    [
      path.join(root, 'node_modules', '@playwright', 'test', 'cli.js'),
      ...['test', spec],
      ...(process.env.TEST_CONFIG ? ['-c', process.env.TEST_CONFIG] : []),
    ],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } },
  );
  if (status !== 0) failures++;
  const minutes = ((Date.now() - start) / 60_000).toFixed(1);
  const outcome = status === 0 ? 'passed' : 'FAILED';
  console.log(`| ${what} | ${how} | ${outcome} | ${minutes} min | ${today} |`);
}

for (const viewer of VIEWERS) {
  const version = viewer.name.split('@').at(-1)!;
  if (!isWanted(version)) continue;
  const folder = path.join(root, '.cache', 'viewers', version);
  await setUpViewer(folder, viewer);
  const walk = (how: string, plainHeaders: string) =>
    run('test/browser/viewerWalk.spec.ts', [version, how], {
      TEST_VIEWER: folder,
      TEST_PLAIN_HEADERS: plainHeaders,
    });
  if (!only.includes('plain')) {
    walk('isolated', '');
    run('test/browser/segMatrices.spec.ts', [version, 'odd matrices'], { TEST_VIEWER: folder });
  }
  if (viewer === VIEWER) walk('not isolated, 1 thread', '1');
}

if (isWanted('react')) {
  const folder = path.join(root, '.cache', 'viewers', 'react-19');
  mkdirSync(folder, { recursive: true });
  // Of its own, so that npm does not look for ours.
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
  const { status } = spawnSync('npm', ['install', '--ignore-scripts', '--no-audit', ...REACT], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`npm could not install ${REACT.join(' ')}.`);
  run('test/browser/sourceHost.spec.ts', ['built from source', 'React 19'], { TEST_REACT: folder });
}
process.exitCode = failures > 0 ? 1 : 0;
