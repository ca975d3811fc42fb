/**
 * Bundles the gallery into .cache/gallery/: one page that shows the panel in each of its states,
 * with real slices. `node --import tsx test/gallery/build.ts`, then open index.html in a browser.
 */
import { build } from 'esbuild';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brainSeries } from './brainSeries';

const here = path.dirname(fileURLToPath(import.meta.url));

/** @returns the page's file */
export async function buildGallery(
  target = path.resolve(here, '../../.cache/gallery'),
): Promise<string> {
  await mkdir(target, { recursive: true });
  await writeFile(
    path.join(target, 'series.js'),
    `window.brainSeries = ${JSON.stringify(await brainSeries())};`,
  );
  await build({
    entryPoints: [path.join(here, 'gallery.tsx')],
    outfile: path.join(target, 'gallery.js'),
    bundle: true,
    // No module script: a page that is opened as a file may not load one.
    format: 'iife',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'warning',
  });
  await copyFile(path.join(here, 'index.html'), path.join(target, 'index.html'));
  return path.join(target, 'index.html');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await buildGallery());
