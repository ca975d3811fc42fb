/**
 * The folders of our packages, from the ground up. Files import from floors below their own and from their
 * own folder, never from above and never from another folder of the same floor. ESLint refuses all other
 * imports (eslint.config.mjs), and `npm run graph` prints the existing ones. Tests may import anything.
 */
export const PACKAGES = [
  {
    name: 'fewshot-sam',
    source: 'engine/src',
    entries: ['index', 'compute', 'contours', 'tensorflow', 'node'],
    floors: [
      ['numeric', 'platform'],
      ['geometry'],
      ['program', 'image', 'contour'],
      ['sam', 'measure'],
      ['cache'],
      ['job'],
      ['context', 'finetune'],
      ['head'],
      ['methods', 'runtime'],
    ],
  },
  {
    name: 'fewshot-sam-dicom',
    source: 'dicom/src',
    entries: ['index', 'seg', 'rtstruct', 'report', 'node'],
    floors: [['data', 'archive'], ['series'], ['seg'], ['structureSet', 'report']],
  },
  {
    name: 'fewshot-sam-cli',
    source: 'cli/src',
    entries: [],
    floors: [
      ['files'],
      ['metrics', 'nifti', 'baselines'],
      ['nrrd', 'metaImage', 'images'],
      ['volume', 'methods'],
      ['bench', 'doctor'],
      ['commands'],
      ['cohort'],
    ],
  },
];

/** Returns the folders of a package that files of one of its folders may not import. */
export function notBelow({ floors }, folder) {
  const own = floors.findIndex(floor => floor.includes(folder));
  return floors
    .slice(own)
    .flat()
    .filter(other => other !== folder);
}

/** Returns the names of the packages that files of a package may import: those before it. */
export function packagesBelow({ name }) {
  return PACKAGES.slice(
    0,
    PACKAGES.findIndex(other => other.name === name),
  ).map(other => other.name);
}
