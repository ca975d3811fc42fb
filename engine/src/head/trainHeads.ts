import type { FeatureProducts } from '../context/featureProducts';
import { checkFindsShots } from '../finetune/checkFindsShots';
import { showsStructure } from '../finetune/fit';
import { partOf } from '../platform/progress';
import type { PropagateOptions } from '../job/method';
import { probabilities } from '../job/segmented';
import { countOverlap, dice, sumOverlaps, type Overlap } from '../image/overlap';
import { mapInto } from '../numeric/mapInto';
import { softDice } from '../context/confidence';
import { calibrateDice } from './expectedDice';
import { HEADS } from './learningWork';
import type { HeadExample } from './examples';
import { fitHead, HEAD_SHAPE, type CreateExecutor, type HeadShot } from './fitHead';
import { headLogits, type HeadModel } from './head';
import {
  cellMeans,
  headFeatures,
  headProjection,
  logitsToFine,
  type HeadProjection,
} from './headInput';
import { headProgram } from './headProgram';
import { chooseThreshold, fitRefinement, refineLogits, type HeldOutSlice } from './refinement';

export interface TrainHeadsSettings {
  /** Adam updates of each head. */
  updates: number;
  seed: number;
}

/** With fewer studies, single slices are left out instead of studies. */
const FEWEST_STUDIES = 3;

/**
 * Trains the heads of a task. Each leaves out some of the studies (of the slices, where there are fewer than
 * three studies), so that its logits there tell how well other patients are found: the refinement and the
 * threshold are chosen on them.
 *
 * @returns also the training loss at each update, the heads' mean
 * @throws FewshotError `bad-result`, `cancelled`
 */
export async function trainHeads(
  items: readonly HeadExample[],
  { updates, seed }: TrainHeadsSettings,
  products: FeatureProducts,
  createExecutor: CreateExecutor,
  { signal, onProgress }: Pick<PropagateOptions, 'signal' | 'onProgress'>,
): Promise<{ model: HeadModel; losses: number[] }> {
  const labeled = items.filter(({ copy }) => copy === 0);
  const projection = await headProjection(labeled, products);
  const shots = await shotsOf(items, projection, products);
  const folds = foldsOf(items);
  const heads = Math.max(...folds) + 1;
  const parameters: Float32Array[] = [];
  const losses: number[] = [];
  for (let head = 0; head < heads; head++) {
    const others = shots.filter((_, i) => folds[i] !== head);
    const report = onProgress && partOf(head, heads, onProgress);
    const options = { seed: HEADS * seed + head, updates, signal, onProgress: report };
    const fitted = await fitHead(others, options, createExecutor);
    parameters.push(fitted.parameters);
    addMean(losses, fitted.losses, heads);
  }

  const program = headProgram(HEAD_SHAPE, null);
  const executor = await createExecutor(program.program);
  try {
    const shotOf = (item: HeadExample) => shots[items.indexOf(item)];
    const groupOf = grouping(items);
    const heldOut: HeldOutSlice[] = [];
    for (const item of labeled) {
      const own = parameters[folds[items.indexOf(item)]];
      const logits = await headLogits(executor, program, shotOf(item).features, [own]);
      const { gray, coverage } = item;
      heldOut.push({ group: groupOf(item), logits: logitsToFine(logits), gray, coverage });
    }
    await checkFindsShots(
      labeled.map(shotOf),
      ({ features }) => headLogits(executor, program, features, parameters),
      signal,
    );
    const refinement = fitRefinement(heldOut);
    const refined = heldOut.map(slice => ({
      ...slice,
      refined: refinement ? refineLogits(slice.logits, slice.gray, refinement) : slice.logits,
    }));
    const threshold = chooseThreshold(refined);
    const reading = { refinement, threshold, ...judge(refined, threshold) };
    return { model: { projection, parameters, ...reading }, losses };
  } finally {
    executor.dispose();
  }
}

/**
 * Trains the heads of a task further, on new slices alone: what they were learned from is not here. How their
 * logits are read stays.
 *
 * @throws FewshotError `bad-result`, `cancelled`
 */
export async function trainFurther(
  model: HeadModel,
  items: readonly HeadExample[],
  { updates, seed }: TrainHeadsSettings,
  products: FeatureProducts,
  createExecutor: CreateExecutor,
  { signal, onProgress }: Pick<PropagateOptions, 'signal' | 'onProgress'>,
): Promise<{ model: HeadModel; losses: number[] }> {
  const shots = await shotsOf(items, model.projection, products);
  const heads = model.parameters.length;
  const parameters: Float32Array[] = [];
  const losses: number[] = [];
  for (const [head, start] of model.parameters.entries()) {
    const report = onProgress && partOf(head, heads, onProgress);
    const options = { seed: HEADS * seed + head, updates, start, signal, onProgress: report };
    const fitted = await fitHead(shots, options, createExecutor);
    parameters.push(fitted.parameters);
    addMean(losses, fitted.losses, heads);
  }
  return { model: { ...model, parameters }, losses };
}

async function shotsOf(
  items: readonly HeadExample[],
  projection: HeadProjection,
  products: FeatureProducts,
): Promise<HeadShot[]> {
  const shots: HeadShot[] = [];
  for (const item of items) {
    const features = await headFeatures(item, projection, products);
    shots.push({ features, coverage: cellMeans(item.coverage) });
  }
  return shots;
}

function addMean(mean: number[], losses: readonly number[], count: number): void {
  losses.forEach((loss, i) => (mean[i] = (mean[i] ?? 0) + loss / count));
}

/** How well held-out slices are found, and whether their probabilities promise that. */
function judge(
  slices: readonly { refined: Float32Array; coverage: Float32Array }[],
  threshold: number,
): Pick<HeadModel, 'calibration' | 'heldOutDice'> {
  const overlaps: Overlap[] = [];
  const heldOut: { implied: number; dice: number }[] = [];
  for (const { refined, coverage } of slices) {
    const probability = probabilities(refined);
    const above = (values: Float32Array, least: number) =>
      mapInto(values, new Uint8Array(values.length), value => (value > least ? 1 : 0));
    const overlap = countOverlap(above(probability, threshold), above(coverage, 0.5));
    overlaps.push(overlap);
    const implied = softDice(probability, threshold);
    if (implied !== null) heldOut.push({ implied, dice: dice(overlap) });
  }
  const all = sumOverlaps(overlaps);
  return {
    calibration: calibrateDice(heldOut),
    heldOutDice: all.truth > 0 ? dice(all) : null,
  };
}

/**
 * The head that leaves each item out. A slice and its copies are left out together, and all slices of a study
 * where there are enough studies.
 */
export function foldsOf(items: readonly HeadExample[]): number[] {
  const groupOf = grouping(items);
  const showing = items.filter(showsStructure);
  // Those that show the structure come first, so that each fold has some of them.
  const groups = [...new Set([...showing, ...items].map(groupOf))];
  const folds = Math.min(HEADS, new Set(showing.map(groupOf)).size);
  const positions = new Map(groups.map((group, position) => [group, position]));
  return items.map(item => positions.get(groupOf(item))! % folds);
}

/** What is left out together: a study where there are enough, else a slice. */
function grouping(items: readonly HeadExample[]): (item: HeadExample) => number {
  const studies = new Set(items.filter(showsStructure).map(({ study }) => study));
  return studies.size >= FEWEST_STUDIES ? ({ study }) => study : ({ slice }) => slice;
}
