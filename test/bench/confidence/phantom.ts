/** A synthetic body with known truth, the same on every computer. */
import type { FewshotJob } from '../../../engine/src/job/job';
import { gaussian, seededRandom } from '../../../engine/src/numeric/random';
import type { Mask, Slice } from '../../../engine/src/image/slice';

export const SIDE = 80;
export const WINDOW = { kind: 'clip', low: -160, high: 240 } as const;
const SPACING = 1.5;
const NOISE = 12;
/** HU */
const AIR = -1000;
const FAT = -90;
const MUSCLE = 55;
const ORGAN = 95;
const BONE = 400;

export interface Ellipse {
  row: number;
  column: number;
  /** Half axes in pixels. */
  height: number;
  width: number;
}

export interface PhantomOptions {
  slices: number;
  /** The structure on each slice: none, one or several parts. */
  structure(index: number): Ellipse[];
  /** HU of the structure. */
  value?: number;
}

export interface Phantom {
  slices: Slice[];
  truth: Map<number, Mask>;
}

const isInside = ({ row, column, height, width }: Ellipse, r: number, c: number) =>
  ((r - row) / height) ** 2 + ((c - column) / width) ** 2 <= 1;

/**
 * Makes a trunk with a spine, a vessel and a muscle, which drift from slice to slice, and the structure.
 */
export function phantom({ slices, structure, value = ORGAN }: PhantomOptions): Phantom {
  const truth = new Map<number, Mask>();
  const all = Array.from({ length: slices }, (_, index): Slice => {
    const random = seededRandom(1000 + index);
    const parts = structure(index);
    const sway = 2 * Math.sin(index / 4);
    const body: [Ellipse, number][] = [
      [{ row: 40, column: 40, height: 34, width: 38 }, FAT],
      [{ row: 40, column: 40, height: 30, width: 34 }, MUSCLE],
      [{ row: 58, column: 40 + sway, height: 7, width: 7 + sway / 2 }, BONE],
      [{ row: 47 + sway / 2, column: 46, height: 4, width: 4 }, 160],
      [{ row: 26 - sway, column: 60, height: 8, width: 6 }, FAT],
      [{ row: 30, column: 16 + sway, height: 9, width: 4 }, -30],
    ];
    const mask: Mask = new Uint8Array(SIDE * SIDE);
    const pixels = new Float32Array(SIDE * SIDE).map((_, i) => {
      const [r, c] = [Math.floor(i / SIDE), i % SIDE];
      let hu = AIR;
      for (const [ellipse, tissue] of body) if (isInside(ellipse, r, c)) hu = tissue;
      if (parts.some(part => isInside(part, r, c))) {
        mask[i] = 1;
        hu = value;
      }
      return hu + NOISE * gaussian(random);
    });
    truth.set(index, mask);
    const grid = { rows: SIDE, columns: SIDE, rowSpacing: SPACING, columnSpacing: SPACING };
    return { pixels, ...grid, index, identity: '' };
  });
  return { slices: all, truth };
}

/** Makes a job with true outlines on `shots`; all other slices are targets. */
export function jobOf({ slices, truth }: Phantom, shots: readonly number[]): FewshotJob {
  return {
    slices,
    labels: new Map(shots.map(index => [index, truth.get(index)!])),
    targets: slices.map(({ index }) => index).filter(index => !shots.includes(index)),
    window: WINDOW,
    sliceSpacing: 3,
    // Use the same crop in every case, so that equal slices are encoded once.
    continues: {
      asked: WINDOW,
      window: { low: WINDOW.low, high: WINDOW.high },
      crop: { row: 0, column: 0, rows: SIDE, columns: SIDE },
    },
  };
}
