import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { layOut, STYLE } from './layout';
import { PAGES, placeOf } from './pages';
import { render } from './render';
import { escape } from './text';

/**
 * Writes the documentation as a folder of HTML, to view with or without a web server.
 *
 * @param root of the repository
 * @param folder to write to; existing files are overwritten
 * @returns the number of pages, and of other files that they link to
 */
export async function buildSite(
  root: string,
  folder: string,
): Promise<{ pages: number; files: number }> {
  const rendered = await Promise.all(
    PAGES.map(async file => ({
      file,
      ...render(await readFile(path.join(root, file), 'utf8'), file),
    })),
  );
  const titles = new Map(rendered.map(({ file, title }) => [file, title]));
  const write = async (place: string, text: string) => {
    await mkdir(path.join(folder, path.dirname(place)), { recursive: true });
    await writeFile(path.join(folder, place), text);
  };
  for (const page of rendered) await write(placeOf(page.file), layOut(page, titles));

  const linked = new Set(rendered.flatMap(page => page.files));
  const others = [...linked].filter(file => !titles.has(file));
  for (const file of others) {
    if (file.endsWith('/')) {
      const html = listing(file, await readdir(path.join(root, file)), others);
      const page = { file: `${file}index.md`, title: file, html, sections: [] };
      await write(`${file}index.html`, layOut(page, titles));
    } else if (placeOf(file) === file) {
      await mkdir(path.join(folder, path.dirname(file)), { recursive: true });
      await copyFile(path.join(root, file), path.join(folder, file));
    } else {
      const html = `<h1>${escape(file)}</h1>\n<pre tabindex="0"><code>${escape(await readFile(path.join(root, file), 'utf8'))}</code></pre>`;
      await write(placeOf(file), layOut({ file, title: file, html, sections: [] }, titles));
    }
  }
  await copyFile(path.join(root, 'scripts', 'docs', STYLE), path.join(folder, STYLE));
  return { pages: rendered.length, files: others.length };
}

/** Returns a list of a folder's files; those with a page of their own are links. */
function listing(folder: string, names: string[], files: string[]): string {
  const items = names
    .map(name =>
      files.includes(folder + name)
        ? `<li><a href="${path.posix.basename(placeOf(folder + name))}"><code>${escape(name)}</code></a></li>`
        : `<li><code>${escape(name)}</code></li>`,
    )
    .join('\n');
  return `<h1>${escape(folder)}</h1>\n<ul>${items}</ul>`;
}
