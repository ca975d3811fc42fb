import { neighbors } from '../image/neighbors';
import { gaps } from './gaps';
import { matchSlices, withinReach, type MatchSlices, type Votes } from './matchSlices';
import type { TokenGrid } from './tokenGrid';
import type { TokenLabels } from './tokenLabels';

/** Weight of the previous slice of the walk; a labeled slice at distance 1 has weight 1. */
const PREVIOUS_SLICE_WEIGHT = 2;
/** Avoids division by zero for tokens without a match: they stay background. */
const TINY = 1e-30;

/** Labels carried to a slice from the labeled slices below and above it; null where there is none. */
export interface Carried {
  fromBelow: TokenLabels | null;
  fromAbove: TokenLabels | null;
  /** Labels from the slices on both sides after matching again, see `rematch`. */
  rematched?: TokenLabels;
}

export interface WalkOptions {
  /**
   * Called before each slice with the direction, 0 or 1, and how many slices are done in it; may throw to
   * stop.
   */
  onSlice?(way: 0 | 1, done: number): void | Promise<void>;
  /**
   * Called with the labels carried to each slice so far; in the first direction, those of one side only.
   */
  onCarried?(index: number, carried: Carried): void | Promise<void>;
  /** Whether the previous slice of the walk is matched too; true by default. */
  usesPrevious?: boolean;
  /** Plain JavaScript by default. */
  match?: MatchSlices;
  /**
   * Receives the votes of the labeled slices for each slice: 84 kB with 2 x 2 cells per token, at most 0.3
   * MB. Without it they are dropped.
   */
  labeledVotes?: Map<number, LabeledVotes>;
}

/**
 * Carries labels from labeled slices through the others, in both directions. Matches each slice with the
 * labeled slices around it and with the previous slice of the walk. Requests grids in the order of the
 * walk: that of the slice, then that of the previous one.
 *
 * @param gridOf returns the tokens of any wanted or labeled slice
 * @param labels labeled slice index -> labels
 * @param wanted ascending, not labeled
 */
export async function walk(
  gridOf: (index: number) => TokenGrid | Promise<TokenGrid>,
  labels: ReadonlyMap<number, TokenLabels>,
  wanted: readonly number[],
  { onSlice, onCarried, usesPrevious = true, match = matchSlices, labeledVotes }: WalkOptions = {},
): Promise<Map<number, Carried>> {
  const around = new Map(wanted.map(index => [index, neighbors(index, labels.keys())]));
  const carried = { below: new Map<number, TokenLabels>(), above: new Map<number, TokenLabels>() };
  const carriedTo = (index: number): Carried => ({
    fromBelow: carried.below.get(index) ?? null,
    fromAbove: carried.above.get(index) ?? null,
  });
  const done = [0, 0];
  for (const gap of gaps(wanted, labels.keys())) {
    const sides = around.get(gap[0])!;
    const ways = (['below', 'above'] as const).filter(way => sides[way] !== null);
    // Votes of the labeled slices serve both directions; at most 0.3 MB per slice (4 x 4 cells per token).
    const fixed = labeledVotes ?? new Map<number, LabeledVotes>();
    for (const [i, way] of ways.entries()) {
      let previous: number | undefined;
      for (const index of way === 'below' ? gap : [...gap].reverse()) {
        await onSlice?.(i as 0 | 1, done[i]++);
        const grid = await gridOf(index);
        const votes =
          fixed.get(index) ??
          (await votesOfLabeled(index, grid, around.get(index)!, gridOf, labels, match));
        if (labeledVotes || i + 1 < ways.length) fixed.set(index, votes);
        else fixed.delete(index);
        const parts: WeightedVotes[] = [{ ...votes, factor: 1 }];
        if (usesPrevious && previous !== undefined) {
          const apart = Math.abs(index - previous);
          const previousVotes = match(
            grid,
            await gridOf(previous),
            carried[way].get(previous)!,
            apart,
            votes.active,
          );
          parts.push({ ...previousVotes, factor: PREVIOUS_SLICE_WEIGHT / apart });
        }
        carried[way].set(index, foregroundFractions(sumVotes(parts)));
        await onCarried?.(index, carriedTo(index));
        previous = index;
      }
    }
  }
  return new Map(wanted.map(index => [index, carriedTo(index)]));
}

/**
 * Adds slices that were not matched themselves: each takes the mean of its adjacent slices.
 *
 * @param carried labels of the matched slices; receives those of the others
 */
export function carryBetween(
  indices: Iterable<number>,
  carried: Map<number, Carried>,
  labels: ReadonlyMap<number, TokenLabels>,
): void {
  for (const index of indices) {
    const { below, above } = neighbors(index, labels.keys());
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

type WeightedVotes = Votes & { factor: number };
/** Votes of the labeled slices around a slice, and the tokens where the structure can be. */
export type LabeledVotes = Votes & { active: Uint8Array };

async function votesOfLabeled(
  index: number,
  grid: TokenGrid,
  { below, above }: { below: number | null; above: number | null },
  gridOf: (index: number) => TokenGrid | Promise<TokenGrid>,
  labels: ReadonlyMap<number, TokenLabels>,
  match: MatchSlices,
): Promise<LabeledVotes> {
  const others = [below, above].filter(other => other !== null);
  const active = activeAmong(others, labels, grid.size);
  const parts: WeightedVotes[] = [];
  for (const other of others) {
    const source = await gridOf(other);
    parts.push(votesOf(match, grid, source, labels.get(other)!, index - other, active));
  }
  return { ...sumVotes(parts), active };
}

/** Returns the tokens where the structure labeled on some slices can be. */
function activeAmong(
  labeled: readonly number[],
  labels: ReadonlyMap<number, TokenLabels>,
  size: number,
): Uint8Array {
  return withinReach(
    labeled.map(index => labels.get(index)!),
    size,
  );
}

function votesOf(
  match: MatchSlices,
  grid: TokenGrid,
  source: TokenGrid,
  labels: TokenLabels,
  distance: number,
  active: Uint8Array,
): WeightedVotes {
  const apart = Math.abs(distance);
  return { ...match(grid, source, labels, apart, active), factor: 1 / apart };
}

export function sumVotes(parts: readonly WeightedVotes[]): Votes {
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

/** Returns the foreground fraction of each cell; 0 for tokens without votes. */
export function foregroundFractions({ weights, foreground }: Votes): TokenLabels {
  const cells = foreground.length / weights.length;
  return foreground.map((value, i) => value / (weights[Math.floor(i / cells)] + TINY));
}
