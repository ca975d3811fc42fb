import { ReferenceExecutor } from '../program/referenceExecutor';
import { testValues } from '../numeric/comparison';
import { headLayers, headProgram, startParameters } from './headProgram';

const SHAPE = { size: 9, channels: 4, width: 4 };
const CELLS = SHAPE.size ** 2;

/** Logits of foreground minus background, computed as a convolutional network is defined. */
function convolved(parameters: Float32Array, features: Float32Array): number[] {
  const { size, channels, width } = SHAPE;
  const { layers } = headLayers(SHAPE);
  const at = ({ offset, columns }: { offset: number; columns: number }, row: number, column = 0) =>
    parameters[offset + row * columns + column];
  let input = Array.from({ length: CELLS }, (_, cell) =>
    Array.from(features.subarray(cell * channels, (cell + 1) * channels)),
  );
  layers.slice(0, -1).forEach(({ weight, bias }, layer) => {
    const dilation = [0, 1, 2, 4][layer];
    const reach = layer === 0 ? [0] : [-1, 0, 1];
    input = input.map((_, cell) =>
      Array.from({ length: width }, (_, out) => {
        let sum = at(bias!, 0, out);
        let row = 0;
        for (const dy of reach) {
          for (const dx of reach) {
            const y = Math.floor(cell / size) + dy * dilation;
            const x = (cell % size) + dx * dilation;
            const isInside = y >= 0 && y < size && x >= 0 && x < size;
            for (let c = 0; c < input[0].length; c++, row++) {
              if (isInside) sum += input[y * size + x][c] * at(weight, row, out);
            }
          }
        }
        return Math.max(0, sum);
      }),
    );
  });
  const { weight } = layers.at(-1)!;
  return input.map(values =>
    values.reduce((sum, value, c) => sum + value * (at(weight, 0, c) - at(weight, 1, c)), 0),
  );
}

describe('a segmentation head', () => {
  const features = testValues(CELLS * SHAPE.channels, 1);
  const parameters = startParameters(SHAPE, 3);
  // Biases start at zero; here they count.
  headLayers(SHAPE).layers.forEach(({ bias }) => {
    if (bias) parameters.set(testValues(bias.columns, 2), bias.offset);
  });

  it('is a 1 x 1 and three dilated 3 x 3 convolutions with ReLU, then a classifier', async () => {
    const head = headProgram(SHAPE, null);
    const executor = new ReferenceExecutor(head.program);
    executor.write(head.parameters, parameters);
    executor.write(head.features, features);
    await executor.run('forward');
    const pair = await executor.read(head.logits);
    const expected = convolved(parameters, features);
    expected.forEach((logit, cell) =>
      expect(pair[cell] - pair[CELLS + cell]).toBeCloseTo(logit, 4),
    );
  });

  it('has the gradients of its loss', async () => {
    const settings = {
      learningRate: 1e-3,
      betas: [0.9, 0.99] as const,
      epsilon: 1e-7,
      diceSmoothing: 1,
    };
    const head = headProgram(SHAPE, settings);
    const { target, valid, loss } = head.training!;
    const executor = new ReferenceExecutor(head.program);
    executor.write(head.features, features);
    executor.write(target, testValues(CELLS, 4).map(Math.abs));
    executor.write(valid, new Float32Array(CELLS).fill(0.5));
    const lossAt = async (values: Float32Array) => {
      executor.write(head.parameters, values);
      await executor.run('gradient');
      return executor.readExactly(loss)[0];
    };
    await lossAt(parameters);
    const storage = head.program.storages.find(({ role }) => role === 'gradient')!;
    const gradient = await executor.read({ ...head.parameters, storage });
    const largest = Math.max(...gradient.map(Math.abs));
    for (const { weight, bias } of headLayers(SHAPE).layers) {
      for (const i of [weight.offset + 1, ...(bias ? [bias.offset + 2] : [])]) {
        const step = 1 / 4096;
        const moved = (by: number) => parameters.map((value, j) => (j === i ? value + by : value));
        const slope = ((await lossAt(moved(step))) - (await lossAt(moved(-step)))) / (2 * step);
        expect(Math.abs(slope - gradient[i]) / largest).toBeLessThan(2e-3);
      }
    }
  });
});
