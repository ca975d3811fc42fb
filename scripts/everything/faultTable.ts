/** A row of docs/faults.md: a fault, and the test files that prove recovery from it. */
export interface Fault {
  fault: string;
  files: string[];
}

/** Test counts of one file. */
export interface FileResult {
  /** Path; its end is compared. */
  file: string;
  passed: number;
  failed: number;
  skipped: number;
}

const TEST_FILE = /`([\w./-]+\.(?:test|spec)\.tsx?)`/g;

/** Reads the faults from the page. @param markdown of the page; its first table lists the faults */
export function faultsOf(markdown: string): Fault[] {
  const [table] = /(?:^\|.*\n)+/m.exec(markdown) ?? [''];
  return table
    .trim()
    .split('\n')
    .slice(2)
    .map(row => {
      const [, fault, tests] = row.split('|').map(cell => cell.trim());
      return { fault, files: [...tests.matchAll(TEST_FILE)].map(([, file]) => file) };
    });
}

export interface Verdict extends Fault {
  /** Missing proofs; empty if recovery is proven. */
  lacking: string[];
}

/** Checks for each fault that every file of its row ran, without failures and not entirely skipped. */
export function verdicts(faults: Fault[], results: FileResult[]): Verdict[] {
  return faults.map(({ fault, files }) => {
    const lacking = files.flatMap(file => {
      const found = results.filter(result => `/${result.file}`.endsWith(`/${file}`));
      if (found.length === 0) return [`${file} was not run`];
      if (found.some(result => result.failed > 0)) return [`${file} failed`];
      return found.some(result => result.passed > 0) ? [] : [`${file} was skipped`];
    });
    return { fault, files, lacking: files.length ? lacking : ['no test is named'] };
  });
}
