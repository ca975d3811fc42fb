import { fitLogistic, type LogisticFit } from '../numeric/logisticRegression';
import { matchSlices, withinReach, type MatchSlices } from './matchSlices';
import type { TokenGrid } from './tokenGrid';
import type { TokenLabels } from './tokenLabels';
import { foregroundFractions } from './walk';

/** The labels of one outlined slice, guessed from the next outlined slice on one side. */
export interface Guess {
  from: number;
  to: number;
  /** By position and appearance of the tokens. */
  byLooks: TokenLabels;
  /** By position alone; only for a few gaps, spread evenly. */
  byPlace?: TokenLabels;
}

/** Most gaps guessed by position, and most cells compared: more change little. */
const MOST_GAPS = 8;
const MOST_CELLS = 20_000;
/** Fractions this close to 0 or 1 count as certain. */
const CERTAIN = 0.02;
const logit = (share: number) => Math.log((share + CERTAIN) / (1 + CERTAIN - share));

/**
 * Guesses the labels of each outlined slice from the outlined slices next to it.
 *
 * @param grids of the outlined slices
 * @param labels of the outlined slices
 * @param outlined their indices, ascending
 * @param match plain JavaScript by default
 */
export function guessNeighbors(
  grids: ReadonlyMap<number, TokenGrid>,
  labels: ReadonlyMap<number, TokenLabels>,
  outlined: readonly number[],
  match: MatchSlices = matchSlices,
): Guess[] {
  const gaps = outlined.length - 1;
  const step = Math.max(1, gaps / MOST_GAPS);
  const guess = (from: number, to: number, withPlace: boolean): Guess => {
    const [target, source] = [grids.get(to)!, grids.get(from)!];
    const known = labels.get(from)!;
    const active = withinReach([known], target.size);
    const apart = Math.abs(to - from);
    return {
      from,
      to,
      byLooks: foregroundFractions(match(target, source, known, apart, active)),
      ...(withPlace && {
        byPlace: foregroundFractions(
          matchSlices(withoutLooks(target), withoutLooks(source), known, apart, active),
        ),
      }),
    };
  };
  return outlined.slice(1).flatMap((above, i) => {
    const below = outlined[i];
    const withPlace = Math.floor(i / step) > Math.floor((i - 1) / step);
    return [guess(below, above, withPlace), guess(above, below, withPlace)];
  });
}

/** Makes all tokens look alike, so that matching depends on distance alone. */
function withoutLooks(grid: TokenGrid): TokenGrid {
  return {
    ...grid,
    dimensions: 0,
    features: new Float32Array(0),
    intensities: new Float32Array(grid.intensities.length),
  };
}

/** How much appearance and position help to find the structure on one outlined slice, given the next. */
export interface ImageGain {
  /** Relative drop in cross-entropy when appearance is added to position, 0..1. */
  looks: number;
  /** Relative drop in cross-entropy by position alone, 0..1. */
  place: number;
}

/**
 * Measures how much the image tells about the structure beyond the outlines. A logistic regression predicts
 * the outlined labels from the guesses, from `byPlace` alone and from both; a gain is the relative drop in
 * cross-entropy.
 *
 * On 43 few-shot sets `looks` is 0.001 to 0.005 for synthetic structures that the image does not show, and
 * 0.02 to 0.6 for all but two of the others; those two have outlines so far apart that neither appearance
 * nor position carries over.
 *
 * @returns no gain with a single outline
 */
export function imageGain(
  guesses: readonly Guess[],
  labels: ReadonlyMap<number, TokenLabels>,
): ImageGain {
  const near: { label: number; place: number; looks: number }[] = [];
  for (const { to, byLooks, byPlace } of guesses) {
    byPlace?.forEach((place, i) => {
      const label = labels.get(to)![i];
      // Skip background out of reach: it is certain.
      if (place === 0 && label === 0) return;
      near.push({ label, place: logit(place), looks: logit(byLooks[i]) });
    });
  }
  if (near.length === 0) return { looks: 0, place: 0 };
  const step = Math.ceil(near.length / MOST_CELLS);
  const some = near.filter((_, i) => i % step === 0);
  const truth = some.map(({ label }) => label);
  const fit = (predictors: (one: (typeof near)[number]) => number[]) =>
    fitLogistic(some.map(predictors), truth);
  const nothing = fit(() => [1]);
  const byPlace = fit(({ place }) => [1, place]);
  const byBoth = fit(({ place, looks }) => [1, place, looks]);
  const drop = (from: LogisticFit, to: LogisticFit) =>
    from.crossEntropy > 0 ? Math.max(0, 1 - to.crossEntropy / from.crossEntropy) : 0;
  return {
    looks: drop(byPlace, byBoth),
    // A negative weight means that the structure has moved away altogether: no gain.
    place: byPlace.weights[1] > 0 ? drop(nothing, byPlace) : 0,
  };
}

/** Below the first value the image shows nothing, above the second it shows the structure clearly. */
const LOOKS = [0.01, 0.08] as const;
const SEPARABILITY = [0.1, 0.3] as const;
/** Gain by position from which on the outlines may dominate. */
const ENOUGH_BY_PLACE = 0.2;

/** How well each outlined slice predicts the structure on the next. */
export interface ImageStrength extends ImageGain {
  /** By gray values, see `separability` of imageEvidence.ts. */
  separability: number;
}

/** Returns the weight of the image against the outlines, 0..1: less where outlines alone suffice. */
export function imageWeight({ looks, place, separability }: ImageStrength): number {
  const byImage = Math.max(ramp(looks, LOOKS), ramp(separability, SEPARABILITY));
  return 1 - (1 - byImage) * ramp(place, [0, ENOUGH_BY_PLACE]);
}

/** Returns 0 up to `none`, 1 from `full`, linear in between. */
export const ramp = (value: number, [none, full]: readonly [number, number]) =>
  Math.min(1, Math.max(0, (value - none) / (full - none)));
