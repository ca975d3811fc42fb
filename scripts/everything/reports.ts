import type { FileResult } from './faultTable';

interface JestReport {
  testResults: { name: string; assertionResults: { status: string }[] }[];
}

interface Suite {
  file: string;
  specs?: { tests: { status: string }[] }[];
  suites?: Suite[];
}

interface PlaywrightReport {
  config: { rootDir: string };
  suites: Suite[];
}

const tally = (file: string, statuses: string[], passed: string[], skipped: string[]) => {
  const count = (wanted: string[]) => statuses.filter(status => wanted.includes(status)).length;
  return {
    file,
    passed: count(passed),
    skipped: count(skipped),
    failed: statuses.length - count(passed) - count(skipped),
  };
};

/** Reads the test counts per file from a report. @param report JSON report of Jest or Playwright */
export function fileResults(report: JestReport | PlaywrightReport): FileResult[] {
  if ('testResults' in report) {
    return report.testResults.map(({ name, assertionResults }) =>
      tally(
        name,
        // A file that could not run has no results: count it as failed.
        assertionResults.length ? assertionResults.map(({ status }) => status) : ['failed'],
        ['passed'],
        ['pending', 'skipped', 'todo'],
      ),
    );
  }
  return report.suites.map(suite =>
    tally(
      `${report.config.rootDir}/${suite.file}`,
      statusesOf(suite),
      ['expected', 'flaky'],
      ['skipped'],
    ),
  );
}

function statusesOf({ specs = [], suites = [] }: Suite): string[] {
  return [
    ...specs.flatMap(({ tests }) => tests.map(({ status }) => status)),
    ...suites.flatMap(statusesOf),
  ];
}
