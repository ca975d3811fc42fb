/** A row of docs/faults.md: a fault, and the files of tests that prove that it is survived. */
export interface Fault {
  fault: string;
  files: string[];
}

/** Tests of one file, as a runner counted them. */
export interface FileResult {
  /** Path, of which the end is compared. */
  file: string;
  passed: number;
  failed: number;
  skipped: number;
}

const TEST_FILE = /`([\w./-]+\.(?:test|spec)\.tsx?)`/g;

/** @param markdown of the page; its first table is that of the faults */
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
  /** What keeps the fault from being proven; empty: it is survived. */
  lacking: string[];
}

/**
 * Whether each fault is survived: every file of its row was run, nothing in it failed, and not all of it
 * was skipped.
 */
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
