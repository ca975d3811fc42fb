import { FewshotError, throwIfCancelled } from '../errors';
import { checkJob, outlined } from '../fewshot/checkJob';
import { checkResult } from '../fewshot/checkResult';
import { Embeddings } from '../fewshot/embeddings';
import type { PropagatedSlice } from '../fewshot/job';
import { encoderFrame } from '../image/encoderFrame';
import type { Slice } from '../image/slice';
import { resolveWindow } from '../image/window';
import type { Method } from '../methods/method';
import { phaseReporter } from '../progress';
import { calibrate, diceLogit, expectedDice, pooledDice } from './confidence';
import { keepConnected } from './connected';
import { cropAround } from './cropAround';
import { encodeSlices } from './encodeSlices';
import { greyCrop } from './greyCrop';
import { learnGrey } from './greyEvidence';
import { heldOut } from './heldOut';
import { Joiner } from './join';
import { segmentSlices } from './segmentSlices';
import { ALL, type ContextSettings } from './settings';
import { everySecond, searchedSlices } from './searchedSlices';
import { cellsPerToken, cutCrop, maskToTokens, pasteCrop, type TokenLabels } from './tokenLabels';
import { carryBetween, walk } from './walk';

const DEFAULT_SLICE_SPACING = 3;

/** Share of the work after encoding that matching takes. */
const WALK_SHARE = 0.7;

/**
 * Segments the slices between and just beyond labelled ones of the same volume, without training.
 * In a crop around the structure, image tokens of each slice are matched with those of the labelled
 * slices around it and of the slice before it; joined with the outline interpolated between the
 * labelled slices and with the grey values inside and outside of the outlines; smoothed across slices
 * that look alike. Slices far beyond the outermost outlines stay empty, see `searchedSlices`.
 *
 * Phase `encode` embeds the slices that are searched, `propagate` walks through them.
 *
 * @throws FewshotError `bad-input` (see `checkJob`; or another study to segment), `bad-result` when
 *   nothing is found, `cancelled`
 */
export const context: Method = contextWith(ALL);

/** The same, encoding every second slice only. */
export const contextFast: Method = contextWith({ ...ALL, everySecondSlice: true });

/** The method with some of its parts: what each is worth is measured by `npm run bench:ablation`. */
export function contextWith(settings: ContextSettings): Method {
  return async (job, parts, { signal, onProgress } = {}) => {
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
    const window = resolveWindow(job.window, slices);
    const frame = encoderFrame(
      slices[0],
      settings.crop ? cropAround(labels.values(), slices[0]) : undefined,
    );
    const { crop } = frame;
    const embeddings = new Embeddings(parts.encoder, parts.modelSha256, window, parts.cache);

    const embed = async (slice: Slice) => {
      throwIfCancelled(signal);
      const { embedding } = await embeddings.of(slice, crop);
      throwIfCancelled(signal);
      return embedding;
    };
    const skipped = settings.everySecondSlice ? everySecond(searched, labels) : new Set<number>();
    const encoded = searched.filter(({ index }) => !skipped.has(index));
    const reportEncoded = phaseReporter('encode', encoded.length, onProgress);
    const grids = await encodeSlices(encoded, labels, window, frame, embed, reportEncoded);

    const start = performance.now();
    const order = searched.map(({ index }) => index).filter(index => !labels.has(index));
    const report = phaseReporter('propagate', order.length, onProgress);
    const pause = async (done: number) => {
      // Lets whoever wants to cancel have a word.
      await new Promise(resolve => setTimeout(resolve));
      throwIfCancelled(signal);
      report(Math.floor(done));
    };
    const cells = cellsPerToken(frame);
    const tokenLabels = new Map<number, TokenLabels>();
    for (const [index, mask] of labels) tokenLabels.set(index, maskToTokens(mask, frame, cells));
    const matched = order.filter(index => !skipped.has(index));
    const carried = await walk(
      grids,
      tokenLabels,
      matched,
      done => pause((done / matched.length) * WALK_SHARE * order.length),
      settings.previousSlice,
    );
    // From here on only those of labelled slices are needed; each takes 1 MB.
    for (const index of matched) grids.delete(index);
    carryBetween(skipped, carried, tokenLabels);

    const bySlice = new Map(searched.map(slice => [slice.index, slice]));
    const greyOf = (index: number) => greyCrop(bySlice.get(index)!, window, frame);
    const joiner = new Joiner(labels, slices[0], frame, cells, sliceSpacing, settings.outlines);
    const shots = new Map(
      outlined(labels).map(index => {
        return [index, { grey: greyOf(index), distance: joiner.distance(index) }];
      }),
    );
    const greyModel = learnGrey(settings.greyValues ? [...shots.values()] : [], joiner.pixelMm);

    const found = await segmentSlices(
      order,
      {
        labels,
        shots,
        carried,
        joiner,
        greyModel,
        greyOf,
        columns: crop.columns,
        smoothsAcross: settings.acrossSlices,
      },
      done => pause(WALK_SHARE * order.length + (1 - WALK_SHARE) * done),
    );
    const cropMasks = new Map([...labels].map(([index, mask]) => [index, cutCrop(mask, frame)]));
    if (settings.connected) {
      keepConnected(
        searched.map(({ index }) => found.get(index)?.mask ?? cropMasks.get(index)!),
        searched.map(({ index }) => labels.has(index)),
        crop.rows,
        crop.columns,
      );
    }
    const calibration = calibrate(heldOut({ masks: cropMasks, shots, grids, tokenLabels, joiner }));
    const results = wanted.map(({ index, rows, columns }): PropagatedSlice => {
      const mask = new Uint8Array(rows * columns);
      const probability = new Float32Array(rows * columns);
      const result = found.get(index);
      if (!result) return { index, mask, probability };
      // What the clean-up removed is no longer probable.
      const kept = result.probability.map((p, i) => (p > 0.5 && !result.mask[i] ? 0 : p));
      const promised = diceLogit(kept, result.agreement);
      return {
        index,
        mask: pasteCrop(result.mask, mask, frame),
        probability: pasteCrop(kept, probability, frame),
        ...(promised !== null && { confidence: expectedDice(promised, calibration) }),
      };
    });
    report(order.length);
    checkResult(results);
    return {
      slices: results,
      iterations: 0,
      losses: [],
      seconds: {
        encode: embeddings.seconds,
        fit: 0,
        propagate: (performance.now() - start) / 1000,
      },
      embeddingsFromCache: embeddings.fromCache,
      expectedDice: pooledDice(results),
      notSearched: wanted.flatMap(({ index }) => (found.has(index) ? [] : index)),
    };
  };
}
