import tseslint from 'typescript-eslint';
import reactHooks from 'eslint-plugin-react-hooks';

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
    [...VIEWER, 'dcmjs', 'fewshot-sam-dicom/*'],
    'The engine knows no viewer, no React and no DICOM tags.',
  ),
  // The command reads and writes DICOM files; later rules of the same name replace earlier ones.
  forbid(['engine/src/cli/**'], [...VIEWER, 'dcmjs'], 'The command knows no viewer and no React.'),
  forbid(
    ['dicom-seg/**'],
    [
      ...VIEWER,
      '**/engine/**',
      'fewshot-sam/*',
      '!fewshot-sam/errors',
      '!fewshot-sam/geometry',
      'fewshot-sam/geometry/*',
      '!fewshot-sam/geometry/seriesGeometry',
    ],
    'DICOM SEG is pure: of the engine it knows errors and series geometry alone.',
  ),
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
