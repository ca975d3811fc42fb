import { durationText } from '../commands/progressLine';
import type { CohortRow } from './rows';
import type { StudyCounts } from './state';

/** Least interval of updates: a terminal redraws one line, a log file gets a new line each time. */
const TERMINAL_INTERVAL_MS = 200;
const LOG_INTERVAL_MS = 30_000;

/** Shows how far a cohort is: rate, time left, failures by kind. */
export class CohortLine {
  private readonly start = performance.now();
  private lastTime = -Infinity;
  private done = 0;
  private readonly failures = new Map<string, number>();
  private isOpen = false;

  constructor(private readonly output: { isTTY?: boolean; write(text: string): unknown }) {}

  /** Counts the rows of a study that is done. */
  readonly count = (rows: readonly CohortRow[]): void => {
    this.done++;
    for (const { kind } of rows) {
      if (kind) this.failures.set(kind, (this.failures.get(kind) ?? 0) + 1);
    }
  };

  show(counts: StudyCounts): void {
    const now = performance.now();
    const interval = this.output.isTTY ? TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS;
    if (now - this.lastTime < interval && counts.waiting > 0) return;
    this.lastTime = now;
    const text = progressText(counts, this.done, (now - this.start) / 1000, this.failures);
    this.output.write(this.output.isTTY ? `\r\x1b[2K${text}` : `${text}\n`);
    this.isOpen = this.output.isTTY === true;
  }

  /** Writes a line of its own. */
  readonly say = (text: string): void => {
    this.finish();
    this.output.write(`${text}\n`);
  };

  finish(): void {
    if (this.isOpen) this.output.write('\r\x1b[2K');
    this.isOpen = false;
  }
}

/** E.g. `37 of 500 studies, 84 per hour, 330 min 43 s left; failed: 2 archive, 1 images`. */
export function progressText(
  { waiting, done, cancelled }: StudyCounts,
  doneNow: number,
  seconds: number,
  failures: ReadonlyMap<string, number>,
): string {
  const rate = doneNow / Math.max(seconds, 0.001);
  const left = waiting > 0 && doneNow > 0 ? `, ${durationText(waiting / rate)} left` : '';
  const speed = doneNow > 0 ? `, ${Math.round(rate * 3600)} per hour` : '';
  const failed = [...failures].map(([kind, count]) => `${count} ${kind}`).join(', ');
  return `${done} of ${waiting + done + cancelled} studies${speed}${left}${failed ? `; failed: ${failed}` : ''}`;
}
