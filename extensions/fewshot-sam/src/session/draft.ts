/** Unfinished work as text, to restore it after a reload. */
import type { Mask } from 'fewshot-sam';
import type { Decision, FoundStructure, Review } from './review';

/** A segment at the time of the draft. */
export interface DraftSegment {
  segmentIndex: number;
  label: string;
  /** Slice index -> mask. */
  masks: ReadonlyMap<number, Mask>;
  /** Slices that a propagation wrote and nobody changed. */
  predicted: readonly number[];
  /** Outlined slices that the user excluded from the few-shot set. */
  leftOut: readonly number[];
  /** Slices of which the user says that the structure is not there. Drafts of earlier versions lack it. */
  absent?: readonly number[];
}

export interface Draft {
  /** Voxels per slice. */
  size: number;
  segments: readonly DraftSegment[];
  review: { review: Review; seconds: number; learnedFrom: string } | null;
}

const VERSION = 1;

/** Start and length of each run of set voxels. */
export function runsOfMask(mask: Mask): number[] {
  const runs: number[] = [];
  for (let i = 0; i < mask.length; i++) {
    if (!mask[i]) continue;
    const start = i;
    while (i < mask.length && mask[i]) i++;
    runs.push(start, i - start);
  }
  return runs;
}

/** @throws RangeError when a run does not fit */
export function maskOfRuns(runs: readonly number[], size: number): Mask {
  const mask = new Uint8Array(size);
  for (let i = 0; i < runs.length; i += 2) {
    const [start, length] = [runs[i], runs[i + 1]];
    if (!(start >= 0 && length > 0 && start + length <= size)) {
      throw new RangeError(`run ${start}, ${length} of ${size} voxels`);
    }
    mask.fill(1, start, start + length);
  }
  return mask;
}

type PlainMasks = [slice: number, runs: number[]][];

interface PlainDraft {
  version: number;
  size: number;
  segments: (Omit<DraftSegment, 'masks'> & { masks: PlainMasks })[];
  review: {
    seconds: number;
    learnedFrom: string;
    structures: (Pick<FoundStructure, 'segmentIndex' | 'label' | 'color' | 'expectedDice'> & {
      masks: PlainMasks;
      confidences: [number, number][];
      extrapolated?: number[];
      blank?: number[];
      empty: number[];
      notSearched: number[];
    })[];
    decisions: [number, [number, Decision][]][];
  } | null;
}

/** @param yieldIfDue awaited after each mask, to keep the main thread free */
export async function encodeDraft(
  { size, segments, review }: Draft,
  yieldIfDue: () => Promise<void> = async () => undefined,
): Promise<string> {
  const plainMasks = async (masks: ReadonlyMap<number, Mask>) => {
    const plain: PlainMasks = [];
    for (const [slice, mask] of masks) {
      plain.push([slice, runsOfMask(mask)]);
      await yieldIfDue();
    }
    return plain;
  };
  const plain: PlainDraft = { version: VERSION, size, segments: [], review: null };
  for (const segment of segments) {
    plain.segments.push({ ...segment, masks: await plainMasks(segment.masks) });
  }
  if (review) {
    const { structures, decisions } = review.review;
    plain.review = {
      seconds: review.seconds,
      learnedFrom: review.learnedFrom,
      structures: [],
      decisions: [...decisions].map(([index, decided]) => [index, [...decided]]),
    };
    for (const structure of structures) {
      plain.review.structures.push({
        ...structure,
        masks: await plainMasks(structure.masks),
        confidences: [...structure.confidences],
        extrapolated: structure.extrapolated && [...structure.extrapolated],
        blank: structure.blank && [...structure.blank],
        empty: [...structure.empty],
        notSearched: [...structure.notSearched],
      });
    }
  }
  return JSON.stringify(plain);
}

/** @returns null when the text is damaged, of another version, or for slices of another size */
export function decodeDraft(text: string, size: number): Draft | null {
  try {
    const plain = JSON.parse(text) as PlainDraft;
    if (plain.version !== VERSION || plain.size !== size) return null;
    const masks = (list: PlainMasks) =>
      new Map(list.map(([slice, runs]) => [slice, maskOfRuns(runs, size)] as const));
    return {
      size,
      segments: plain.segments.map(segment => ({ ...segment, masks: masks(segment.masks) })),
      review: plain.review && {
        seconds: plain.review.seconds,
        learnedFrom: plain.review.learnedFrom,
        review: {
          structures: plain.review.structures.map(structure => ({
            ...structure,
            masks: masks(structure.masks),
            confidences: new Map(structure.confidences),
            extrapolated: structure.extrapolated && new Set(structure.extrapolated),
            blank: structure.blank && new Set(structure.blank),
            empty: new Set(structure.empty),
            notSearched: new Set(structure.notSearched),
          })),
          decisions: new Map(
            plain.review.decisions.map(([index, decided]) => [index, new Map(decided)]),
          ),
        },
      },
    };
  } catch {
    return null;
  }
}

/** Renumbers the segments of a review (old -> new). Drops structures without a new number. */
export function renumbered(review: Review, numbers: ReadonlyMap<number, number>): Review {
  return {
    structures: review.structures.flatMap(structure => {
      const segmentIndex = numbers.get(structure.segmentIndex);
      return segmentIndex === undefined ? [] : { ...structure, segmentIndex };
    }),
    decisions: new Map(
      [...review.decisions].flatMap(([index, decided]) => {
        const segmentIndex = numbers.get(index);
        return segmentIndex === undefined ? [] : [[segmentIndex, decided] as const];
      }),
    ),
  };
}

/**
 * Splits segments into groups without overlap: a labelmap holds one number per voxel.
 *
 * @param yieldIfDue awaited after each slice
 */
export async function apart(
  segments: readonly DraftSegment[],
  yieldIfDue: () => Promise<void> = async () => undefined,
): Promise<DraftSegment[][]> {
  const overlapping = new Set<string>();
  for (const slice of new Set(segments.flatMap(({ masks }) => [...masks.keys()]))) {
    const there = [...segments.entries()].flatMap(([i, { masks }]) => {
      const mask = masks.get(slice);
      return mask ? [{ i, mask }] : [];
    });
    await yieldIfDue();
    // Check all at once first: overlaps are rare.
    if (!isShared(there.map(({ mask }) => mask))) continue;
    for (const a of there) {
      for (const b of there) {
        if (a.i < b.i && isShared([a.mask, b.mask])) overlapping.add(`${a.i} ${b.i}`);
      }
    }
  }
  const groups: number[][] = [];
  for (const i of segments.keys()) {
    const group = groups.find(others => !others.some(other => overlapping.has(`${other} ${i}`)));
    if (group) group.push(i);
    else groups.push([i]);
  }
  return groups.map(group => group.map(i => segments[i]));
}

/** Whether a voxel is set in two of the masks. */
function isShared(masks: readonly Mask[]): boolean {
  if (masks.length < 2) return false;
  const taken = masks[0].slice();
  return masks.slice(1).some(mask =>
    mask.some((voxel, i) => {
      if (voxel && taken[i]) return true;
      if (voxel) taken[i] = 1;
      return false;
    }),
  );
}
