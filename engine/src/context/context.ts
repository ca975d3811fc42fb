import { FewshotError, throwIfCancelled } from '../platform/errors';
import { checkResult } from '../job/checkResult';
import type { PropagatedSlice } from '../job/job';
import { maskOf } from '../job/segmented';
import type { EncoderFrame } from '../sam/encoderFrame';
import { ENCODER_INPUT_SIZE } from '../sam/imageEncoder';
import type { Slice } from '../image/slice';
import type { Method } from '../job/method';
import { nextTask } from '../platform/nextTask';
import { phaseReporter } from '../platform/progress';
import { cleanUp } from './cleanUp';
import { expectedDice, pooledDice, supported } from './confidence';
import { gaps } from './gaps';
import { KeptGrids } from './keptGrids';
import { rematch } from './rematch';
import { prepare, type Prepared } from './prepare';
import { segmentSlices, type Found } from './segmentSlices';
import { ALL, type ContextParts, type ContextSettings } from './settings';
import { everySecond } from './searchedSlices';
import { cellsPerToken, maskToTokens, pasteCrop, type TokenLabels } from './tokenLabels';
import { carryBetween, walk, type Carried, type LabeledVotes } from './walk';

/** Progress fractions of a gap: its slices are encoded in the first of the two directions. */
const WAYS = [
  { start: 0, share: 0.9 },
  { start: 0.9, share: 0.05 },
];
const SEGMENT_SHARE = 0.05;

/** Number of times a gap is matched again, see `ContextSettings.rematches`. */
const REMATCHES = 2;
/** Most cells along each side of a token for which that helps: with more, a token holds many pixels. */
const MOST_CELLS_TO_REMATCH = 2;
/**
 * Least separability of gray values for it, because it spreads their errors, too. Chosen on ten thin
 * structures of the head and neck and seven of the torso: below it, three of five get worse.
 */
const LEAST_SEPARABILITY = 0.4;

/** Most grids to keep for a gap when dropped embeddings can be read back from a cache. */
const MOST_GRIDS = 64;

/** Interval of previews during a long gap, ms. */
const PREVIEW_MS = 4000;

/** Slices reported at once: each takes the memory of a whole image. */
const TOLD_AT_ONCE = 16;

/**
 * Segments the slices between and just beyond labeled ones of the same volume, without training. In a crop
 * around the structure, it matches the image tokens of each slice with those of the nearest labeled slices
 * and of the previous slice, combines that with the outline interpolated between the labeled slices and
 * with the gray values inside and outside of the outlines, and smooths across slices that look alike.
 * Slices far beyond the outermost outlines stay empty, see `searchedSlices`.
 *
 * Phase `encode` embeds the labeled slices. Phase `propagate` embeds and segments the others gap by gap,
 * shortest first; only one gap is held in memory at a time.
 *
 * @throws FewshotError `bad-input` (see `checkJob`; also when another study is to be segmented),
 *   `bad-result` when nothing is found, `cancelled`
 */
export const context: Method<ContextParts> = contextWith(ALL);

/** Like `context`, but encodes only every second slice. */
export const contextFast: Method<ContextParts> = contextWith({ ...ALL, everySecondSlice: true });

/**
 * Returns the method with only some of its parts; `npm run bench:ablation` measures what each contributes.
 */
export function contextWith(settings: ContextSettings): Method<ContextParts> {
  return async (job, parts, { signal, onProgress, onSlices, onPreview, onFinished } = {}) => {
    throwIfCancelled(signal);
    if (job.test) {
      throw new FewshotError(
        'bad-input',
        'The method context needs outlines in the study to segment.',
        'Choose a method that learns from one study for another, e.g. paper.',
      );
    }
    const ready = await prepare(job, settings, parts, signal, onProgress);
    const { wanted, searched, frame, embeddings, grids, gridOf, tokenLabels, known } = ready;
    const { slices, labels } = job;
    const bySlice = new Map(searched.map(slice => [slice.index, slice]));
    const skipped = settings.everySecondSlice ? everySecond(searched, labels) : new Set<number>();

    const cells = cellsPerToken(frame);
    const rematches =
      settings.rematches &&
      // Thin structures are encoded at full size.
      ready.continuation.encoderSize === ENCODER_INPUT_SIZE &&
      cells <= MOST_CELLS_TO_REMATCH &&
      ready.imageStrength.separability >= LEAST_SEPARABILITY &&
      // Skipped slices cannot be matched.
      skipped.size === 0;

    const found = new Map<number, Found>();
    const resultOf = (slice: Slice): PropagatedSlice => ({
      ...resultOn(slice, found.get(slice.index), frame, one => confidenceOf(one, ready)),
      ...(known.joiner.beyondMm(slice.index) > 0 && { extrapolated: true }),
    });

    const kept = new KeptGrids(
      grids,
      index => gridOf(bySlice.get(index)!),
      parts.cache ? MOST_GRIDS : Infinity,
    );
    const start = performance.now();
    const encodeSecondsBefore = embeddings.seconds;
    const order = searched.map(({ index }) => index).filter(index => !labels.has(index));
    const ahead = new Set(order);
    onFinished?.(slices.filter(({ index }) => !ahead.has(index)));
    const report = phaseReporter('propagate', order.length, onProgress);
    const pause = async (done: number) => {
      // Yield so that cancellation can run.
      await nextTask();
      throwIfCancelled(signal);
      report(Math.floor(done));
    };
    let lastTold = performance.now();
    const preview = async (index: number, carried: Carried) => {
      if (!onPreview || performance.now() - lastTold < PREVIEW_MS) return;
      const alone = { ...known, carried: new Map([[index, carried]]), smoothsAcross: false };
      const one = (await segmentSlices([index], alone, async () => undefined)).get(index)!;
      onPreview(resultOn(bySlice.get(index)!, one, frame, () => null));
      lastTold = performance.now();
    };
    for (const gap of gaps(order, labels.keys()).sort((a, b) => a.length - b.length)) {
      const before = found.size;
      const matched = gap.filter(index => !skipped.has(index));
      const step = (share: number) => pause(before + share * gap.length);
      const labeledVotes = rematches ? new Map<number, LabeledVotes>() : undefined;
      const carried = await walk(index => kept.of(index), tokenLabels, matched, {
        onSlice: (way, done) => step(WAYS[way].start + (WAYS[way].share * done) / matched.length),
        onCarried: preview,
        usesPrevious: settings.previousSlice,
        match: parts.match,
        labeledVotes,
      });
      carryBetween(
        gap.filter(index => skipped.has(index)),
        carried,
        tokenLabels,
      );
      const rounds = labeledVotes ? 1 + REMATCHES : 1;
      const segment = (round: number) => {
        const onSlice = (done: number) =>
          step(1 - SEGMENT_SHARE + (SEGMENT_SHARE * (round + done / gap.length)) / rounds);
        const smoothsAcross = settings.acrossSlices;
        return segmentSlices(gap, { ...known, carried, smoothsAcross }, onSlice);
      };
      let segmented = await segment(0);
      for (let round = 1; labeledVotes && round < rounds; round++) {
        const again = await rematch(index => kept.of(index), gap, {
          labeledVotes,
          segmented: index => tokensOf(segmented.get(index)!, frame, cells),
          match: parts.match,
          onSlice: () => step(1 - SEGMENT_SHARE + (SEGMENT_SHARE * round) / rounds),
        });
        for (const [index, one] of again)
          carried.set(index, { ...carried.get(index)!, rematched: one });
        segmented = await segment(round);
      }
      kept.clear();
      for (const [index, one] of segmented) found.set(index, one);
      const finished = wanted.filter(({ index }) => segmented.has(index));
      onFinished?.(finished);
      lastTold = performance.now();
      for (let i = 0; i < finished.length; i += TOLD_AT_ONCE) {
        onSlices?.(finished.slice(i, i + TOLD_AT_ONCE).map(resultOf));
      }
    }
    if (settings.connected) {
      const indices = searched.map(({ index }) => index);
      cleanUp(found, indices, ready.cropMasks, frame);
    }
    const results = wanted.map(resultOf);
    report(order.length);
    checkResult(results);
    return {
      slices: results,
      iterations: 0,
      losses: [],
      seconds: {
        encode: embeddings.seconds,
        fit: 0,
        propagate: (performance.now() - start) / 1000 - (embeddings.seconds - encodeSecondsBefore),
      },
      embeddingsFromCache: embeddings.fromCache,
      expectedDice: pooledDice(results),
      notSearched: wanted.flatMap(({ index }) => (found.has(index) ? [] : index)),
      continuation: ready.continuation,
    };
  };
}

/** Converts the result on a slice to labels of its tokens. */
function tokensOf({ probability }: Found, frame: EncoderFrame, cells: number): TokenLabels {
  const size = frame.rows * frame.columns;
  const mask = pasteCrop(maskOf(probability()), new Uint8Array(size), frame);
  return maskToTokens(mask, frame, cells);
}

/** Pastes the result in the crop onto the whole slice; empty where the slice was not searched. */
function resultOn(
  { index, rows, columns }: Slice,
  found: Found | undefined,
  frame: EncoderFrame,
  sure: (found: Found) => number | null,
): PropagatedSlice {
  const size = rows * columns;
  if (!found)
    return { index, mask: new Uint8Array(size), probability: () => new Float32Array(size) };
  const { probability, blank } = found;
  const confidence = sure(found);
  return {
    index,
    mask: pasteCrop(maskOf(probability()), new Uint8Array(size), frame),
    probability: () => pasteCrop(probability(), new Float32Array(size), frame),
    ...(confidence !== null && { confidence }),
    ...(blank && { blank }),
  };
}

function confidenceOf(
  { expectedLogit, evidence }: Found,
  { calibration, imageStrength }: Pick<Prepared, 'calibration' | 'imageStrength'>,
): number | null {
  if (expectedLogit === null) return null;
  return supported(expectedDice(expectedLogit, calibration), evidence, imageStrength);
}
