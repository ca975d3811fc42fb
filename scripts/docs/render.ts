import { Marked, type Tokens } from 'marked';
import path from 'node:path';
import { flowchart } from './flowchart';
import { placeOf } from './pages';
import { anchorOf, escape } from './text';

export interface Rendered {
  /** The first heading, as text. */
  title: string;
  html: string;
  /** Headings of the second level: anchor and text. */
  sections: { id: string; text: string }[];
  /** Files of the repository that the page shows or links to. */
  files: string[];
}

/**
 * Renders a page to HTML, with links to the targets' paths in the site.
 *
 * @param file path of the page in the repository, with slashes
 */
export function render(markdown: string, file: string): Rendered {
  const sections: Rendered['sections'] = [];
  const files = new Set<string>();
  const taken = new Map<string, number>();
  let title = '';

  const uniqueAnchor = (text: string) => {
    const anchor = anchorOf(text);
    const before = taken.get(anchor) ?? 0;
    taken.set(anchor, before + 1);
    return before ? `${anchor}-${before}` : anchor;
  };
  const inSite = (href: string) => {
    if (/^(https?:|mailto:|#)/.test(href)) return href;
    const [target, anchor] = href.split('#');
    const wanted = path.posix.join(path.posix.dirname(file), decodeURI(target));
    if (wanted.endsWith('/')) return sourceFolder(wanted);
    files.add(wanted);
    const place = path.posix.relative(path.posix.dirname(placeOf(file)), placeOf(wanted));
    return encodeURI(place) + (anchor ? `#${anchor}` : '');
  };
  /** Returns the link to a folder's page, which lists its files. */
  const sourceFolder = (folder: string) => {
    files.add(folder);
    const from = path.posix.dirname(placeOf(file));
    return encodeURI(path.posix.relative(from, `${folder}index.html`));
  };

  const marked = new Marked({
    renderer: {
      heading({ tokens, depth, text }: Tokens.Heading) {
        const inner = this.parser.parseInline(tokens);
        const plain = text.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', '');
        const id = uniqueAnchor(plain);
        if (depth === 1 && !title) title = plain;
        if (depth === 2) sections.push({ id, text: plain });
        return `<h${depth} id="${escape(id)}">${inner}</h${depth}>\n`;
      },
      link({ href, tokens }: Tokens.Link) {
        const isOutside = /^https?:/.test(href);
        const rel = isOutside ? ' rel="noreferrer"' : '';
        return `<a href="${escape(inSite(href))}"${rel}>${this.parser.parseInline(tokens)}</a>`;
      },
      image({ href, text }: Tokens.Image) {
        return `<img src="${escape(inSite(href))}" alt="${escape(text)}" loading="lazy">`;
      },
      code({ text, lang }: Tokens.Code) {
        return lang === 'mermaid'
          ? flowchart(text)
          : `<pre tabindex="0"><code>${escape(text)}</code></pre>\n`;
      },
      // Escape raw HTML, which could load anything.
      html({ text }: Tokens.HTML | Tokens.Tag) {
        return escape(text);
      },
    },
    hooks: {
      postprocess: html =>
        html
          .replaceAll('<table>', '<div class="table" tabindex="0"><table>')
          .replaceAll('</table>', '</table></div>'),
    },
  });
  const html = marked.parse(markdown, { async: false });
  return { title, html, sections, files: [...files] };
}
