/**
 * `npm run test:viewers`: the main walk, one and the same build, in each prebuilt viewer that is
 * promised to work, and in the pinned one without isolation. Prints a row of docs/viewers.md for each.
 *
 *   npm run test:viewers -- 3.11.1        only that version
 */
import { spawnSync } from 'node:child_process';
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

const only = process.argv.slice(2);
const today = new Date().toISOString().slice(0, 10);
let failures = 0;

for (const viewer of VIEWERS) {
  const version = viewer.name.split('@').at(-1)!;
  if (only.length > 0 && !only.includes(version)) continue;
  const folder = path.join(root, '.cache', 'viewers', version);
  await setUpViewer(folder, viewer);
  const plain = viewer === VIEWER ? [false, true] : [false];
  for (const plainHeaders of plain) {
    const start = Date.now();
    const { status } = spawnSync(
      process.execPath,
      [
        path.join(root, 'node_modules', '@playwright', 'test', 'cli.js'),
        ...['test', 'test/browser/walk.spec.ts'],
        ...(process.env.TEST_CONFIG ? ['-c', process.env.TEST_CONFIG] : []),
      ],
      {
        cwd: root,
        stdio: ['ignore', 'inherit', 'inherit'],
        env: {
          ...process.env,
          TEST_VIEWER: folder,
          TEST_PLAIN_HEADERS: plainHeaders ? '1' : '',
        },
      },
    );
    if (status !== 0) failures++;
    const minutes = ((Date.now() - start) / 60_000).toFixed(1);
    const threads = plainHeaders ? 'not isolated, 1 thread' : 'isolated';
    console.log(
      `| ${version} | ${threads} | ${status === 0 ? 'passed' : 'FAILED'} | ${minutes} min | ${today} |`,
    );
  }
}
process.exitCode = failures > 0 ? 1 : 0;
