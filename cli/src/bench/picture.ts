import type { CaseName } from './benchRow';
import type { Results } from './summary';

const WIDTH = 900;
const PLOT = { left: 210, right: 876 };
const ROW = 26;
const HEADING = 34;
const MARKS_PER_LINE = 4;

/** Vertical distance between the marks of one row, so that equal values do not hide each other. */
const MARK_STEP = 2;

interface MarkStyle {
  /** SVG path around (0, 0), about 10 wide. Both shape and color distinguish methods. */
  path: string;
  light: string;
  dark: string;
}

const SQUARE = 'M-4-4h8v8h-8z';
const CROSS = 'M-5-3l2-2 3 3 3-3 2 2-3 3 3 3-2 2-3-3-3 3-2-2 3-3z';
const STYLES: Record<string, MarkStyle> = {
  context: {
    path: 'M-5.5 0a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0-11 0z',
    light: '#0067a5',
    dark: '#58b4ff',
  },
  'context-fast': {
    path: 'M-5.5 0a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0-11 0zM-3 0a3 3 0 1 1 6 0a3 3 0 1 1-6 0z',
    light: '#0067a5',
    dark: '#58b4ff',
  },
  'paper-context': { path: 'M-4-4h8v8h-8zM-1.5-1.5v3h3v-3z', light: '#c24d00', dark: '#ff8b3d' },
  paper: { path: SQUARE, light: '#c24d00', dark: '#ff8b3d' },
  interpolate: { path: 'M0-5.5 5.2 4-5.2 4z', light: '#00795a', dark: '#2fd1a5' },
  nearest: { path: 'M0 5.5 5.2-4-5.2-4z', light: '#6e7781', dark: '#9aa4af' },
  prototype: { path: 'M0-5.5 5.5 0 0 5.5-5.5 0z', light: '#a0447c', dark: '#f28bc6' },
  linear: { path: CROSS, light: '#9a6700', dark: '#e8b339' },
  'sam-point': {
    path: 'M-1.5-5h3v3.5H5v3H1.5V5h-3V1.5H-5v-3h3.5z',
    light: '#7a4fd0',
    dark: '#b79cff',
  },
  'sam-box': { path: 'M-5-5H5V5H-5zM-2.5-2.5v5h5v-5z', light: '#7a4fd0', dark: '#b79cff' },
};
const OTHER: MarkStyle = { path: SQUARE, light: '#6e7781', dark: '#9aa4af' };

const TITLES: Record<CaseName['kind'], string> = {
  within: 'Within one study: labeled slices and test slices of one volume',
  across: 'Across studies: learned on one study, tested on another',
};

/**
 * Draws the IoU of every method on every case, with one line per case. Legible on light and dark pages: it
 * has its own background and follows the reader's color scheme.
 *
 * @param caption machine and date
 * @returns an SVG document
 */
export function accuracyPicture(results: Results, caption: string): string {
  const parts: string[] = [];
  let y = 40;
  y = legend(results.methods, y, parts);
  for (const kind of ['within', 'across'] as const) {
    const cases = results.ofKind(kind);
    if (cases.length > 0) y = panel(results, kind, cases, y, parts);
  }
  const height = y + 34;
  parts.push(text(24, height - 14, caption, 'small'));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="IoU of ${escape(results.methods.join(', '))} on ${results.cases.length} cases">`,
    `<style>${styleSheet(results.methods)}</style>`,
    `<rect class="page" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="8"/>`,
    text(
      24,
      26,
      'Intersection over union on all test slices (1 is perfect; hollow: failed)',
      'title',
    ),
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function legend(methods: readonly string[], top: number, parts: string[]): number {
  methods.forEach((method, i) => {
    const x = 34 + (i % MARKS_PER_LINE) * 160;
    const y = top + 10 + Math.floor(i / MARKS_PER_LINE) * 22;
    parts.push(mark(method, i, x, y), text(x + 12, y + 4, method));
  });
  return top + Math.ceil(methods.length / MARKS_PER_LINE) * 22;
}

function panel(
  results: Results,
  kind: CaseName['kind'],
  cases: readonly CaseName[],
  top: number,
  parts: string[],
): number {
  const bottom = top + HEADING + (cases.length + 1) * ROW;
  parts.push(text(24, top + 22, TITLES[kind], 'title'));
  for (let tenth = 0; tenth <= 10; tenth += 2) {
    const x = position(tenth / 10).toFixed(1);
    parts.push(`<path class="grid" d="M${x} ${top + HEADING}V${bottom}"/>`);
    parts.push(text(Number(x), bottom + 15, (tenth / 10).toFixed(1), 'small middle'));
  }
  [...cases, null].forEach((one, i) => {
    const y = top + HEADING + (i + 0.5) * ROW;
    const isMean = one === null;
    if (isMean) {
      parts.push(
        `<rect class="mean" x="16" y="${y - ROW / 2}" width="${WIDTH - 32}" height="${ROW}" rx="4"/>`,
      );
    }
    parts.push(`<path class="grid" d="M${PLOT.left} ${y}H${PLOT.right}"/>`);
    parts.push(text(PLOT.left - 12, y + 4, one?.id ?? 'mean', isMean ? 'end bold' : 'end'));
    // Draw the first method, the one in question, last, so that it lies on top.
    results.methods
      .map((method, m) => {
        const iou = one ? results.iou(one.id, method) : results.mean(method, kind)?.mean;
        if (typeof iou !== 'number') return '';
        const hasFailed = one !== null && results.row(one.id, method)?.error !== undefined;
        const offset = (m - (results.methods.length - 1) / 2) * MARK_STEP;
        const title = `${one?.id ?? 'mean'}, ${method}: ${hasFailed ? 'failed' : iou.toFixed(4)}`;
        return mark(method, m, position(iou), y + offset, title, hasFailed);
      })
      .reverse()
      .filter(Boolean)
      .forEach(drawn => parts.push(drawn));
  });
  return bottom + 22;
}

function position(iou: number): number {
  return PLOT.left + iou * (PLOT.right - PLOT.left);
}

function mark(
  method: string,
  index: number,
  x: number,
  y: number,
  title?: string,
  isHollow = false,
): string {
  const { path } = STYLES[method] ?? OTHER;
  const inside = title === undefined ? '' : `<title>${escape(title)}</title>`;
  const names = `mark m${index}${isHollow ? ' hollow' : ''}`;
  return `<path class="${names}" transform="translate(${x.toFixed(1)} ${y.toFixed(1)})" d="${path}">${inside}</path>`;
}

function text(x: number, y: number, content: string, names = ''): string {
  const attribute = names ? ` class="${names}"` : '';
  return `<text x="${x}" y="${y}"${attribute}>${escape(content)}</text>`;
}

function styleSheet(methods: readonly string[]): string {
  const colors = (scheme: 'light' | 'dark') =>
    methods
      .map((method, i) => {
        const color = (STYLES[method] ?? OTHER)[scheme];
        return `.m${i}{fill:${color}}.hollow.m${i}{fill:none;stroke:${color}}`;
      })
      .join('');
  return [
    'text{font:13px -apple-system,"Segoe UI",Helvetica,Arial,sans-serif;fill:#1f2328}',
    '.title,.bold{font-weight:600}.small{font-size:11px;fill:#59636e}',
    '.end{text-anchor:end}.middle{text-anchor:middle}',
    '.page{fill:#fff;stroke:#d1d9e0}.mean{fill:#eff2f5}.grid{stroke:#d1d9e0}',
    '.mark{fill-rule:evenodd;stroke:#fff;stroke-width:.8}.hollow{stroke-width:1.6}',
    colors('light'),
    '@media (prefers-color-scheme:dark){text{fill:#f0f6fc}.small{fill:#9198a1}',
    '.page{fill:#0d1117;stroke:#3d444d}.mean{fill:#1c232c}.grid{stroke:#30363d}.mark{stroke:#0d1117}',
    `${colors('dark')}}`,
  ].join('');
}

function escape(content: string): string {
  return content
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
