import type { Executor, Program } from '../program/program';
import type { FeatureProducts } from '../context/featureProducts';
import { checkLogits } from '../finetune/checkLogits';
import { HEAD_SHAPE } from './fitHead';
import { headFeatures, type HeadProjection, type HeadView } from './headInput';
import { headProgram, type HeadProgram } from './headProgram';
import type { Refinement } from './refinement';

/** What was learned: heads that are averaged, how they see a slice, and how their logits are read. */
export interface HeadModel {
  projection: HeadProjection;
  /** Of each head, in the layout of `headProgram`. */
  parameters: readonly Float32Array[];
  /** Null where too few cells were found on held-out slices to fit one. */
  refinement: Refinement | null;
  /** Probability above which a pixel is foreground, 0..1. */
  threshold: number;
  /** Offset of the expected Dice, see `calibrateDice`. */
  calibration: number;
  /** Dice of held-out labeled slices together, 0..1; null when nothing was found on them. */
  heldOutDice: number | null;
}

/** Finds the structure on slices. */
export interface HeadSegmenter {
  /**
   * @returns [cells * cells] logits of foreground against background, the heads' mean
   * @throws FewshotError `bad-result` when one is not a number, or all are the same
   */
  logits(view: HeadView): Promise<Float32Array>;
  dispose(): void;
}

export async function headSegmenter(
  { projection, parameters }: Pick<HeadModel, 'projection' | 'parameters'>,
  products: FeatureProducts,
  createExecutor: (program: Program) => Promise<Executor>,
): Promise<HeadSegmenter> {
  const head = headProgram(HEAD_SHAPE, null);
  const executor = await createExecutor(head.program);
  return {
    async logits(view) {
      const features = await headFeatures(view, projection, products);
      return headLogits(executor, head, features, parameters);
    },
    dispose: () => executor.dispose(),
  };
}

/**
 * @returns [cells * cells] logits of foreground against background, the mean of heads with these parameters
 * @throws FewshotError `bad-result` when one is not a number, or all are the same
 */
export async function headLogits(
  executor: Executor,
  program: HeadProgram,
  features: Float32Array,
  parameters: readonly Float32Array[],
): Promise<Float32Array> {
  executor.write(program.features, features);
  const cells = HEAD_SHAPE.size ** 2;
  const mean = new Float32Array(cells);
  for (const values of parameters) {
    executor.write(program.parameters, values);
    await executor.run('forward');
    const pair = await executor.read(program.logits);
    for (let i = 0; i < cells; i++) mean[i] += (pair[i] - pair[cells + i]) / parameters.length;
  }
  checkLogits(mean);
  return mean;
}
