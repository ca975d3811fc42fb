import { neighbours } from '../image/neighbours';
import { gaps } from './gaps';
import { matchSlices, withinReach, type Votes } from './matchSlices';
import type { TokenGrid } from './tokenGrid';
import type { TokenLabels } from './tokenLabels';

/** What the slice just before on the way counts, where a labelled slice at distance 1 counts 1. */
const PREVIOUS_SLICE_WEIGHT = 2;
/** Keeps tokens that resemble nothing from dividing by zero: they stay background. */
const TINY = 1e-30;

/** What a slice got from the labelled slices below and above it; null where there is none. */
export interface Carried {
  fromBelow: TokenLabels | null;
  fromAbove: TokenLabels | null;
}

/**
 * Carries labels from labelled slices through the others, in both directions. Each slice is compared
 * with the labelled slices around it and with the slice before it on the way.
 *
 * @param grids slice index -> tokens, of every wanted and labelled slice
 * @param labels labelled slice index -> labels
 * @param wanted ascending, not labelled
 * @param onSlice called before each slice with how many are done; may throw to stop
 * @param usesPrevious whether the slice before it on the way counts
 */
export async function walk(
  grids: ReadonlyMap<number, TokenGrid>,
  labels: ReadonlyMap<number, TokenLabels>,
  wanted: readonly number[],
  onSlice: (done: number) => void | Promise<void> = () => undefined,
  usesPrevious = true,
): Promise<Map<number, Carried>> {
  const around = new Map(wanted.map(index => [index, neighbours(index, labels.keys())]));
  const up = new Map<number, TokenLabels>();
  const down = new Map<number, TokenLabels>();
  let done = 0;
  for (const gap of gaps(wanted, labels.keys())) {
    // Comparing with the labelled slices serves both ways. Kept for one gap only: 0.3 MB a slice.
    const fixed = new Map<number, Votes & { active: Uint8Array }>();
    const fixedVotes = (index: number) => {
      let votes = fixed.get(index);
      if (!votes)
        fixed.set(index, (votes = votesOfLabelled(index, around.get(index)!, grids, labels)));
      return votes;
    };
    for (const way of ['below', 'above'] as const) {
      if (around.get(gap[0])![way] === null) continue;
      const carried = way === 'below' ? up : down;
      let previous: number | undefined;
      for (const index of way === 'below' ? gap : [...gap].reverse()) {
        await onSlice(done / 2);
        const { active, ...votes } = fixedVotes(index);
        const parts: (Votes & { factor: number })[] = [{ ...votes, factor: 1 }];
        if (usesPrevious && previous !== undefined) {
          const apart = Math.abs(index - previous);
          const match = matchSlices(
            grids.get(index)!,
            grids.get(previous)!,
            carried.get(previous)!,
            apart,
            active,
          );
          parts.push({ ...match, factor: PREVIOUS_SLICE_WEIGHT / apart });
        }
        carried.set(index, shares(sumVotes(parts)));
        previous = index;
        done++;
      }
    }
  }
  return new Map(
    wanted.map(index => [
      index,
      { fromBelow: up.get(index) ?? null, fromAbove: down.get(index) ?? null },
    ]),
  );
}

/**
 * Adds slices that were not matched themselves: each takes the mean of the slices right beside it.
 *
 * @param carried of the slices beside them that are not labelled; gets the others
 */
export function carryBetween(
  indices: Iterable<number>,
  carried: Map<number, Carried>,
  labels: ReadonlyMap<number, TokenLabels>,
): void {
  for (const index of indices) {
    const { below, above } = neighbours(index, labels.keys());
    const sides = [index - 1, index + 1];
    const from = (way: keyof Carried, start: number | null) => {
      if (start === null) return null;
      const known = sides.flatMap(side => labels.get(side) ?? carried.get(side)?.[way] ?? []);
      return known[0].map((_, i) => known.reduce((sum, one) => sum + one[i], 0) / known.length);
    };
    carried.set(index, {
      fromBelow: from('fromBelow', below),
      fromAbove: from('fromAbove', above),
    });
  }
}

/**
 * What the labelled slices around a slice say about it, by direct comparison.
 *
 * @returns null for a side where there is none
 */
export function matchNeighbours(
  index: number,
  around: { below: number | null; above: number | null },
  grids: ReadonlyMap<number, TokenGrid>,
  labels: ReadonlyMap<number, TokenLabels>,
): Carried {
  const from = (other: number | null) =>
    other === null
      ? null
      : shares(votesOfLabelled(index, { below: other, above: null }, grids, labels));
  return { fromBelow: from(around.below), fromAbove: from(around.above) };
}

function votesOfLabelled(
  index: number,
  { below, above }: { below: number | null; above: number | null },
  grids: ReadonlyMap<number, TokenGrid>,
  labels: ReadonlyMap<number, TokenLabels>,
): Votes & { active: Uint8Array } {
  const others = [below, above].filter(other => other !== null);
  const grid = grids.get(index)!;
  const active = withinReach(
    others.map(other => labels.get(other)!),
    grid.size,
  );
  const parts = others.map(other => {
    const apart = Math.abs(index - other);
    return {
      ...matchSlices(grid, grids.get(other)!, labels.get(other)!, apart, active),
      factor: 1 / apart,
    };
  });
  return { ...sumVotes(parts), active };
}

function sumVotes(parts: readonly (Votes & { factor: number })[]): Votes {
  const sum: Votes = {
    weights: new Float32Array(parts[0].weights.length),
    foreground: new Float32Array(parts[0].foreground.length),
  };
  for (const { weights, foreground, factor } of parts) {
    for (let i = 0; i < weights.length; i++) sum.weights[i] += factor * weights[i];
    for (let i = 0; i < foreground.length; i++) sum.foreground[i] += factor * foreground[i];
  }
  return sum;
}

function shares({ weights, foreground }: Votes): TokenLabels {
  const cells = foreground.length / weights.length;
  return foreground.map((value, i) => value / (weights[Math.floor(i / cells)] + TINY));
}
