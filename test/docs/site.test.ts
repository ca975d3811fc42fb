/** The documentation site: every link and picture of every page is there, nothing comes from elsewhere. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { JSDOM } from 'jsdom';
import { flowchart } from '../../scripts/docs/flowchart';
import { CHAPTERS, PAGES, placeOf } from '../../scripts/docs/pages';
import { anchorOf, escape } from '../../scripts/docs/text';

let folder: string;
let pages: string[];
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'fewshot-site-'));
  execFileSync(process.execPath, ['--import', 'tsx', 'scripts/docs.ts', folder]);
  pages = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name =>
    name.endsWith('.html'),
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

const documents = new Map<string, Document>();
function open(page: string): Document {
  const read = () => new JSDOM(readFileSync(path.join(folder, page), 'utf8')).window.document;
  if (!documents.has(page)) documents.set(page, read());
  return documents.get(page)!;
}

test('every page of the documentation is in it, once', () => {
  const written = [
    ...readdirSync('.').filter(name => name.endsWith('.md')),
    ...readdirSync('docs')
      .filter(name => name.endsWith('.md'))
      .map(name => `docs/${name}`),
  ];
  expect(written.filter(page => !PAGES.includes(page))).toEqual([]);
  expect(new Set(PAGES).size).toBe(PAGES.length);
  expect(PAGES.map(placeOf).filter(place => !pages.includes(path.normalize(place)))).toEqual([]);
});

test('links lead to files and anchors that are there', () => {
  const broken: string[] = [];
  const checked = new Set<string>();
  for (const page of pages) {
    for (const element of open(page).querySelectorAll('[href], [src]')) {
      const target = element.getAttribute('href') ?? element.getAttribute('src')!;
      if (/^(https?:|mailto:|data:)/.test(target)) continue;
      // The navigation is the same on every page of a folder.
      const key = target.startsWith('#') ? page + target : `${path.dirname(page)} ${target}`;
      if (checked.has(key)) continue;
      checked.add(key);
      const [name, anchor] = target.split('#');
      const place = name
        ? path.join(path.dirname(page), decodeURI(name))
        : /* on the page itself */ page;
      const file = path.join(folder, place);
      const isThere = existsSync(file) && statSync(file).isFile();
      if (!isThere || (anchor && !open(place).getElementById(decodeURIComponent(anchor)))) {
        broken.push(`${page}: ${target}`);
      }
    }
  }
  expect(broken).toEqual([]);
  expect(checked.size).toBeGreaterThan(500);
});

test('nothing is loaded from elsewhere, and nothing runs', () => {
  const loading = 'script, iframe, object, embed, link, img, source, video, audio, [style]';
  for (const page of pages) {
    for (const element of open(page).querySelectorAll(loading)) {
      const url = element.getAttribute('src') ?? element.getAttribute('href') ?? 'inline';
      const isOurs = url === 'data:,' || /^[\w./-]+\.(css|png|jpg|svg)$/.test(url);
      expect([page, element.tagName, url, isOurs]).toEqual([page, element.tagName, url, true]);
    }
  }
  expect(readFileSync(path.join(folder, 'style.css'), 'utf8')).not.toMatch(/url\(|@import/);
});

test('a page knows where it is, and every other page is one click away', () => {
  const chapters = CHAPTERS.flatMap(chapter => chapter.pages).length;
  for (const page of PAGES) {
    const { body, title } = open(path.normalize(placeOf(page))).defaultView!.document;
    expect(title).toContain('Few-shot SAM for OHIF');
    const own = body.querySelectorAll('aside a[aria-current="page"]');
    expect([page, own.length]).toEqual([page, 1]);
    const others = body.querySelectorAll('aside a:not([aria-current]):not([href^="#"])');
    expect([page, others.length]).toEqual([page, chapters - 1]);
  }
});

test('anchors are those of GitHub, text is no HTML', () => {
  expect(anchorOf('What, then? (a/b) – `c_d`')).toBe('what-then-ab--c_d');
  expect(escape('<a href="x">&</a>')).toBe('&lt;a href=&quot;x&quot;&gt;&amp;&lt;/a&gt;');
});

test('a flow chart is told in words', () => {
  const html = flowchart(
    'flowchart TD\n a["A<br/>first"] -. loads .-> b\n subgraph g ["G"]\n b --> c["C"]\n end',
  );
  expect(html).toBe(
    '<ul><li><code>A</code> first → <code>b</code> (loads)</li></ul>\n' +
      '<p>G:</p>\n<ul><li><code>b</code> → <code>C</code></li></ul>',
  );
  expect(() => flowchart('flowchart TD\n a ==> b')).toThrow('a ==> b');
});
