import { FewshotError, throwIfCancelled } from '../errors';
import { checkJob, outlined } from '../fewshot/checkJob';
import { checkResult } from '../fewshot/checkResult';
import { continuationOf, jobWindow } from '../fewshot/continuation';
import { Embeddings } from '../fewshot/embeddings';
import type { PropagatedSlice } from '../fewshot/job';
import { maskOf } from '../fewshot/segmented';
import { encoderFrame, type EncoderFrame } from '../image/encoderFrame';
import type { Slice } from '../image/slice';
import type { Method } from '../methods/method';
import { nextTask } from '../nextTask';
import { phaseReporter } from '../progress';
import { cleanUp } from './cleanUp';
import { calibrate, expectedDice, pooledDice, supported } from './confidence';
import { cropAround } from './cropAround';
import { encodeLabelled } from './encodeSlices';
import { encoderSize } from './encoderSize';
import { PLAIN_PRODUCTS } from './featureProducts';
import { gaps } from './gaps';
import { greyCrop } from './greyCrop';
import { learnGrey } from './greyEvidence';
import { heldOut } from './heldOut';
import { separability } from './imageEvidence';
import { guessNeighbours, imageGain, imageWeight, type Told } from './imageGain';
import { Joiner } from './join';
import { KeptGrids } from './keptGrids';
import { segmentSlices, type Found } from './segmentSlices';
import { ALL, type ContextSettings } from './settings';
import { everySecond, searchedSlices } from './searchedSlices';
import { cellsPerToken, cutCrop, maskToTokens, pasteCrop, type TokenLabels } from './tokenLabels';
import { carryBetween, walk, type Carried } from './walk';

const DEFAULT_SLICE_SPACING = 3;

/** Shares of the work on a gap: its slices are encoded on the first of the two ways through it. */
const WAYS = [
  { start: 0, share: 0.9 },
  { start: 0.9, share: 0.05 },
];
const SEGMENT_SHARE = 0.05;

/** Of a gap, where a cache gives back what was let go of. */
const MOST_GRIDS = 64;

/** Whoever waits for a long gap gets a picture that often. */
const GLIMPSE_MS = 4000;

/** Slices that are told of together: each takes the memory of its whole picture. */
const TOLD_AT_ONCE = 16;

/**
 * Segments the slices between and just beyond labelled ones of the same volume, without training.
 * In a crop around the structure, image tokens of each slice are matched with those of the labelled
 * slices around it and of the slice before it; joined with the outline interpolated between the
 * labelled slices and with the grey values inside and outside of the outlines; smoothed across slices
 * that look alike. Slices far beyond the outermost outlines stay empty, see `searchedSlices`.
 *
 * Phase `encode` embeds the labelled slices. Phase `propagate` embeds and segments the others, one gap
 * between labelled slices after the other, the shortest first; only one gap is held at a time.
 *
 * @throws FewshotError `bad-input` (see `checkJob`; or another study to segment), `bad-result` when
 *   nothing is found, `cancelled`
 */
export const context: Method = contextWith(ALL);

/** The same, encoding every second slice only. */
export const contextFast: Method = contextWith({ ...ALL, everySecondSlice: true });

/** The method with some of its parts: what each is worth is measured by `npm run bench:ablation`. */
export function contextWith(settings: ContextSettings): Method {
  return async (job, parts, { signal, onProgress, onSlices, onGlimpse, onFinished } = {}) => {
    throwIfCancelled(signal);
    if (job.test) {
      throw new FewshotError(
        'bad-input',
        'The method context needs outlines in the study that is segmented.',
        'Choose a method that learns from one study for another, e.g. paper.',
      );
    }
    const wanted = checkJob(job);
    const { slices, labels, sliceSpacing = DEFAULT_SLICE_SPACING } = job;
    const searched = searchedSlices(slices, labels, wanted, sliceSpacing);
    const continues = continuationOf(job);
    const window = jobWindow(job);
    const around = settings.crop
      ? cropAround(labels.values(), slices[0], continues?.crop)
      : undefined;
    const frame = encoderFrame(slices[0], around);
    const { crop } = frame;
    // The same as before where the crop is: the slices that were encoded then need not be again.
    const before = around && around === continues?.crop ? continues.encoderSize : undefined;
    const size = settings.encoderSize ?? before ?? encoderSize(labels.values(), slices[0], frame);
    const embeddings = new Embeddings(parts.encoder, parts.modelSha256, window, parts.cache, size);

    const embed = async (slice: Slice) => {
      throwIfCancelled(signal);
      const { embedding } = await embeddings.of(slice, crop);
      throwIfCancelled(signal);
      return embedding;
    };
    const skipped = settings.everySecondSlice ? everySecond(searched, labels) : new Set<number>();
    const bySlice = new Map(searched.map(slice => [slice.index, slice]));
    const labelled = searched.filter(({ index }) => labels.has(index));
    const { grids, gridOf } = await encodeLabelled(
      labelled,
      window,
      frame,
      embed,
      parts.products ?? PLAIN_PRODUCTS,
      phaseReporter('encode', labelled.length, onProgress),
    );

    const cells = cellsPerToken(frame);
    const tokenLabels = new Map<number, TokenLabels>();
    for (const [index, mask] of labels) tokenLabels.set(index, maskToTokens(mask, frame, cells));
    // Kept for the slices beside them: their own pixels are let go of before those are segmented.
    const labelledGrey = new Map(
      labelled.map(slice => [slice.index, greyCrop(slice, window, frame)]),
    );
    const greyOf = (index: number) =>
      labelledGrey.get(index) ?? greyCrop(bySlice.get(index)!, window, frame);
    const drawn = outlined(labels);
    const positionOf = (index: number) => job.slicePositions?.[index] ?? index * sliceSpacing;
    const joiner = new Joiner(labels, slices[0], frame, cells, positionOf, settings.outlines);
    const shots = new Map(
      drawn.map(index => {
        return [index, { grey: greyOf(index), distance: joiner.distance(index) }];
      }),
    );
    const greyModel = learnGrey(settings.greyValues ? [...shots.values()] : [], joiner.pixelMm);
    const cropMasks = new Map([...labels].map(([index, mask]) => [index, cutCrop(mask, frame)]));
    const { match } = parts;
    const guesses = guessNeighbours(grids, tokenLabels, drawn, match);
    const told: Told = {
      ...imageGain(guesses, tokenLabels),
      separability: separability([...shots.values()], crop.columns, joiner.pixelMm),
    };
    const weight = settings.weighsImage ? imageWeight(told) : 1;
    const calibration = calibrate(
      heldOut({ masks: cropMasks, shots, guesses, joiner, imageWeight: weight }),
    );

    const found = new Map<number, Found>();
    const isBeyond = (index: number) => index < drawn[0] || index > drawn[drawn.length - 1];
    const resultOf = (slice: Slice): PropagatedSlice => ({
      ...resultOn(slice, found.get(slice.index), frame, one =>
        confidenceOf(one, calibration, told),
      ),
      ...(isBeyond(slice.index) && { extrapolated: true }),
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
      // Lets whoever wants to cancel have a word.
      await nextTask();
      throwIfCancelled(signal);
      report(Math.floor(done));
    };
    const known = {
      labels,
      shots,
      joiner,
      greyModel,
      imageWeight: weight,
      greyOf,
      columns: crop.columns,
    };
    let lastTold = performance.now();
    const glimpse = async (index: number, carried: Carried) => {
      if (!onGlimpse || performance.now() - lastTold < GLIMPSE_MS) return;
      const alone = { ...known, carried: new Map([[index, carried]]), smoothsAcross: false };
      const one = (await segmentSlices([index], alone, async () => undefined)).get(index)!;
      onGlimpse(resultOn(bySlice.get(index)!, one, frame, () => null));
      lastTold = performance.now();
    };
    for (const gap of gaps(order, labels.keys()).sort((a, b) => a.length - b.length)) {
      const before = found.size;
      const matched = gap.filter(index => !skipped.has(index));
      const step = (share: number) => pause(before + share * gap.length);
      const carried = await walk(index => kept.of(index), tokenLabels, matched, {
        onSlice: (way, done) => step(WAYS[way].start + (WAYS[way].share * done) / matched.length),
        onCarried: glimpse,
        usesPrevious: settings.previousSlice,
        match,
      });
      kept.clear();
      carryBetween(
        gap.filter(index => skipped.has(index)),
        carried,
        tokenLabels,
      );
      const segmented = await segmentSlices(
        gap,
        { ...known, carried, smoothsAcross: settings.acrossSlices },
        done => step(1 - SEGMENT_SHARE + (SEGMENT_SHARE * done) / gap.length),
      );
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
      cleanUp(found, indices, cropMasks, frame);
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
      continuation: { ...continues, asked: job.window, window, crop, encoderSize: size },
    };
  };
}

/** What was found in the crop, on the whole slice; nothing where the slice was not searched. */
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
  { promised, evidence }: Found,
  calibration: number,
  told: Told,
): number | null {
  if (promised === null) return null;
  return supported(expectedDice(promised, calibration), evidence, told);
}
