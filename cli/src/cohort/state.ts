import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { FewshotError } from 'fewshot-sam';
import type { Database } from 'libsql';
import { type CohortRow, type CohortSpec, type CohortStudy, emptyRow } from './rows';

/** File of the state in the cohort's folder. */
const FILE = 'cohort.sqlite';
/** Raise it when the tables change. */
const SCHEMA = 1;

/** A study that waits. */
export interface WaitingStudy extends CohortStudy {
  /** How often it has been started, this time included. */
  attempts: number;
}

export type StudyCounts = Record<'waiting' | 'done' | 'cancelled', number>;

/** Which studies a cohort has, and what became of them: one SQLite file in the cohort's folder. */
export class CohortState {
  private constructor(private readonly db: Database) {}

  /**
   * Opens the state in a folder.
   *
   * @param spec makes the state if there is none; must be that of the state otherwise
   * @throws FewshotError `bad-input` when there is none, or it belongs to another cohort
   */
  static async open(out: string, spec?: CohortSpec): Promise<CohortState> {
    const file = path.join(out, FILE);
    if (!spec && !existsSync(file)) {
      throw new FewshotError(
        'bad-input',
        `--out ${out} holds no cohort.`,
        'Give the --out folder of `fewshot-sam cohort apply`.',
      );
    }
    let state: CohortState;
    try {
      if (spec) mkdirSync(out, { recursive: true });
      const { default: Sqlite } = await import('libsql');
      state = new CohortState(new Sqlite(file));
      state.prepare();
    } catch (error) {
      if (error instanceof FewshotError) throw error;
      throw new FewshotError(
        'bad-input',
        `The cohort's state ${file} cannot be used: ${(error as Error).message}.`,
        'Give a writable --out, on a disk of this machine.',
        { cause: error },
      );
    }
    if (spec) state.begin(spec, out);
    return state;
  }

  private prepare(): void {
    // Another command may be writing, e.g. `cohort cancel`.
    this.db.exec('PRAGMA busy_timeout = 10000');
    this.db.exec(`
      CREATE TABLE IF NOT EXISTS cohort (key TEXT PRIMARY KEY, value TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS study (
        uid TEXT PRIMARY KEY, date TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'waiting',
        attempts INTEGER NOT NULL DEFAULT 0, due INTEGER NOT NULL DEFAULT 0);
      CREATE INDEX IF NOT EXISTS study_state ON study (state, due);
      CREATE TABLE IF NOT EXISTS result (
        study TEXT NOT NULL, task TEXT NOT NULL, row TEXT NOT NULL, PRIMARY KEY (study, task));
    `);
    const schema = this.value('schema');
    if (schema === null) this.set('schema', String(SCHEMA));
    else if (Number(schema) !== SCHEMA) {
      throw new FewshotError(
        'bad-input',
        `The cohort's state is of version ${schema}; this program reads version ${SCHEMA}.`,
        'Use the program that began the cohort, or begin another in an empty --out.',
      );
    }
  }

  private begin(spec: CohortSpec, out: string): void {
    const known = this.value('spec');
    if (known === null) return this.set('spec', JSON.stringify(spec));
    if ((JSON.parse(known) as CohortSpec).id === spec.id) return;
    throw new FewshotError(
      'bad-input',
      `--out ${out} belongs to a cohort with other tasks, settings or another program version.`,
      'Give another --out, or the same tasks and settings as before.',
    );
  }

  get spec(): CohortSpec {
    return JSON.parse(this.value('spec')!) as CohortSpec;
  }

  /** Reads a setting of the cohort. */
  value(key: string): string | null {
    const found = this.db.prepare('SELECT value FROM cohort WHERE key = ?').get(key);
    return (found as { value: string } | undefined)?.value ?? null;
  }

  set(key: string, value: string): void {
    this.db.prepare('INSERT OR REPLACE INTO cohort (key, value) VALUES (?, ?)').run(key, value);
  }

  /**
   * Claims the cohort for this process, so that two do not run at a time.
   *
   * @throws FewshotError `bad-input` when another process that lives has it
   */
  claim(): void {
    const owner = Number(this.value('owner') ?? 0);
    if (owner && owner !== process.pid && isAlive(owner)) {
      throw new FewshotError(
        'bad-input',
        `Process ${owner} already works on this cohort.`,
        'Wait for it, or stop it with Ctrl-C; it can be continued.',
      );
    }
    this.set('owner', String(process.pid));
  }

  release(): void {
    this.set('owner', '0');
  }

  /** Adds studies. @returns number of new ones */
  add(studies: readonly CohortStudy[]): number {
    const insert = this.db.prepare('INSERT OR IGNORE INTO study (uid, date) VALUES (?, ?)');
    return this.atOnce(() =>
      studies.reduce((sum, { uid, date }) => sum + insert.run(uid, date).changes, 0),
    );
  }

  /** Takes a study that waits and is due, and counts the attempt. */
  take(now = Date.now()): WaitingStudy | null {
    return this.atOnce(() => {
      const found = this.db
        .prepare(
          "SELECT uid, date, attempts FROM study WHERE state = 'waiting' AND due <= ? ORDER BY due, rowid LIMIT 1",
        )
        .get(now) as WaitingStudy | undefined;
      if (!found) return null;
      // Not due again while this process works on it; another process begins with `wakeAll`.
      this.db
        .prepare('UPDATE study SET attempts = attempts + 1, due = ? WHERE uid = ?')
        .run(Number.MAX_SAFE_INTEGER, found.uid);
      return { uid: found.uid, date: found.date, attempts: found.attempts + 1 };
    });
  }

  /** Makes all studies due that wait, also those on which a process that has ended worked. */
  wakeAll(): void {
    this.db.prepare("UPDATE study SET due = 0 WHERE state = 'waiting'").run();
  }

  /** Postpones a study that was taken. @param attempts how often it counts as started */
  postpone(uid: string, due: number, attempts: number): void {
    this.db.prepare('UPDATE study SET due = ?, attempts = ? WHERE uid = ?').run(due, attempts, uid);
  }

  /** Milliseconds until the next study is due that nobody works on; null if none waits. */
  nextDue(): number | null {
    const found = this.db
      .prepare("SELECT MIN(due) AS due FROM study WHERE state = 'waiting' AND due < ?")
      .get(Number.MAX_SAFE_INTEGER) as { due: number | null };
    return found.due;
  }

  /** Records the rows of a study. */
  finish(uid: string, rows: readonly CohortRow[]): void {
    const insert = this.db.prepare(
      'INSERT OR REPLACE INTO result (study, task, row) VALUES (?, ?, ?)',
    );
    this.atOnce(() => {
      for (const row of rows) insert.run(uid, row.taskSha256, JSON.stringify(row));
      this.db.prepare("UPDATE study SET state = 'done', due = 0 WHERE uid = ?").run(uid);
    });
  }

  /** UIDs of studies in a state. */
  studies(state: keyof StudyCounts): CohortStudy[] {
    return this.db
      .prepare('SELECT uid, date FROM study WHERE state = ? ORDER BY rowid')
      .all(state) as CohortStudy[];
  }

  counts(): StudyCounts {
    const rows = this.db.prepare('SELECT state, COUNT(*) AS n FROM study GROUP BY state').all();
    const counts: StudyCounts = { waiting: 0, done: 0, cancelled: 0 };
    for (const { state, n } of rows as { state: keyof StudyCounts; n: number }[]) counts[state] = n;
    return counts;
  }

  /** Rows of all studies, one after another; those that wait have rows without a result. */
  *rows(): Generator<CohortRow> {
    const { tasks } = this.spec;
    const results = this.db.prepare('SELECT row FROM result WHERE study = ? AND task = ?');
    for (const state of ['done', 'waiting', 'cancelled'] as const) {
      for (const study of this.studies(state)) {
        for (const task of tasks) {
          const found = results.get(study.uid, task.sha256) as { row: string } | undefined;
          if (state === 'done' && found) yield JSON.parse(found.row) as CohortRow;
          else yield emptyRow(study, task, state === 'done' ? 'waiting' : state);
        }
      }
    }
  }

  /**
   * Lets studies wait again.
   *
   * @param uids by default all with a failed row, and those taken back
   * @returns their UIDs
   */
  retry(uids?: readonly string[]): string[] {
    const again = new Set(uids);
    if (!uids) {
      for (const { study, state } of this.rows()) {
        if (state === 'failed' || state === 'cancelled') again.add(study);
      }
    }
    const reset = this.db.prepare(
      "UPDATE study SET state = 'waiting', attempts = 0, due = 0 WHERE uid = ?",
    );
    return this.atOnce(() => [...again].filter(uid => reset.run(uid).changes > 0));
  }

  /** Takes back studies that wait and that nobody works on. @returns their number */
  cancel(uids?: readonly string[]): number {
    if (uids) {
      const one = this.db.prepare(
        "UPDATE study SET state = 'cancelled' WHERE uid = ? AND state = 'waiting'",
      );
      return this.atOnce(() => uids.reduce((sum, uid) => sum + one.run(uid).changes, 0));
    }
    return this.db
      .prepare("UPDATE study SET state = 'cancelled' WHERE state = 'waiting' AND due < ?")
      .run(Number.MAX_SAFE_INTEGER).changes;
  }

  close(): void {
    this.db.close();
  }

  private atOnce<T>(work: () => T): T {
    this.db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.db.exec('COMMIT');
      return result;
    } catch (error) {
      this.db.exec('ROLLBACK');
      throw error;
    }
  }
}

/** Whether a process of this machine lives. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
