import tseslint from 'typescript-eslint';
import reactHooks from 'eslint-plugin-react-hooks';
import { notBelow, PACKAGES, packagesBelow } from './scripts/floors.js';

/** Arrows only go down: panel -> session -> worker -> engine; viewer and dicom serve session. */
const forbid = (files, group, message) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: [{ group, message }] }] },
});

const VIEWER = [
  'react',
  'react-dom',
  '@ohif/*',
  '@cornerstonejs/*',
  '**/extensions/**',
  '**/modes/**',
];

/** Inside our packages imports go down the floors, too. Later rules of one name replace earlier ones. */
function floorRules(pack) {
  const { name, source, entries, floors } = pack;
  const below = packagesBelow(pack);
  const others = PACKAGES.map(other => other.name).filter(other => !below.includes(other));
  const isEngine = name === 'fewshot-sam';
  return floors.flat().map(folder => ({
    files: [`${source}/${folder}/**`],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: isEngine ? [...VIEWER, 'dcmjs', 'dicom-parser'] : VIEWER,
              message: `${source} knows no viewer and no React; the engine no DICOM tags.`,
            },
            {
              regex: `^(${others.join('|')})(/|$)`,
              message: `${source} imports from packages below it alone (scripts/floors.js); its own files by their relative path.`,
            },
            {
              regex: `^(\\.\\./)+(${[...entries, ...notBelow(pack, folder).map(other => `${other}/.*`)].join('|') || 'index'})$`,
              message: `${source}/${folder} imports from floors below it alone (scripts/floors.js).`,
            },
          ],
        },
      ],
    },
  }));
}

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.cache/**', 'test/bench/results/**'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: {
      globals: { module: 'readonly', process: 'readonly', console: 'readonly', URL: 'readonly' },
    },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  forbid(
    ['engine/**'],
    [...VIEWER, 'dcmjs', 'dicom-parser'],
    'The engine knows no viewer, no React and no DICOM tags.',
  ),
  forbid(['dicom/**', 'cli/**'], VIEWER, 'Only the extension and the mode know viewer and React.'),
  ...PACKAGES.flatMap(floorRules),
  {
    // What the viewer loads at its start stays small: a worker computes, and loadDicomSeg.ts loads dcmjs.
    files: ['extensions/**', 'modes/**'],
    ignores: ['**/*.test.{ts,tsx}', '**/src/worker/**', '**/src/dicom/dicomSeg.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['fewshot-sam/*', 'fewshot-sam-dicom/*'],
              allowTypeImports: true,
              message: 'Only the worker computes, and only dicomSeg.ts loads dcmjs.',
            },
          ],
        },
      ],
    },
  },
  forbid(
    ['extensions/fewshot-sam/src/worker/**'],
    [
      'react',
      '@ohif/*',
      '@cornerstonejs/*',
      '**/panel/*',
      '**/session/*',
      '**/viewer/*',
      '**/host/*',
    ],
    'The worker is a thin shell around the engine.',
  ),
  forbid(
    ['extensions/fewshot-sam/src/{viewer,dicom,host}/**'],
    ['react', '**/panel/*', '**/session/*', '**/worker/*'],
    'viewer, dicom and host serve the session; they do not know it.',
  ),
  forbid(
    ['extensions/fewshot-sam/src/session/**'],
    ['react', '**/panel/*', '**/tasks/*'],
    'The session does not know who displays it, or what is built on it.',
  ),
  forbid(
    ['extensions/fewshot-sam/src/tasks/**'],
    ['react', '**/panel/*'],
    'Tasks do not know who displays them.',
  ),
);
