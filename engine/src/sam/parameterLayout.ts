import { toMatMulLayout, toSamLayout } from './matmulLayout';
import type { Weights } from './weights';
import { aligned } from '../program/programBuilder';
import type { Storage, Tensor } from '../program/program';

/** Position of each weight in the storage of all parameters. */
export interface ParameterLayout {
  /** Number of values of all weights, including the gaps between them for alignment. */
  length: number;
  places: ReadonlyMap<string, { offset: number; rows: number; columns: number }>;
}

/**
 * Lays out weights one after the other, in the layout in which a layer is `x W`.
 *
 * @param names weights to include
 */
export function parameterLayout(weights: Weights, names: readonly string[]): ParameterLayout {
  const places = new Map<string, { offset: number; rows: number; columns: number }>();
  let length = 0;
  for (const name of names) {
    const { shape } = toMatMulLayout(name, weights.get(name)!);
    const [rows, columns] = shape.length === 1 ? [1, shape[0]] : shape;
    places.set(name, { offset: length, rows, columns });
    length = aligned(length + rows * columns);
  }
  return { length, places };
}

/** Returns a weight as a tensor in that storage. */
export function parameterTensor(layout: ParameterLayout, storage: Storage, name: string): Tensor {
  return { storage, ...layout.places.get(name)! };
}

/** Packs the values of all weights in that layout. */
export function packParameters(layout: ParameterLayout, weights: Weights): Float32Array {
  const packed = new Float32Array(layout.length);
  for (const [name, { offset }] of layout.places) {
    packed.set(toMatMulLayout(name, weights.get(name)!).data, offset);
  }
  return packed;
}

/** Inverse of `packParameters`: weights under SAM's names, in SAM's layout. */
export function unpackParameters(layout: ParameterLayout, packed: Float32Array): Weights {
  return new Map(
    [...layout.places].map(([name, { offset, rows, columns }]) => {
      const shape = name.endsWith('.weight') && rows > 1 ? [rows, columns] : [columns];
      const data = packed.slice(offset, offset + rows * columns);
      return [name, toSamLayout(name, { shape, data })];
    }),
  );
}
