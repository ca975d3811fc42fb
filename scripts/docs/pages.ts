/** Pages of the documentation site, in the order of its navigation, by path in the repository. */
export const CHAPTERS: { title: string; pages: string[] }[] = [
  { title: 'Start', pages: ['README.md', 'docs/install.md', 'docs/README.md'] },
  {
    title: 'Use',
    pages: [
      'docs/guide.md',
      'docs/inputs.md',
      'docs/tasks.md',
      'docs/cohorts.md',
      'docs/contours.md',
      'docs/images.md',
      'docs/storing.md',
      'docs/measurements.md',
      'docs/troubleshooting.md',
      'docs/risks.md',
      'docs/comparison.md',
    ],
  },
  {
    title: 'Run',
    pages: [
      'docs/security.md',
      'docs/viewers.md',
      'docs/faults.md',
      'docs/conformance.md',
      'docs/geometry.md',
    ],
  },
  {
    title: 'Develop',
    pages: [
      'docs/contributing.md',
      'docs/architecture.md',
      'docs/encoders.md',
      'docs/dependencies.md',
      'engine/README.md',
      'CONTRIBUTING.md',
      'CHANGELOG.md',
    ],
  },
  {
    title: 'Measured',
    pages: [
      'docs/accuracy.md',
      'test/bench/results/accuracy.md',
      'test/bench/results/ablation.md',
      'test/bench/results/refine.md',
      'test/bench/results/images.md',
    ],
  },
];

/** Navigation titles of pages whose first heading is unclear there. */
const SHORT: Record<string, string> = {
  'README.md': 'Overview',
  'docs/README.md': 'All pages',
  'engine/README.md': 'Engine and command line',
};

export const PAGES = CHAPTERS.flatMap(({ pages }) => pages);

export function shortTitle(page: string, heading: string): string {
  return SHORT[page] ?? heading;
}

/** Returns the path of a page, a picture or a source file in the site. */
export function placeOf(file: string): string {
  if (file === 'README.md') return 'index.html';
  if (file.endsWith('.md')) return file.replace(/\.md$/, '.html');
  return /\.(png|jpg|svg)$/.test(file) ? file : `${file}.html`;
}
