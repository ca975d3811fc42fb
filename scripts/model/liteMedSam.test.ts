import { PIXEL_MEAN, PIXEL_STD } from '../../engine/src/sam/encoderInput';
import type { Weights } from '../../engine/src/sam/weights';
import { liteMedSamWeights } from './liteMedSam';

const SEQ = 'image_encoder.patch_embed.seq';
const tensor = (shape: number[], data: number[]) => ({ shape, data: Float32Array.from(data) });

/** Patch embedding with one output channel in the first convolution, and one in the second. */
function checkpoint(): Weights {
  const norm = (index: number, values: number[]): [string, ReturnType<typeof tensor>][] =>
    ['weight', 'bias', 'running_mean', 'running_var'].map((name, at) => [
      `${SEQ}.${index}.bn.${name}`,
      tensor([1], [values[at]]),
    ]);
  return new Map([
    [`${SEQ}.0.c.weight`, tensor([1, 3, 1, 1], [0.5, -1, 2])],
    ...norm(0, [1.5, 0.25, 0.1, 4]),
    [`${SEQ}.2.c.weight`, tensor([1, 1, 1, 1], [3])],
    ...norm(2, [2, -1, 0.5, 0.25]),
    ['image_encoder.neck.0.weight', tensor([1], [7])],
    ['mask_decoder.iou_token.weight', tensor([1], [9])],
  ]);
}

const NAMES = {
  encoder: [0, 2]
    .flatMap(index => [`${SEQ}.${index}.c.bias`, `${SEQ}.${index}.c.weight`])
    .concat('image_encoder.neck.0.weight'),
  decoder: ['mask_decoder.iou_token.weight'],
};

/** A 3 x 3 convolution with stride 2 and a border of zeros, at one place of an image of even side. */
function convolve(pixels: number[][], side: number, weight: Float32Array, x: number, y: number) {
  let sum = 0;
  pixels.forEach((channel, c) => {
    for (let row = 0; row < 3; row++) {
      for (let column = 0; column < 3; column++) {
        const [v, u] = [2 * y - 1 + row, 2 * x - 1 + column];
        if (u >= 0 && v >= 0) sum += weight[9 * c + 3 * row + column] * channel[v * side + u];
      }
    }
  });
  return sum;
}

it("convolves SAM's pixels over 2 x 2 as LiteMedSAM convolves their mean in 0..1", () => {
  const { encoder } = liteMedSamWeights(checkpoint(), NAMES);
  const bytes = [0, 1, 2].map(c => Array.from({ length: 16 }, (_, at) => (37 * at + 80 * c) % 256));
  const asSam = bytes.map((channel, c) => channel.map(v => (v - PIXEL_MEAN[c]) / PIXEL_STD[c]));
  const weight = encoder.get(`${SEQ}.0.c.weight`)!;
  const [bias] = encoder.get(`${SEQ}.0.c.bias`)!.data;
  expect(weight.shape).toEqual([1, 3, 3, 3]);
  for (const [x, y] of [
    [0, 0],
    [1, 1],
  ]) {
    const mean = bytes.map(
      channel => [0, 1, 4, 5].reduce((sum, at) => sum + channel[8 * y + 2 * x + at], 0) / 4 / 255,
    );
    const convolved = 0.5 * mean[0] - mean[1] + 2 * mean[2];
    const expected = (1.5 * (convolved - 0.1)) / Math.sqrt(4 + 1e-5) + 0.25;
    expect(convolve(asSam, 4, weight.data, x, y) + bias).toBeCloseTo(expected, 5);
  }
});

it('merges batch norms, and takes all else as it is', () => {
  const { encoder, decoder } = liteMedSamWeights(checkpoint(), NAMES);
  const [bias] = encoder.get(`${SEQ}.2.c.bias`)!.data;
  expect(bias).toBeCloseTo(-1 - (0.5 * 2) / 0.5, 4);
  expect(encoder.get('image_encoder.neck.0.weight')!.data).toEqual(Float32Array.of(7));
  expect([...decoder.keys()]).toEqual(NAMES.decoder);
});

it('names a tensor that the checkpoint lacks', () => {
  const names = { ...NAMES, decoder: ['mask_decoder.none'] };
  expect(() => liteMedSamWeights(checkpoint(), names)).toThrow('lacks "mask_decoder.none"');
});
