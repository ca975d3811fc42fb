/**
 * `npm run docs [-- FOLDER]`: builds the documentation as a static, self-contained site, in dist/site/ by
 * default.
 */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSite } from './docs/buildSite';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const folder = path.resolve(process.argv[2] ?? path.join(root, 'dist', 'site'));
await rm(folder, { recursive: true, force: true });
const { pages, files } = await buildSite(root, folder);
console.log(
  `${pages} pages, and ${files} files that they name: ${path.join(folder, 'index.html')}`,
);
