import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describeBundles } from './bundleSizes';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bundle-sizes-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (sizes: Record<string, number>) =>
  Object.entries(sizes).forEach(([name, size]) =>
    writeFileSync(path.join(folder, name), new Uint8Array(size)),
  );

it('lists each bundle, and what a viewer loads at its start', async () => {
  write({ 'extension.js': 299_000, 'mode.js': 1000, 'worker.js': 900_000, 'worker.js.map': 5 });
  expect((await describeBundles(folder)).split('\n').map(line => line.trim())).toEqual([
    '299 kB  extension.js',
    '1 kB  mode.js',
    '900 kB  worker.js',
    '300 kB  first load (at most 300 kB)',
  ]);
});

it('fails when the viewer would load more at its start', async () => {
  write({ 'extension.js': 299_001, 'mode.js': 1000 });
  await expect(describeBundles(folder)).rejects.toThrow(
    /first load .* is 301 kB, more than 300 kB/,
  );
});
