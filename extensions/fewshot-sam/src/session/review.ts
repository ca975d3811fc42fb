/** A review as immutable data: results, decisions, and what follows from both. */
import { withoutOverlap, type FewshotResult, type Mask, type PropagatedSlice } from 'fewshot-sam';
import type { Caveat, SliceOutcome } from './state';

export type Decision = 'accepted' | 'rejected';

/** Result of a run for one segment. */
export interface FoundStructure {
  segmentIndex: number;
  label: string;
  color: [number, number, number];
  /** Its labelmap, if the viewer has several for the segmentation. */
  layer?: string;
  /** Slice index -> mask, for slices where something was found. */
  masks: ReadonlyMap<number, Mask>;
  /** Slice index -> expected Dice, 0..1, where known. */
  confidences: ReadonlyMap<number, number>;
  /** Found slices beyond the outermost outlines. Absent in drafts of earlier versions. */
  extrapolated?: ReadonlySet<number>;
  /** Found slices where the image is blank. Absent in drafts of earlier versions. */
  blank?: ReadonlySet<number>;
  /** Searched slices where nothing was found. */
  empty: ReadonlySet<number>;
  /** Slices that were not searched: too far from the outlines. */
  notSearched: ReadonlySet<number>;
  /** Expected Dice over all found slices, 0..1, where known. */
  expectedDice?: number;
}

export interface Review {
  structures: readonly FoundStructure[];
  /** Segment index -> slice index -> decision; a found slice without one is open. */
  decisions: ReadonlyMap<number, ReadonlyMap<number, Decision>>;
}

/** Slices that a person drew, by segment index. They override results. */
export type DrawnSlices = (segmentIndex: number) => ReadonlySet<number>;

/**
 * Starts a review of the results of a run, with no decisions. Removes overlap between structures that
 * share a labelmap, which holds one number per voxel.
 */
export function reviewOf(
  segments: readonly Pick<FoundStructure, 'segmentIndex' | 'label' | 'color' | 'layer'>[],
  results: readonly { segmentIndex: number; result: FewshotResult }[],
): Review {
  const layerOf = (index: number) =>
    segments.find(({ segmentIndex }) => segmentIndex === index)?.layer;
  const layers = new Set(results.map(({ segmentIndex }) => layerOf(segmentIndex)));
  const disjoint = new Map(
    [...layers].flatMap(layer => [
      ...withoutOverlap(
        results
          .filter(({ segmentIndex }) => layerOf(segmentIndex) === layer)
          .map(({ segmentIndex, result }) => ({ segmentIndex, slices: result.slices })),
      ),
    ]),
  );
  const structures = results.flatMap(({ segmentIndex, result }) => {
    const segment = segments.find(candidate => candidate.segmentIndex === segmentIndex);
    if (!segment) return [];
    const all = disjoint.get(segmentIndex)!;
    const masks = new Map([...all].filter(([, mask]) => mask.includes(1)));
    const notSearched = new Set(result.notSearched);
    const { label, color, layer } = segment;
    const foundOn = (holds: (slice: PropagatedSlice) => boolean | undefined) =>
      new Set(
        result.slices.flatMap(slice => (masks.has(slice.index) && holds(slice) ? slice.index : [])),
      );
    const found: FoundStructure = {
      segmentIndex,
      label,
      color,
      ...(layer !== undefined && { layer }),
      masks,
      confidences: new Map(
        result.slices.flatMap(({ index, confidence }) =>
          confidence === undefined || !masks.has(index) ? [] : [[index, confidence] as const],
        ),
      ),
      extrapolated: foundOn(({ extrapolated }) => extrapolated),
      blank: foundOn(({ blank }) => blank),
      empty: new Set([...all.keys()].filter(index => !masks.has(index) && !notSearched.has(index))),
      notSearched,
      ...(result.expectedDice !== undefined && { expectedDice: result.expectedDice }),
    };
    return [found];
  });
  return { structures, decisions: new Map() };
}

/**
 * Decides on slices where something was found; ignores the others.
 *
 * @param decision null reopens them
 */
export function decide(
  review: Review,
  segmentIndices: readonly number[],
  slices: readonly number[],
  decision: Decision | null,
): Review {
  const decisions = new Map(review.decisions);
  for (const { segmentIndex, masks } of review.structures) {
    if (!segmentIndices.includes(segmentIndex)) continue;
    const decided = new Map(decisions.get(segmentIndex));
    for (const slice of slices) {
      if (!masks.has(slice)) continue;
      if (decision) decided.set(slice, decision);
      else decided.delete(slice);
    }
    decisions.set(segmentIndex, decided);
  }
  return { ...review, decisions };
}

/** The decision on a slice; undefined while it is open. */
export function decisionOn(
  review: Review,
  segmentIndex: number,
  slice: number,
): Decision | undefined {
  return review.decisions.get(segmentIndex)?.get(slice);
}

/** Why the result on a slice can never count as sure; null if it can. */
export function caveatOn(structure: FoundStructure, slice: number): Caveat | null {
  const { masks, confidences, extrapolated, blank } = structure;
  if (!masks.has(slice)) return null;
  // If the method gives no confidence at all, do not repeat that on every slice.
  const isKnownElsewhere = confidences.size > 0 && !confidences.has(slice);
  if (blank?.has(slice) || isKnownElsewhere) return 'no-promise';
  return extrapolated?.has(slice) ? 'extrapolated' : null;
}

/** Marks the outlined slices that a stored segmentation brought. @param given their indices */
export function withGiven<State extends string>(
  states: readonly State[],
  given: readonly number[],
): (State | 'given')[] {
  const isGiven = new Set(given);
  return states.map((state, i) => (state === 'drawn' && isGiven.has(i) ? 'given' : state));
}

/** Outcome of every slice of the series for one structure. What a person drew takes precedence. */
export function outcomesOf(
  review: Review,
  structure: FoundStructure,
  drawn: ReadonlySet<number>,
  sliceCount: number,
): SliceOutcome[] {
  const { segmentIndex, masks, empty, notSearched } = structure;
  return Array.from({ length: sliceCount }, (_, slice) => {
    if (drawn.has(slice)) return 'drawn';
    if (masks.has(slice)) return decisionOn(review, segmentIndex, slice) ?? 'predicted';
    if (notSearched.has(slice)) return 'not-searched';
    return empty.has(slice) ? 'empty' : 'outside-range';
  });
}

/** The accepted masks of a structure, without slices that were drawn since. */
export function acceptedMasks(
  review: Review,
  structure: FoundStructure,
  drawn: ReadonlySet<number>,
): Map<number, Mask> {
  return new Map(
    [...structure.masks].filter(
      ([slice]) =>
        !drawn.has(slice) && decisionOn(review, structure.segmentIndex, slice) === 'accepted',
    ),
  );
}

/** Found slices of some structures that are neither decided nor drawn, ascending. */
export function openSlices(
  review: Review,
  segmentIndices: readonly number[],
  drawn: DrawnSlices,
): number[] {
  const open = new Set<number>();
  for (const { segmentIndex, masks } of review.structures) {
    if (!segmentIndices.includes(segmentIndex)) continue;
    for (const slice of masks.keys()) {
      if (!drawn(segmentIndex).has(slice) && !decisionOn(review, segmentIndex, slice)) {
        open.add(slice);
      }
    }
  }
  return [...open].sort((a, b) => a - b);
}

/** Expected Dice of the open slices of a structure, where known: slice index -> 0..1. */
export function openConfidences(
  review: Review,
  segmentIndex: number,
  drawn: DrawnSlices,
): Map<number, number> {
  const found = review.structures.find(structure => structure.segmentIndex === segmentIndex);
  if (!found) return new Map();
  return new Map(
    openSlices(review, [segmentIndex], drawn).flatMap(slice => {
      const confidence = found.confidences.get(slice);
      return confidence === undefined ? [] : [[slice, confidence] as const];
    }),
  );
}

/** Slices for a second run of a structure: those of the first run, except the accepted ones. */
export function slicesToRefine(
  review: Review,
  structure: FoundStructure,
  drawn: ReadonlySet<number>,
): number[] {
  const { segmentIndex, masks, empty, notSearched } = structure;
  return [...masks.keys(), ...empty, ...notSearched]
    .filter(slice => !drawn.has(slice) && decisionOn(review, segmentIndex, slice) !== 'accepted')
    .sort((a, b) => a - b);
}

/** A mask of one slice instead of another; null where nothing is found. */
export interface MaskChange {
  slice: number;
  before: Mask | null;
  after: Mask | null;
}

/**
 * Replaces masks of a structure, each only where it still is the very mask of before. A slice that becomes
 * empty loses its decision.
 */
export function replaceMasks(
  review: Review,
  segmentIndex: number,
  changes: readonly MaskChange[],
): Review {
  const decisions = new Map(review.decisions);
  const structures = review.structures.map(structure => {
    if (structure.segmentIndex !== segmentIndex) return structure;
    const masks = new Map(structure.masks);
    const empty = new Set(structure.empty);
    const decided = new Map(decisions.get(segmentIndex));
    for (const { slice, before, after } of changes) {
      if ((masks.get(slice) ?? null) !== before) continue;
      if (after) {
        masks.set(slice, after);
        empty.delete(slice);
      } else {
        masks.delete(slice);
        empty.add(slice);
        decided.delete(slice);
      }
    }
    decisions.set(segmentIndex, decided);
    return { ...structure, masks, empty };
  });
  return { structures, decisions };
}

/**
 * Merges a second run into a review. Accepted slices stay as they are; all others come from the new run
 * and are open. Structures that did not run again stay unchanged. A new mask gives up voxels that were
 * accepted for another structure of its labelmap.
 */
export function mergeRefined(before: Review, after: Review): Review {
  const accepted = new Map(
    before.structures.map(structure => [
      structure.segmentIndex,
      acceptedMasks(before, structure, new Set()),
    ]),
  );
  const structures = before.structures.map(old => {
    const again = after.structures.find(({ segmentIndex }) => segmentIndex === old.segmentIndex);
    if (!again) return old;
    const kept = accepted.get(old.segmentIndex)!;
    const others = before.structures
      .filter(other => other !== old && other.layer === old.layer)
      .map(({ segmentIndex }) => accepted.get(segmentIndex)!);
    const masks = new Map(kept);
    const confidences = new Map<number, number>();
    for (const [slice, mask] of again.masks) {
      if (kept.has(slice)) continue;
      const taken = others.flatMap(other => other.get(slice) ?? []);
      const free = taken.length
        ? mask.map((value, i) => (taken.some(other => other[i]) ? 0 : value))
        : mask;
      if (!free.includes(1)) continue;
      masks.set(slice, free);
      const confidence = again.confidences.get(slice);
      if (confidence !== undefined) confidences.set(slice, confidence);
    }
    for (const slice of kept.keys()) {
      const confidence = old.confidences.get(slice);
      if (confidence !== undefined) confidences.set(slice, confidence);
    }
    const marked = (kind: 'extrapolated' | 'blank') =>
      new Set([...masks.keys()].filter(slice => (kept.has(slice) ? old : again)[kind]?.has(slice)));
    return {
      ...again,
      masks,
      confidences,
      extrapolated: marked('extrapolated'),
      blank: marked('blank'),
    };
  });
  const decisions = new Map(
    structures.map(({ segmentIndex }) => {
      const again = after.structures.some(found => found.segmentIndex === segmentIndex);
      const old = before.decisions.get(segmentIndex) ?? new Map<number, Decision>();
      return [
        segmentIndex,
        again ? new Map([...old].filter(([, decision]) => decision === 'accepted')) : old,
      ] as const;
    }),
  );
  return { structures, decisions };
}
