import { readFile, writeFile } from 'node:fs/promises';
import { FewshotError } from 'fewshot-sam';
import { writeAside } from 'fewshot-sam/node';
import { rowKey, type BenchRow } from './benchRow';

/** The rows of a benchmark in a JSON file that is complete and valid after each row. */
export class RowFile {
  private constructor(
    private readonly file: string,
    private rows: BenchRow[],
  ) {}

  /**
   * Opens a file.
   *
   * @returns its rows; none when the file does not exist yet
   * @throws FewshotError `bad-input` when the file holds anything else; it is left unchanged
   */
  static async open(file: string): Promise<RowFile> {
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new RowFile(file, []);
      throw unusable(file, `cannot be read (${(error as NodeJS.ErrnoException).code})`, error);
    }
    let rows: unknown;
    try {
      rows = JSON.parse(text);
    } catch (error) {
      throw unusable(file, 'is not JSON', error);
    }
    if (!Array.isArray(rows) || !rows.every(isRow)) {
      throw unusable(file, 'does not hold rows of a benchmark');
    }
    return new RowFile(file, rows);
  }

  all(): readonly BenchRow[] {
    return this.rows;
  }

  find(key: Pick<BenchRow, 'id' | 'method' | 'seed'>): BenchRow | undefined {
    return this.rows.find(row => rowKey(row) === rowKey(key));
  }

  /** Adds a row, or replaces the one with the same key, and writes the file. */
  async put(row: BenchRow): Promise<void> {
    const at = this.rows.findIndex(other => rowKey(other) === rowKey(row));
    const rows = [...this.rows];
    if (at < 0) rows.push(row);
    else rows[at] = row;
    try {
      // If interrupted, the file has the old rows or the new ones, never half.
      const text = rowsText(rows);
      await writeAside(this.file, async aside => {
        await writeFile(aside, text);
        return Buffer.byteLength(text);
      });
    } catch (error) {
      throw unusable(
        this.file,
        `cannot be written (${(error as NodeJS.ErrnoException).code})`,
        error,
      );
    }
    this.rows = rows;
  }
}

/** Formats one row per line, so that a new row is one line of a diff. */
export function rowsText(rows: readonly BenchRow[]): string {
  return rows.length === 0 ? '[]\n' : `[\n${rows.map(row => JSON.stringify(row)).join(',\n')}\n]\n`;
}

function isRow(value: unknown): value is BenchRow {
  if (typeof value !== 'object' || value === null) return false;
  const { id, method, seed, iou, per_slice } = value as Partial<BenchRow>;
  return (
    typeof id === 'string' &&
    typeof method === 'string' &&
    typeof seed === 'number' &&
    (typeof iou === 'number' || iou === null) &&
    Array.isArray(per_slice)
  );
}

function unusable(file: string, what: string, cause?: unknown): FewshotError {
  return new FewshotError(
    'bad-input',
    `--json ${file} ${what}.`,
    'Give a new file, or one that this command wrote before.',
    { cause },
  );
}
