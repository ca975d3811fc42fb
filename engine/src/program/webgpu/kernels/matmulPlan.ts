/** How a workgroup of 256 invocations, each with 4 x 4 values, computes its part of a matmul. */
export interface Tiling {
  readonly rows: number;
  readonly columns: number;
  /** Length along the inner dimension held in workgroup memory at a time. */
  readonly inner: number;
  /** Groups of invocations that compute the same values, each over its part of the inner dimension. */
  readonly slices: number;
}

export interface MatMulPlan {
  readonly tiling: Tiling;
  /** Number of workgroups that the inner dimension is divided among. */
  readonly splits: number;
  /** A multiple of `tiling.inner`. */
  readonly innerPerSplit: number;
}

const LARGE: Tiling = { rows: 64, columns: 64, inner: 16, slices: 1 };

/** For few rows: many more workgroups, and few steps even over an inner dimension of thousands. */
const SMALL = { rows: 8, columns: 16, slices: 32 } as const;
const SMALL_INNER = [32, 64, 128];

/** Below these, latency dominates, not arithmetic. */
const FEW_TILES = 32;
const FEW_MULTIPLICATIONS = 2 ** 26;

/** Workgroups that fill a GPU, and the least inner length per workgroup when it is split. */
const ENOUGH_WORKGROUPS = 128;
const LEAST_INNER = 256;

/** Plans the matmul of [rows, inner] and [inner, columns]. */
export function matmulPlan(rows: number, columns: number, inner: number): MatMulPlan {
  const largeTiles = tiles(rows, columns, LARGE);
  const isSmall =
    Math.min(rows, columns) <= 16 ||
    (largeTiles < FEW_TILES && rows * columns * inner < FEW_MULTIPLICATIONS);
  const tiling = isSmall
    ? { ...SMALL, inner: SMALL_INNER.find(length => length >= inner) ?? SMALL_INNER.at(-1)! }
    : LARGE;
  const workgroups = tiles(rows, columns, tiling);
  const worthSplitting = isSmall ? 4096 : 1024;
  const wanted =
    inner < worthSplitting
      ? 1
      : Math.min(Math.ceil(ENOUGH_WORKGROUPS / workgroups), Math.floor(inner / LEAST_INNER));
  const innerPerSplit = Math.ceil(inner / wanted / tiling.inner) * tiling.inner;
  return { tiling, splits: Math.ceil(inner / innerPerSplit), innerPerSplit };
}

function tiles(rows: number, columns: number, tiling: { rows: number; columns: number }): number {
  return Math.ceil(rows / tiling.rows) * Math.ceil(columns / tiling.columns);
}
