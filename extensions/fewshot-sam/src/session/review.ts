/** A review as data: what was found, what was decided, and what follows from both. Never mutated. */
import { withoutOverlap, type FewshotResult, type Mask, type PropagatedSlice } from 'fewshot-sam';
import type { Caveat, SliceOutcome } from './state';

export type Decision = 'accepted' | 'rejected';

/** What a run found for one segment. */
export interface FoundStructure {
  segmentIndex: number;
  label: string;
  color: [number, number, number];
  /** Labelmap in which it lies, where the viewer has several for a segmentation. */
  layer?: string;
  /** Slice index -> mask; slices on which nothing was found are not in it. */
  masks: ReadonlyMap<number, Mask>;
  /** Slice index -> expected Dice, 0..1, where it is known. */
  confidences: ReadonlyMap<number, number>;
  /** Found slices beyond the outermost outlines; a review that an earlier version kept lacks it. */
  extrapolated?: ReadonlySet<number>;
  /** Found slices on which the image shows nothing; a review that an earlier version kept lacks it. */
  blank?: ReadonlySet<number>;
  /** Slices that were searched in vain. */
  empty: ReadonlySet<number>;
  /** Slices that were left out as too far from what was drawn. */
  notSearched: ReadonlySet<number>;
  /** Of all found slices together, 0..1, where it is known. */
  expectedDice?: number;
}

export interface Review {
  structures: readonly FoundStructure[];
  /** Segment index -> slice index -> decision; a found slice without one is open. */
  decisions: ReadonlyMap<number, ReadonlyMap<number, Decision>>;
}

/** Slices that a person drew, per segment index: what is found there does not count. */
export type DrawnSlices = (segmentIndex: number) => ReadonlySet<number>;

/**
 * A review of what came back from a run, with nothing decided. Structures of one labelmap do not overlap
 * in it: a voxel holds one number there.
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
 * Decides about slices on which something was found; others among them are passed over.
 *
 * @param decision null makes them open again
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

/** The decision about a slice; undefined while it is open. */
export function decisionOn(
  review: Review,
  segmentIndex: number,
  slice: number,
): Decision | undefined {
  return review.decisions.get(segmentIndex)?.get(slice);
}

/** Why what was found on a slice is never called sure; null where nothing keeps it from being so. */
export function caveatOn(structure: FoundStructure, slice: number): Caveat | null {
  const { masks, confidences, extrapolated, blank } = structure;
  if (!masks.has(slice)) return null;
  // A method that never knows how sure it is promises nothing anywhere, and need not say so on each slice.
  const isKnownElsewhere = confidences.size > 0 && !confidences.has(slice);
  if (blank?.has(slice) || isKnownElsewhere) return 'no-promise';
  return extrapolated?.has(slice) ? 'extrapolated' : null;
}

/** What every slice of the series holds, for one structure: what a person drew comes first. */
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

/** The accepted masks of a structure, without slices that somebody has drawn meanwhile. */
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

/** Every found slice that is neither decided nor drawn, of some structures, ascending. */
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

/** How sure the open slices of a structure are: slice index -> expected Dice, where it is known. */
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

/** What a second run of a structure shall segment: what was looked at before, but for accepted slices. */
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

/**
 * The review after a second run: accepted slices stay as they were accepted, all others are those of
 * the new run and open. Structures that did not run again stay as they are. Where a new mask claims a
 * voxel that was accepted for another structure of its labelmap, it yields.
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
