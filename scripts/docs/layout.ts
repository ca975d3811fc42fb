import path from 'node:path';
import { CHAPTERS, placeOf, shortTitle } from './pages';
import { escape } from './text';

export const STYLE = 'style.css';

interface Page {
  /** Path in the repository. */
  file: string;
  title: string;
  html: string;
  sections: { id: string; text: string }[];
}

/**
 * Returns a complete HTML page without scripts: navigation, with the sections of this page under its entry,
 * and text.
 *
 * @param titles of every page, by its path in the repository
 */
export function layOut({ file, title, html, sections }: Page, titles: Map<string, string>): string {
  const from = path.posix.dirname(placeOf(file));
  const to = (place: string) => encodeURI(path.posix.relative(from, place));
  const entry = (page: string) => {
    const name = escape(shortTitle(page, titles.get(page) ?? page));
    if (page !== file) return `<li><a href="${to(placeOf(page))}">${name}</a></li>`;
    const inside = sections
      .map(({ id, text }) => `<li><a href="#${escape(id)}">${escape(text)}</a></li>`)
      .join('');
    return `<li><a href="${to(placeOf(page))}" aria-current="page">${name}</a>${inside && `<ul>${inside}</ul>`}</li>`;
  };
  const chapters = CHAPTERS.map(
    ({ title: chapter, pages }) =>
      `<h2>${escape(chapter)}</h2>\n<ul>${pages.map(entry).join('\n')}</ul>`,
  ).join('\n');
  const navigation = `<nav aria-label="Pages">\n${chapters}\n</nav>`;
  const name = 'Few-shot SAM for OHIF';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${escape(title === name ? name : `${title} · ${name}`)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${to(STYLE)}">
</head>
<body>
<a class="skip" href="#text">To the text</a>
<details class="menu"><summary>Pages</summary>
${navigation}
</details>
<aside>
${navigation.replace('aria-label="Pages"', 'aria-label="All pages"')}
</aside>
<main id="text">
${html}
</main>
</body>
</html>
`;
}
