/** @jest-environment ./engine/src/sam/jestEnvironmentOnnx.mjs */
/** Tasks as files, with the real encoder: learned, grown, applied. */
import { builtKernels, kernelProducts } from '../../../test/parity/kernelDecoders';
import { encoderOnnx } from '../../../test/parity/realModel';
import { study } from '../head/testStudies';
import { countOverlap, dice, sumOverlaps } from '../image/overlap';
import { createWasmExecutor } from '../program/wasm/executor';
import type { ImageEncoder } from '../sam/imageEncoder';
import { createImageEncoderNode } from '../sam/imageEncoderOnnxNode';
import type { PropagateParts } from './parts';
import { applyTask, encodeTask, learnTaskFiles, parseTask } from './tasks';

const SETTINGS = { name: 'Disk', modelId: 'mobile-sam', iterations: 20, copies: 1 };
const axial = (brightness: number, radii: readonly number[]) => ({
  ...study(brightness, radii),
  axis: 'axial' as const,
});

describe('tasks', () => {
  let encoder: ImageEncoder;
  let parts: PropagateParts;
  beforeAll(async () => {
    const kernels = await builtKernels();
    encoder = await createImageEncoderNode(await encoderOnnx(), undefined, 1);
    parts = {
      ...{ encoder, modelSha256: 'of MobileSAM', weights: new Map() },
      products: await kernelProducts(),
      createExecutor: program => createWasmExecutor(program, kernels, 1),
    };
  });
  afterAll(() => encoder.dispose());

  it('grow with each patient, and find the structure in the next', async () => {
    const first = await learnTaskFiles([axial(150, [9, 8, 0])], SETTINGS, parts, {});
    expect(first.metadata).toMatchObject({ method: 'head', shots: 3, studies: 1, axis: 'axial' });
    expect(first.metadata.leaveOneOut).toBeGreaterThan(0.5);

    const second = [axial(170, [8, 0])];
    const grown = await learnTaskFiles(second, SETTINGS, parts, {}, { earlier: first });
    expect(grown.metadata).toMatchObject({ method: 'head', shots: 5, studies: 2 });
    const { fieldOfViewMm } = first.metadata;
    expect(grown.metadata.fieldOfViewMm).toBe(fieldOfViewMm);

    const task = parseTask(grown.task, parts.weights);
    expect(encodeTask(task)).toEqual(grown.task);
    const { slices, window, masks } = study(160, [0, 8, 9]);
    const found = await applyTask(task, { slices, window }, parts);
    const overlaps = found.slices.map(({ mask }, i) => countOverlap(mask, masks[i]));
    expect(dice(sumOverlaps(overlaps))).toBeGreaterThan(0.7);
    expect(found.slices[0].mask.includes(1)).toBe(false);
    expect(found.expectedDice).toBeGreaterThan(0.5);

    await expect(applyTask(task, { slices, window }, parts, {}, 'paper')).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('was learned by the method head'),
    });

    const image = { slices: slices.slice(0, 1), window, images: true };
    await expect(applyTask(task, image, parts)).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('was learned from volumes'),
    });

    // From a file, without the slices it was learned from: trained further on the new ones.
    const imported = { task: grown.task };
    const more = await learnTaskFiles(second, SETTINGS, parts, {}, { earlier: imported });
    expect(more.metadata).toMatchObject({ shots: 7, studies: 3, iterations: 20 });
    const again = await applyTask(parseTask(more.task, parts.weights), { slices, window }, parts);
    const overlap = again.slices.map(({ mask }, i) => countOverlap(mask, masks[i]));
    expect(dice(sumOverlaps(overlap))).toBeGreaterThan(0.7);
  }, 240_000);
});
