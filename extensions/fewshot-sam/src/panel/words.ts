import type { Phase } from 'fewshot-sam';
import type {
  Compute,
  IntensityChoice,
  MethodChoice,
  RunProgress,
  SliceOutcome,
  StoreStep,
  TaskActivity,
} from '../session/state';

/** Phases in order, with the words shown to the user. */
const PHASES: { phase: Phase; words: string }[] = [
  { phase: 'model', words: 'Loading the model' },
  { phase: 'encode', words: 'Encoding the outlined slices' },
  { phase: 'fit', words: 'Learning the structure' },
  { phase: 'propagate', words: 'Segmenting the other slices' },
];

/** Phases of a method: only `paper` trains. */
export function phasesOf(method: MethodChoice): typeof PHASES {
  return method === 'paper' ? PHASES : PHASES.filter(({ phase }) => phase !== 'fit');
}

export const METHOD_WORDS: Record<MethodChoice, string> = {
  context: 'Follow the outlines',
  'context-fast': 'Follow them, fast',
  paper: 'Fine-tune SAM',
};

export const METHOD_HINTS: Record<MethodChoice, string> = {
  context: 'Encodes every slice and follows the structure from outline to outline.',
  'context-fast': 'Encodes every second slice: half the time, nearly the same result.',
  paper: 'Trains SAM on your outlines, as published. Slower.',
};

export const INTENSITY_WORDS: Record<IntensityChoice, string> = {
  'as-displayed': 'As displayed',
  'ct-soft-tissue': 'CT soft tissue',
  'ct-bone': 'CT bone',
  mr: 'MR',
};

/** From this total on, the first phase counts bytes of the model; below it, slices that are read. */
const FEWEST_MODEL_BYTES = 100_000;
const MEGABYTE = 1e6;

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Name of a phase. "Reading the slices" is the part of the first phase after the model has loaded. */
export function phaseWords(run: Pick<RunProgress, 'phase' | 'total' | 'activity'>): string {
  if (run.phase === 'model' && run.total < FEWEST_MODEL_BYTES) return 'Reading the slices';
  if (run.activity) return taskPhaseWords(run.activity, run.phase);
  return PHASES.find(({ phase }) => phase === run.phase)!.words;
}

/** Progress of a phase: "12 of 39 MB", "7 of 19 slices", "40 %"; empty if unknown. */
export function doneWords({ phase, done, total }: RunProgress): string {
  if (total <= 0) return '';
  if (phase === 'fit') return `${Math.round((100 * done) / total)} %`;
  if (phase === 'model' && total >= FEWEST_MODEL_BYTES) {
    return `${Math.floor(done / MEGABYTE)} of ${Math.ceil(total / MEGABYTE)} MB`;
  }
  return `${done} of ${plural(total, 'slice')}`;
}

/**
 * Time left, rounded to what can be known: "about 40 s left", "about 2 min left".
 *
 * @param seconds null or a non-finite number gives an empty text
 */
export function timeLeftWords(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return '';
  if (seconds < 5) return 'a few seconds left';
  if (seconds < 55) return `about ${Math.ceil(seconds / 5) * 5} s left`;
  return `about ${Math.max(1, Math.round(seconds / 60))} min left`;
}

/** "48 s", "2 min 5 s". */
export function durationWords(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const rest = whole % 60;
  return `${Math.floor(whole / 60)} min${rest ? ` ${rest} s` : ''}`;
}

/** "MobileSAM · WebGPU", or the state of the model. */
export function computeWords({ state, model, device }: Compute, encodesAhead = false): string {
  switch (state) {
    case 'idle':
      return `${model} · loads with the first ${encodesAhead ? 'outline' : 'run'}`;
    case 'loading':
      return `${model} · loading`;
    case 'failed':
      return `${model} · could not be loaded`;
    case 'ready':
      return device ? `${model} · ${device}` : model;
  }
}

/** Number of slices on which a structure was found, whatever the decisions. */
export function foundOn(outcomes: readonly SliceOutcome[]): number {
  const found: SliceOutcome[] = ['predicted', 'accepted', 'rejected'];
  return outcomes.filter(outcome => found.includes(outcome)).length;
}

/**
 * "14 slices segmented, 6 of them beyond your outlines; not found on 3."
 *
 * @param beyond how many lie beyond the outermost outlines
 */
export function resultWords(outcomes: SliceOutcome[], beyond = 0): string {
  const found = foundOn(outcomes);
  const empty = outcomes.filter(outcome => outcome === 'empty').length;
  if (found === 0) return 'The structure was not found on any other slice.';
  const extrapolated = beyond ? `, ${beyond} of them beyond your outlines` : '';
  const not = empty ? `${beyond ? ';' : ','} not found on ${empty}` : '';
  return `${plural(found, 'slice')} segmented${extrapolated}${not}.`;
}

/** "0.93"; never 1, which would promise perfection. */
export function diceWords(dice: number): string {
  return Math.min(0.99, dice).toFixed(2);
}

/** "34 mm²", "0.06 mm²", or µm² for microscopy. */
export function areaWords(mm2: number): string {
  if (mm2 < 0.01) return `${Number((mm2 * 1e6).toPrecision(2))} µm²`;
  return `${mm2 < 10 ? Number(mm2.toPrecision(2)) : Math.round(mm2)} mm²`;
}

/** Slice number for people, counted from 1. */
export function sliceNumber(sliceIndex: number): number {
  return sliceIndex + 1;
}

/** Phases of learning and applying a task, with the words shown to the user. */
export const TASK_PHASES: Record<TaskActivity, { phase: Phase; words: string }[]> = {
  learn: [
    { phase: 'model', words: 'Loading the model' },
    { phase: 'encode', words: 'Encoding the outlined slices' },
    { phase: 'fit', words: 'Learning the structure' },
  ],
  apply: [
    { phase: 'model', words: 'Loading the model' },
    { phase: 'encode', words: 'Looking for it on each slice' },
    { phase: 'propagate', words: 'Following it through the slices' },
  ],
};

function taskPhaseWords(activity: TaskActivity, phase: Phase): string {
  return TASK_PHASES[activity].find(step => step.phase === phase)?.words ?? '';
}

/** Words for a step of storing. */
export function storeWords(step: StoreStep): string {
  switch (step.phase) {
    case 'making':
      return 'Creating the file';
    case 'sending':
      return step.attempt > 1
        ? `Sending to the archive, attempt ${step.attempt} of ${step.attempts}`
        : 'Sending to the archive';
    case 'waiting':
      return `Archive not ready; attempt ${step.attempt} of ${step.attempts} in ${step.seconds} s`;
    case 'confirming':
      return 'Looking for it in the archive';
    case 'stopping':
      return 'Stopping';
  }
}

/** "slice 3", "slices 1–4, 7": 1-based, from ascending 0-based indices. */
export function slicesWords(indices: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const index of indices) {
    const last = runs.at(-1);
    if (last && index === last[1] + 1) last[1] = index;
    else runs.push([index, index]);
  }
  const words = runs.map(([from, to]) =>
    from === to ? `${sliceNumber(from)}` : `${sliceNumber(from)}–${sliceNumber(to)}`,
  );
  return `${indices.length === 1 ? 'slice' : 'slices'} ${words.join(', ')}`;
}
