import type { Mask, Slice } from '../image/slice';
import type { FewshotStudy } from '../job/method';

const SIDE = 64;
const WINDOW = { kind: 'clip', low: 0, high: 200 } as const;

/** A bright disk in a gray body, for which `radius` 0 says that it is absent. */
function drawn(index: number, radius: number, brightness: number) {
  const mask: Mask = new Uint8Array(SIDE * SIDE);
  const pixels = Float32Array.from(mask, (_, i) => {
    const y = Math.floor(i / SIDE) + 0.5 - SIDE / 2;
    const x = (i % SIDE) + 0.5 - SIDE / 2;
    if (Math.hypot(y, x - 8) < radius) mask[i] = 1;
    return (mask[i] ? brightness : Math.hypot(y, x) < 28 ? 70 : 0) + 6 * Math.sin(i * i);
  });
  const grid = { rows: SIDE, columns: SIDE, rowSpacing: 4, columnSpacing: 4 };
  const slice: Slice = { pixels, ...grid, index, identity: `${index} ${radius} ${brightness}` };
  return { slice, mask };
}

/** A phantom study for tests: a slice for each radius, with its true mask. */
export function study(
  brightness: number,
  radii: readonly number[],
): FewshotStudy & { masks: Mask[] } {
  const all = radii.map((radius, index) => drawn(index, radius, brightness));
  return {
    slices: all.map(({ slice }) => slice),
    labels: new Map(all.map(({ slice, mask }) => [slice.index, mask])),
    masks: all.map(({ mask }) => mask),
    window: WINDOW,
  };
}
