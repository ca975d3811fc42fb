import { readFileSync } from 'node:fs';
import { faultsOf, verdicts } from './faultTable';
import { fileResults } from './reports';

const PAGE = `# Faults

| Fault | Test |
| ----- | ---- |
| a | \`test/browser/a.spec.ts\` |
| b, c | \`b.test.ts\`, \`long/c.spec.ts\` |
| d | below |

| Other | Table |
| - | - |
| x | \`y.test.ts\` |
`;

const jestReport = {
  testResults: [
    { name: '/root/engine/b.test.ts', assertionResults: [{ status: 'passed' }] },
    { name: '/root/engine/not-b.test.ts', assertionResults: [] },
  ],
};
const playwrightReport = {
  config: { rootDir: '/root/test/browser' },
  suites: [
    {
      file: 'a.spec.ts',
      specs: [{ tests: [{ status: 'expected' }] }],
      suites: [{ file: 'a.spec.ts', specs: [{ tests: [{ status: 'skipped' }] }] }],
    },
  ],
};

test('the first table, and what its tests prove', () => {
  const faults = faultsOf(PAGE);
  expect(faults.map(({ fault }) => fault)).toEqual(['a', 'b, c', 'd']);
  const results = [...fileResults(jestReport), ...fileResults(playwrightReport)];
  expect(results[2]).toEqual({
    file: '/root/test/browser/a.spec.ts',
    passed: 1,
    failed: 0,
    skipped: 1,
  });
  expect(verdicts(faults, results).map(({ lacking }) => lacking)).toEqual([
    [],
    ['long/c.spec.ts was not run'],
    ['no test is named'],
  ]);
});

test.each([
  ['unexpected', 'test/browser/a.spec.ts failed'],
  ['skipped', 'test/browser/a.spec.ts was skipped'],
])('a test that is %s proves nothing', (status, why) => {
  const report = {
    config: { rootDir: '/root/test/browser' },
    suites: [{ file: 'a.spec.ts', specs: [{ tests: [{ status }] }] }],
  };
  expect(verdicts(faultsOf(PAGE), fileResults(report))[0].lacking).toEqual([why]);
});

test('a file that could not be run has failed', () => {
  expect(fileResults(jestReport)[1]).toMatchObject({ passed: 0, failed: 1 });
});

test('every fault of the documentation names a test', () => {
  const faults = faultsOf(readFileSync('docs/faults.md', 'utf8'));
  expect(faults.length).toBeGreaterThan(30);
  expect(faults.filter(({ files }) => files.length === 0)).toEqual([]);
});
