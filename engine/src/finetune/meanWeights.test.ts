import { MeanWeights } from './meanWeights';

const weights = (...values: number[]) =>
  new Map([
    ['a', { shape: [1, 2], data: Float32Array.from(values) }],
    ['constant', { shape: [1], data: Float32Array.of(0.1) }],
  ]);

it('is the mean of each tensor, and leaves the weights as they were', () => {
  const [first, second] = [weights(1, -2), weights(2, 4)];
  const mean = new MeanWeights();
  mean.add(first);
  mean.add(second);
  mean.add(weights(3, 4));
  expect(mean.mean()).toEqual(weights(2, 2));
  expect(first).toEqual(weights(1, -2));
});
