import type { Executor, Program } from '../program/program';
import type { FeatureProducts } from '../context/featureProducts';
import { checkLogits } from '../finetune/checkLogits';
import { HEAD_SHAPE } from './fitHead';
import { headFeatures, type HeadProjection, type HeadView } from './headInput';
import { headProgram } from './headProgram';

/** What was learned: heads that are averaged, and how they see a slice. */
export interface FittedHead {
  projection: HeadProjection;
  /** Of each head, in the layout of `headProgram`. */
  parameters: readonly Float32Array[];
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
  { projection, parameters }: FittedHead,
  products: FeatureProducts,
  createExecutor: (program: Program) => Promise<Executor>,
): Promise<HeadSegmenter> {
  const head = headProgram(HEAD_SHAPE, null);
  const executor = await createExecutor(head.program);
  return {
    async logits(view) {
      executor.write(head.features, await headFeatures(view, projection, products));
      const cells = HEAD_SHAPE.size ** 2;
      const mean = new Float32Array(cells);
      for (const values of parameters) {
        executor.write(head.parameters, values);
        await executor.run('forward');
        const pair = await executor.read(head.logits);
        for (let i = 0; i < cells; i++) mean[i] += (pair[i] - pair[cells + i]) / parameters.length;
      }
      checkLogits(mean);
      return mean;
    },
    dispose: () => executor.dispose(),
  };
}
