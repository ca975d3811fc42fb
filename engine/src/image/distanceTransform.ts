import type { Triple } from '../geometry/grid';
import { mapInto } from '../numeric/mapInto';

/**
 * Squared distance in mm² from every voxel center to the nearest center of a feature voxel. Exact,
 * for any spacing: Felzenszwalb and Huttenlocher, "Distance Transforms of Sampled Functions"
 * (Theory of Computing 8, 2012), one pass of lower envelopes of parabolas per axis.
 *
 * @param features other than 0 where a feature is
 * @param size voxels along each axis, the fastest in memory first
 * @param spacing mm along each axis
 * @returns float64, `Infinity` everywhere when there is no feature
 */
export function squaredDistances(
  features: ArrayLike<number>,
  size: Triple,
  spacing: Triple,
): Float64Array {
  const distances = mapInto(features, new Float64Array(features.length), value =>
    value ? 0 : Infinity,
  );
  const strides = [1, size[0], size[0] * size[1]];
  for (let axis = 0; axis < 3; axis++) {
    const pass = new EnvelopePass(size[axis], strides[axis], spacing[axis]);
    const [first, second] = [0, 1, 2].filter(other => other !== axis);
    for (let j = 0; j < size[second]; j++) {
      for (let i = 0; i < size[first]; i++) {
        pass.run(distances, i * strides[first] + j * strides[second]);
      }
    }
  }
  return distances;
}

/** The one-dimensional transform of one line of the grid; its buffers serve all lines of an axis. */
class EnvelopePass {
  private readonly values: Float64Array;
  /** Positions, as indices on the line, of the parabolas of the lower envelope. */
  private readonly vertices: Int32Array;
  /** Where each of these parabolas begins to be the lowest, in mm. */
  private readonly starts: Float64Array;

  constructor(
    private readonly length: number,
    private readonly stride: number,
    private readonly spacing: number,
  ) {
    this.values = new Float64Array(length);
    this.vertices = new Int32Array(length);
    this.starts = new Float64Array(length);
  }

  run(distances: Float64Array, offset: number): void {
    const { length, stride, spacing, values, vertices, starts } = this;
    let last = -1;
    for (let i = 0; i < length; i++) {
      const value = distances[offset + i * stride];
      values[i] = value;
      if (value === Infinity) continue;
      let start = -Infinity;
      while (last >= 0) {
        start = this.intersection(vertices[last], i);
        if (start > starts[last]) break;
        last--;
        start = -Infinity;
      }
      last++;
      vertices[last] = i;
      starts[last] = start;
    }
    if (last < 0) return;
    let current = 0;
    for (let i = 0; i < length; i++) {
      const position = i * spacing;
      while (current < last && starts[current + 1] < position) current++;
      const distance = (i - vertices[current]) * spacing;
      distances[offset + i * stride] = distance * distance + values[vertices[current]];
    }
  }

  /** Where, in mm, the parabola of `right` becomes lower than that of `left`. */
  private intersection(left: number, right: number): number {
    const { values, spacing } = this;
    const a = left * spacing;
    const b = right * spacing;
    return (values[right] + b * b - values[left] - a * a) / (2 * (b - a));
  }
}
