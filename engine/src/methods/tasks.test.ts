/** @jest-environment ./engine/src/sam/jestEnvironmentOnnx.mjs */
/** Tasks as files, with the real encoder: learned, grown, applied. */
import { builtKernels, kernelDecoders, kernelProducts } from '../../../test/parity/kernelDecoders';
import { decoderWeights, encoderOnnx } from '../../../test/parity/realModel';
import { study } from '../head/testStudies';
import { countOverlap, dice, sumOverlaps } from '../image/overlap';
import { createWasmExecutor } from '../program/wasm/executor';
import type { ImageEncoder } from '../sam/imageEncoder';
import { createImageEncoderNode } from '../sam/imageEncoderOnnxNode';
import type { PropagateParts } from './parts';
import { applyTask, encodeTask, learnTaskFiles, parseTask, type EarlierTask } from './tasks';

const SETTINGS = { name: 'Disk', modelId: 'mobile-sam', iterations: 20, copies: 1 };
const HEADS = { method: 'head' } as const;
const axial = (brightness: number, radii: readonly number[]) => ({
  ...study(brightness, radii),
  axis: 'axial' as const,
});

const decoders = async () => ({
  decoders: (await kernelDecoders()).decoders,
  weights: await decoderWeights(),
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
    const first = await learnTaskFiles([axial(150, [9, 8, 0])], SETTINGS, parts, {}, HEADS);
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

  it('begin with the decoder; heads take over with the third study', async () => {
    const brief = { ...SETTINGS, iterations: 10 };
    const withDecoder = { ...parts, ...(await decoders()) };
    const learn = (brightness: number, earlier?: EarlierTask) =>
      learnTaskFiles([axial(brightness, [9, 8])], brief, withDecoder, {}, { earlier, grows: true });
    const first = await learn(150);
    expect(first.metadata).toMatchObject({ method: 'paper', encoderSize: 512, studies: 1 });
    const second = await learn(170, first);
    expect(second.metadata).toMatchObject({ method: 'paper', shots: 4, studies: 2 });
    const third = await learn(160, second);
    expect(third.metadata).toMatchObject({ method: 'head', shots: 6, studies: 3 });
    expect(third.metadata.leaveOneOut).toBeGreaterThan(0.5);

    // Without the slices that heads would need, the decoder goes on.
    const imported = await learn(160, { task: second.task });
    expect(imported.metadata).toMatchObject({ method: 'paper', shots: 6, studies: 3 });
  }, 240_000);
});
