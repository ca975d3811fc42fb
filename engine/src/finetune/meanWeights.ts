import type { Weights } from '../sam/weights';

/**
 * Mean of the weights at several moments of a training. It depends less on which slices came last than any of them,
 * and finds more in other patients (Izmailov et al., "Averaging Weights Leads to Wider Optima and Better
 * Generalization", UAI 2018).
 */
export class MeanWeights {
  private readonly sums = new Map<string, { shape: number[]; data: Float64Array }>();
  private count = 0;

  /** @param weights always tensors of the same names and shapes; not modified */
  add(weights: Weights): void {
    this.count++;
    for (const [name, { shape, data }] of weights) {
      const sum = this.sums.get(name)?.data ?? new Float64Array(data.length);
      for (let i = 0; i < data.length; i++) sum[i] += data[i];
      this.sums.set(name, { shape: [...shape], data: sum });
    }
  }

  /** Returns the mean; call `add` before. */
  mean(): Weights {
    return new Map(
      [...this.sums].map(([name, { shape, data }]) => [
        name,
        { shape, data: Float32Array.from(data, sum => sum / this.count) },
      ]),
    );
  }
}
