/** Every link inside the documentation leads to a file that is there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = process.cwd();
const pages = [
  ...readdirSync(root).filter(name => name.endsWith('.md')),
  ...readdirSync(path.join(root, 'docs'))
    .filter(name => name.endsWith('.md'))
    .map(name => path.join('docs', name)),
  path.join('engine', 'README.md'),
];

/** Targets of `[text](target)` and of `code` that names a test or a file of ours. */
function targets(text: string): { links: string[]; files: string[] } {
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target);
  const files = [
    ...text.matchAll(/`((?:test|engine|dicom|cli|extensions|scripts|platform-config)\/[\w./-]+)`/g),
  ];
  return { links, files: files.map(([, file]) => file) };
}

it.each(pages)('%s', page => {
  const { links, files } = targets(readFileSync(path.join(root, page), 'utf8'));
  const inside = links
    .filter(link => !/^(https?:|mailto:|#)/.test(link))
    .map(link => path.join(root, path.dirname(page), link.split('#')[0]));
  const named = files.map(file => path.join(root, file));
  const missing = [...inside, ...named]
    .filter(file => !existsSync(file) && !file.includes(`${path.sep}dist`))
    .map(file => path.relative(root, file));
  expect(missing).toEqual([]);
});
