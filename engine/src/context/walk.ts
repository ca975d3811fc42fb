import { neighbours } from '../image/neighbours';
import { gaps } from './gaps';
import { matchSlices, withinReach, type MatchSlices, type Votes } from './matchSlices';
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
  /** What it got from the slices on both sides when it was matched again, see `lookAgain`. */
  again?: TokenLabels;
}

export interface WalkOptions {
  /**
   * Called before each slice with the number of the way, 0 or 1, and how many slices of all were done on
   * it; may throw to stop.
   */
  onSlice?(way: 0 | 1, done: number): void | Promise<void>;
  /** Told what each slice has got so far, on the first way from one side alone. */
  onCarried?(index: number, carried: Carried): void | Promise<void>;
  /** Whether the slice before it on the way counts; by default it does. */
  usesPrevious?: boolean;
  /** By default in plain JavaScript. */
  match?: MatchSlices;
  /** Gets what the labelled slices said about each slice, 0.3 MB each; else that is let go of. */
  labelledVotes?: Map<number, LabelledVotes>;
}

/**
 * Carries labels from labelled slices through the others, in both directions. Each slice is compared
 * with the labelled slices around it and with the slice before it on the way. Asks for the grids in the
 * order of the way, those of the slice and of the one before it.
 *
 * @param gridOf tokens of any wanted or labelled slice
 * @param labels labelled slice index -> labels
 * @param wanted ascending, not labelled
 */
export async function walk(
  gridOf: (index: number) => TokenGrid | Promise<TokenGrid>,
  labels: ReadonlyMap<number, TokenLabels>,
  wanted: readonly number[],
  { onSlice, onCarried, usesPrevious = true, match = matchSlices, labelledVotes }: WalkOptions = {},
): Promise<Map<number, Carried>> {
  const around = new Map(wanted.map(index => [index, neighbours(index, labels.keys())]));
  const carried = { below: new Map<number, TokenLabels>(), above: new Map<number, TokenLabels>() };
  const carriedTo = (index: number): Carried => ({
    fromBelow: carried.below.get(index) ?? null,
    fromAbove: carried.above.get(index) ?? null,
  });
  const done = [0, 0];
  for (const gap of gaps(wanted, labels.keys())) {
    const sides = around.get(gap[0])!;
    const ways = (['below', 'above'] as const).filter(way => sides[way] !== null);
    // Comparing with the labelled slices serves both ways; 0.3 MB a slice.
    const fixed = labelledVotes ?? new Map<number, LabelledVotes>();
    for (const [i, way] of ways.entries()) {
      let previous: number | undefined;
      for (const index of way === 'below' ? gap : [...gap].reverse()) {
        await onSlice?.(i as 0 | 1, done[i]++);
        const grid = await gridOf(index);
        const votes =
          fixed.get(index) ??
          (await votesOfLabelled(index, grid, around.get(index)!, gridOf, labels, match));
        if (labelledVotes || i + 1 < ways.length) fixed.set(index, votes);
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
        carried[way].set(index, sharesOf(sumVotes(parts)));
        await onCarried?.(index, carriedTo(index));
        previous = index;
      }
    }
  }
  return new Map(wanted.map(index => [index, carriedTo(index)]));
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

type WeightedVotes = Votes & { factor: number };
/** Votes of the labelled slices around a slice, and where in it the structure can be. */
export type LabelledVotes = Votes & { active: Uint8Array };

async function votesOfLabelled(
  index: number,
  grid: TokenGrid,
  { below, above }: { below: number | null; above: number | null },
  gridOf: (index: number) => TokenGrid | Promise<TokenGrid>,
  labels: ReadonlyMap<number, TokenLabels>,
  match: MatchSlices,
): Promise<LabelledVotes> {
  const others = [below, above].filter(other => other !== null);
  const active = activeAmong(others, labels, grid.size);
  const parts: WeightedVotes[] = [];
  for (const other of others) {
    const source = await gridOf(other);
    parts.push(votesOf(match, grid, source, labels.get(other)!, index - other, active));
  }
  return { ...sumVotes(parts), active };
}

/** Tokens where what is labelled on some slices can be found. */
function activeAmong(
  labelled: readonly number[],
  labels: ReadonlyMap<number, TokenLabels>,
  size: number,
): Uint8Array {
  return withinReach(
    labelled.map(index => labels.get(index)!),
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

/** @returns the foreground share of each cell; 0 of tokens that got no votes */
export function sharesOf({ weights, foreground }: Votes): TokenLabels {
  const cells = foreground.length / weights.length;
  return foreground.map((value, i) => value / (weights[Math.floor(i / cells)] + TINY));
}
