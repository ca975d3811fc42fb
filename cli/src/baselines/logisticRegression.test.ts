import { logisticRegression, type Samples } from './logisticRegression';

const samples = (rows: [values: number[], target: number, importance?: number][]): Samples => ({
  features: rows[0][0].length,
  values: Float32Array.from(rows.flatMap(([values]) => values)),
  targets: Float32Array.from(rows, ([, target]) => target),
  importance: Float32Array.from(rows, ([, , importance = 1]) => importance),
});

const probability = (logit: number) => 1 / (1 + Math.exp(-logit));

describe('logisticRegression', () => {
  it('finds the known minimum', async () => {
    // Without a penalty the fit of two groups is exact: the mean target of each.
    const { weights, bias } = await logisticRegression(
      samples([
        [[-1], 0],
        [[-1], 0],
        [[-1], 0.3],
        [[1], 1],
        [[1], 0.6],
      ]),
      { l2: 0 },
    );
    expect(probability(bias - weights[0])).toBeCloseTo(0.1, 3);
    expect(probability(bias + weights[0])).toBeCloseTo(0.8, 3);
  });

  it('weighs samples', async () => {
    const { bias } = await logisticRegression(
      samples([
        [[0], 1, 3],
        [[0], 0, 1],
      ]),
    );
    expect(probability(bias)).toBeCloseTo(0.75, 3);
  });

  it('knows a rare class from its first step, and loses from then on', async () => {
    const rare: [number[], number][] = Array.from({ length: 100 }, (_, i) => [
      [i === 0 ? 9 : -0.1, i % 2],
      i === 0 ? 1 : 0,
    ]);
    const { losses, weights, bias } = await logisticRegression(samples(rare));
    expect(losses.length).toBe(300);
    expect(losses[0]).toBeCloseTo(-(0.01 * Math.log(0.01) + 0.99 * Math.log(0.99)), 5);
    expect(losses.at(-1)).toBeLessThan(losses[0] / 10);
    expect(bias + 9 * weights[0]).toBeGreaterThan(0);
    expect(bias - 0.1 * weights[0]).toBeLessThan(0);
  });

  it('keeps the weights small where the samples would let them grow for ever', async () => {
    const separable = samples([
      [[-1], 0],
      [[1], 1],
    ]);
    const free = await logisticRegression(separable, { l2: 0 });
    const penalised = await logisticRegression(separable, { l2: 0.1 });
    // Where the slope of the cross-entropy, 1 / (1 + e^w), equals the slope of the penalty, 0.1 w.
    const [weight] = penalised.weights;
    expect(0.1 * weight).toBeCloseTo(probability(-weight), 3);
    expect(free.weights[0]).toBeGreaterThan(2 * weight);
  });

  it('stays finite when there is nothing to tell apart', async () => {
    const { weights, bias } = await logisticRegression(samples([[[1], 1]]));
    expect([...weights, bias].every(Number.isFinite)).toBe(true);
    expect(bias + weights[0]).toBeGreaterThan(0);
  });

  it('reports each step, and stops when it is cancelled', async () => {
    const controller = new AbortController();
    const steps: string[] = [];
    const running = logisticRegression(samples([[[1], 1]]), {
      steps: 40,
      signal: controller.signal,
      onStep: (done, total) => {
        steps.push(`${done}/${total}`);
        if (done === 12) controller.abort();
      },
    });
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    expect(steps).toEqual(Array.from({ length: 20 }, (_, step) => `${step}/40`));
  });
});
