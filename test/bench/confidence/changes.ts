/** Deliberate faults in a series or its outlines. None of these functions alters its input. */
import type { FewshotJob } from '../../../engine/src/job/job';
import { gaussian, seededRandom, shuffled } from '../../../engine/src/numeric/random';
import type { Mask, Slice } from '../../../engine/src/image/slice';

export interface Study {
  job: FewshotJob;
  /** Wanted slice index -> truth. */
  truth: ReadonlyMap<number, Mask>;
}

type Pixels = Float32Array;

/** Returns a study with the pixels of some slices rewritten. */
export function repaint(
  { job, truth }: Study,
  on: (index: number) => boolean,
  paint: (pixels: Pixels, slice: Slice) => Pixels,
): Study {
  const slices = job.slices.map(slice =>
    on(slice.index) ? { ...slice, pixels: paint(Float32Array.from(slice.pixels), slice) } : slice,
  );
  return { job: { ...job, slices }, truth };
}

export const isBetween = (first: number, last: number) => (index: number) =>
  index >= first && index <= last;

export function blank(study: Study, on: (index: number) => boolean, value: number): Study {
  return repaint(study, on, pixels => pixels.fill(value));
}

/** Adds noise to slices. @param deviation standard deviation in the units of the image */
export function drown(study: Study, on: (index: number) => boolean, deviation: number): Study {
  return repaint(study, on, (pixels, { index }) => {
    const random = seededRandom(7 + index);
    return pixels.map(value => value + deviation * gaussian(random));
  });
}

/** Inverts intensities around `middle`. */
export function invert(study: Study, on: (index: number) => boolean, middle: number): Study {
  return repaint(study, on, pixels => pixels.map(value => 2 * middle - value));
}

function shiftRows<T extends Pixels | Mask>(from: T, columns: number, by: number): T {
  const moved = from.slice() as T;
  for (let i = 0; i < moved.length; i++) {
    const column = (i % columns) - by;
    const clamped = Math.min(Math.max(column, 0), columns - 1);
    moved[i] = from[i - (i % columns) + clamped];
  }
  return moved;
}

/** Shifts slices sideways, with their truth. */
export function moveAside(study: Study, on: (index: number) => boolean, mm: number): Study {
  const { columns, columnSpacing } = study.job.slices[0];
  const by = Math.round(mm / columnSpacing);
  const moved = repaint(study, on, pixels => shiftRows(pixels, columns, by));
  const truth = new Map(
    [...study.truth].map(([index, mask]) => [
      index,
      on(index) ? shiftRows(mask, columns, by) : mask,
    ]),
  );
  return { job: moved.job, truth };
}

/** Shuffles the wanted slices, with their truth. */
export function shuffleOrder(study: Study, seed: number): Study {
  const wanted = study.job.targets;
  const order = shuffled(wanted.length, seededRandom(seed));
  const from = new Map(wanted.map((index, i) => [index, wanted[order[i]]]));
  const bySlice = new Map(study.job.slices.map(slice => [slice.index, slice]));
  const slices = study.job.slices.map(slice => ({
    ...bySlice.get(from.get(slice.index) ?? slice.index)!,
    index: slice.index,
  }));
  const truth = new Map(wanted.map(index => [index, study.truth.get(from.get(index)!)!]));
  return { job: { ...study.job, slices }, truth };
}

/** Keeps only every `step`-th slice, `step` times as far apart. Outlined slices must be among them. */
export function thinOut({ job, truth }: Study, step: number): Study {
  const kept = job.slices.filter(({ index }) => index % step === 0);
  const thinner = <T>(map: ReadonlyMap<number, T>) =>
    new Map([...map].flatMap(([i, value]) => (i % step ? [] : [[i / step, value] as const])));
  return {
    job: {
      ...job,
      slices: kept.map(slice => ({ ...slice, index: slice.index / step })),
      labels: thinner(job.labels),
      targets: job.targets.flatMap(index => (index % step ? [] : index / step)),
      sliceSpacing: (job.sliceSpacing ?? 3) * step,
    },
    truth: thinner(truth),
  };
}

/** Adds bright and dark streaks from a point, like metal in CT. */
export function addMetal(study: Study, on: (index: number) => boolean, streak: number): Study {
  return repaint(study, on, (pixels, { rows, columns, index }) => {
    const [row, column] = [rows * 0.45, columns * 0.5];
    return pixels.map((value, i) => {
      const [y, x] = [Math.floor(i / columns) - row, (i % columns) - column];
      const distance = Math.hypot(x, y);
      if (distance < 4) return 3000;
      const angle = Math.atan2(y, x) + index;
      return value + (streak * Math.cos(9 * angle) * 12) / (distance + 8);
    });
  });
}

/** Replaces the outlines. */
export function redraw(
  { job, truth }: Study,
  draw: (mask: Mask, index: number, columns: number) => Mask,
): Study {
  const { columns } = job.slices[0];
  const labels = new Map(
    [...job.labels].map(([index, mask]) => [index, draw(mask, index, columns)]),
  );
  return { job: { ...job, labels }, truth };
}

/** Cuts a hole in the middle of a mask, like a careless outline. */
export function withHole(mask: Mask, share: number, columns: number): Mask {
  const pixels = [...mask.keys()].filter(i => mask[i]);
  const row = mean(pixels.map(i => Math.floor(i / columns)));
  const column = mean(pixels.map(i => i % columns));
  const radius = Math.sqrt((share * pixels.length) / Math.PI);
  return mask.map((value, i) =>
    Math.hypot(Math.floor(i / columns) - row, (i % columns) - column) < radius ? 0 : value,
  );
}

/** Makes an outline rough: moves its edge by up to `pixels` to either side. */
export function rough(mask: Mask, pixels: number, columns: number, seed: number): Mask {
  const inside = [...mask.keys()].filter(i => mask[i]);
  const row = mean(inside.map(i => Math.floor(i / columns)));
  const column = mean(inside.map(i => i % columns));
  return mask.map((_, i) => {
    const [y, x] = [Math.floor(i / columns) - row, (i % columns) - column];
    const distance = Math.hypot(x, y);
    const angle = Math.atan2(y, x);
    const wander = pixels * Math.sin(3 * angle + seed) * Math.cos(2 * angle + 2 * seed);
    const scale = distance === 0 ? 1 : (distance + wander) / distance;
    const from = Math.round(row + y * scale) * columns + Math.round(column + x * scale);
    return mask[from] ?? 0;
  });
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
