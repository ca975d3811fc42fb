import type { OnNote, OnProgress, Phase, Progress } from 'fewshot-sam';

const VERBS: Record<Phase, string> = {
  model: 'Loading the model',
  encode: 'Encoding slices',
  fit: 'Learning',
  propagate: 'Segmenting slices',
};

/** Least interval of updates: a terminal redraws one line, a log file gets a new line each time. */
const TERMINAL_INTERVAL_MS = 100;
const LOG_INTERVAL_MS = 10_000;

export interface ProgressOutput {
  isTTY?: boolean;
  write(text: string): unknown;
}

/** Shows progress events on one line of a terminal, or as few lines in a log. */
export class ProgressLine {
  private phase: Phase | null = null;
  private lastTime = -Infinity;
  private isLineOpen = false;

  constructor(
    private readonly output: ProgressOutput,
    private readonly now: () => number = () => performance.now(),
    /** Begins each line, e.g. the current task. */
    private readonly prefix = '',
  ) {}

  readonly show: OnProgress = progress => {
    const isNewPhase = progress.phase !== this.phase;
    const isFinished = progress.done >= progress.total;
    const interval = this.output.isTTY ? TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS;
    const isDue = this.now() - this.lastTime >= interval;
    if (!isNewPhase && !isFinished && !isDue) return;
    if (isNewPhase && !this.output.isTTY) {
      // Log the phase once at its start; figures follow only if it takes long.
      this.output.write(`${this.prefix}${VERBS[progress.phase]}\n`);
    } else if (this.output.isTTY) {
      this.output.write(`\r\x1b[2K${this.prefix}${progressText(progress)}`);
      this.isLineOpen = true;
    } else if (!isFinished) {
      this.output.write(`${this.prefix}${progressText(progress)}\n`);
    }
    this.phase = progress.phase;
    this.lastTime = this.now();
  };

  /** Writes a note on a line of its own, above the progress. */
  readonly note: OnNote = note => {
    this.finish();
    this.output.write(`Note: ${note}\n`);
  };

  /** Clears the progress line, so that other output starts on its own line. */
  finish(): void {
    if (this.isLineOpen) this.output.write('\r\x1b[2K');
    this.isLineOpen = false;
  }
}

/** E.g. `Encoding slices 35 % (7 of 20), 9 s left`. */
export function progressText({ phase, done, total, etaSeconds }: Progress): string {
  const percent = total > 0 ? Math.floor((100 * done) / total) : 100;
  const count = phase === 'model' ? '' : ` (${done} of ${total})`;
  const left = etaSeconds !== null && done < total ? `, ${durationText(etaSeconds)} left` : '';
  return `${VERBS[phase]} ${percent} %${count}${left}`;
}

/** E.g. `9 s`, `2 min 05 s`. */
export function durationText(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}
