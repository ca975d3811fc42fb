import { ReferenceExecutor } from '../program/referenceExecutor';
import { createFeatureProducts, PLAIN_PRODUCTS } from './featureProducts';

/** [2, 3]: three tokens of two channels. */
const FEATURES = Float32Array.of(1, 2, 3, /**/ 4, 5, 9);
const MEAN = Float32Array.of(2, 6);
/** [1, 2] */
const AXES = Float32Array.of(0.5, 2);

describe.each([
  ['in plain JavaScript', async () => PLAIN_PRODUCTS],
  [
    'on an executor',
    async () =>
      createFeatureProducts(async program => new ReferenceExecutor(program), {
        channels: 2,
        dimensions: 1,
      }),
  ],
])('feature products %s', (_, create) => {
  it('sums the products of each two channels', async () => {
    const { covariance } = await create();
    // Centerd: -1 0 1 and -2 -1 3.
    expect([...Array.from(await covariance(FEATURES, MEAN))]).toEqual([2, 5, 5, 14]);
  });

  it('projects each token', async () => {
    const { project } = await create();
    expect([...(await project(FEATURES, MEAN, AXES))]).toEqual([-4.5, -2, 6.5]);
  });

  it('takes another number of tokens next', async () => {
    const { covariance, project } = await create();
    await covariance(FEATURES, MEAN);
    expect([...(await project(Float32Array.of(4, 7), MEAN, AXES))]).toEqual([3]);
    expect([...(await project(FEATURES, MEAN, AXES))]).toEqual([-4.5, -2, 6.5]);
  });

  it('leaves its input as it is', async () => {
    const features = FEATURES.slice();
    const { covariance } = await create();
    await covariance(features, MEAN);
    expect(features).toEqual(FEATURES);
  });
});
