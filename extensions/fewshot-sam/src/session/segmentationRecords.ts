import type { Continuation, Mask, OutlineFlaws, PlaneName } from 'fewshot-sam';
import type { Predecessor, ReadSegmentDescription, Tracking } from 'fewshot-sam-dicom';
import type { Instance } from '../host/ohif';
import { isSameDigest, type MaskDigest } from '../viewer/maskDigest';
import type { ContourCopy } from './contourCopies';
import type { SegmentSlices } from './fewshotSet';
import type { KeptFile } from './keptFiles';
import type { MisreadOutlines, OutlineFlawKind, StoreState } from './state';
import type { StoreFormat } from './storeOptions';
import { StoredContents } from './storedContents';

/** A segment of a segmentation that was opened from the archive, as it was there. */
export interface OpenedSegment {
  description: ReadSegmentDescription;
  /** What it held on the slices that were acquired. */
  slices: SegmentSlices;
}

/** What segments held when their segmentation was opened, before the user could change it. */
export interface CapturedSegmentation {
  instance: Instance;
  /** By segment index. */
  segments: ReadonlyMap<number, { label: string; slices: SegmentSlices }>;
}

/** A segmentation that was opened from the archive. */
export interface OpenedSegmentation {
  reference: Predecessor;
  /** By segment index. */
  segments: ReadonlyMap<number, OpenedSegment>;
}

/** A segment that the viewer shows otherwise than the file holds it. */
export interface MisreadSegment {
  /** What the viewer showed of it when it was opened. */
  shown: SegmentSlices;
  /** The right mask on each slice where that is another one; of zeros where the segment is not there. */
  masks: ReadonlyMap<number, Mask>;
  right: SegmentSlices;
}

/** A segmentation as the viewer shows it, compared with its file: misread segments by their index. */
export type Comparison = 'comparing' | 'failed' | ReadonlyMap<number, MisreadSegment>;

/** The flaws found in one outlined slice. */
export interface CheckedSlice {
  sliceIndex: number;
  /** Mask that was checked; empty where it has no flaw. */
  mask: Mask;
  flaws: OutlineFlaws;
}

/** What is known of a segment on the slices of one plane. Each plane numbers its own slices. */
export interface PlaneRecord {
  /** What propagations wrote: slice -> digest. */
  readonly predicted: Map<number, MaskDigest>;
  /** Latest check of each outlined slice, with a key of the masks that it read. */
  checked: ReadonlyMap<number, { madeFrom: string; checked: CheckedSlice }>;
  /** Slices whose holes or specks the user wants to keep; `all`: on every slice. */
  readonly wanted: Map<OutlineFlawKind, ReadonlySet<number> | 'all'>;
  /** Outlined slices that the user took out of the few-shot set. */
  excluded: ReadonlySet<number>;
  /** Slices of which the user says that the structure is not there. */
  absent: ReadonlySet<number>;
  /** Where a run continues if slices were encoded while the user drew. */
  ahead?: Continuation;
}

/** What is known of a segment. */
export interface SegmentRecord {
  /** The segment has held voxels at some time. */
  isUsed: boolean;
  /** A task found it, without any outline here. */
  isFoundByTask: boolean;
  /** It was outlined on slices of a plane other than the acquired one. */
  isOutlinedAcross: boolean;
  /** Tracking ID and UID in the SEG, for a segment made here. */
  tracking?: Tracking;
  /** Label -> id of the term it has under that label; null: no term of the list. */
  readonly terms: Map<string, string | null>;
  readonly planes: Map<PlaneName | undefined, PlaneRecord>;
  /** Its digests when the viewer stopped listing it; absent while it is listed. */
  removedWith?: SegmentSlices;
  /** It was copied from this segment, which consists of contours. */
  copyOf?: SegmentId;
  /** It took the index of a removed segment: what the opened file says under this index is not about it. */
  isReused: boolean;
}

/** What is known of a segmentation. */
export interface SegmentationRecord {
  /** What it held when it was opened; null if it was made here. */
  captured?: Promise<CapturedSegmentation | null>;
  /** How its file described it when it was opened; null if the file describes no segments. */
  opened?: OpenedSegmentation | null;
  /** It was opened from the archive and has changed since. */
  isCorrected: boolean;
  comparison?: Comparison;
  /** Latest comparison that found misread outlines. Slices of another plane cannot be compared. */
  misread: MisreadOutlines | null;
  /** The last file made of it in each format, and the last one stored. */
  readonly files: Map<StoreFormat, KeptFile>;
  readonly lastStored: Map<StoreFormat, Predecessor>;
  /** How the last attempt to store it ended. */
  storeOutcome?: StoreState;
  /** Contents at that attempt. */
  readonly attempted: StoredContents;
  /** `DraftManager` has seen it. */
  isSeen: boolean;
  /** Contents when it came from the archive or was last stored there. */
  readonly stored: StoredContents;
  /** Contents when its draft was last written. */
  written?: string;
  /** By segment index. */
  readonly segments: Map<number, SegmentRecord>;
  /** It was made for results of these contours. */
  copyOf?: string;
  /** For contours: where their results are, by plane. */
  copies?: ReadonlyMap<PlaneName | undefined, ContourCopy>;
}

/** Identifies a segment. */
export interface SegmentId {
  segmentationId: string;
  segmentIndex: number;
}

/**
 * Everything the session knows about segmentations, segments and their planes. A record is created on
 * first use and removed with its segmentation (`prune`) or when its segment's index is reused
 * (`noteRemoved`, `forgetReused`).
 */
export class SegmentationRecords {
  private readonly records = new Map<string, SegmentationRecord>();

  of(segmentationId: string): SegmentationRecord {
    return entry(this.records, segmentationId, () => ({
      isCorrected: false,
      misread: null,
      attempted: new StoredContents(),
      isSeen: false,
      stored: new StoredContents(),
      files: new Map(),
      lastStored: new Map(),
      segments: new Map(),
    }));
  }

  segment({ segmentationId, segmentIndex }: SegmentId): SegmentRecord {
    return entry(this.of(segmentationId).segments, segmentIndex, () => ({
      isUsed: false,
      isFoundByTask: false,
      isOutlinedAcross: false,
      terms: new Map(),
      planes: new Map(),
      isReused: false,
    }));
  }

  /** @param plane undefined for the acquired plane */
  plane(segment: SegmentId, plane: PlaneName | undefined): PlaneRecord {
    return entry(this.segment(segment).planes, plane, () => ({
      predicted: new Map(),
      checked: new Map(),
      wanted: new Map(),
      excluded: new Set<number>(),
      absent: new Set<number>(),
    }));
  }

  /**
   * Marks the segments that the viewer no longer lists. Call it on every change of the viewer: the next
   * segment may get the index of the removed one.
   *
   * @param listed indices of a segmentation's segments; null when the segmentation is gone
   * @param held last known digests of a segment
   */
  noteRemoved(
    listed: (segmentationId: string) => readonly number[] | null,
    held: (segment: SegmentId) => SegmentSlices,
  ): void {
    for (const [segmentationId, { segments }] of this.records) {
      const indices = listed(segmentationId);
      if (!indices) continue;
      for (const [segmentIndex, record] of segments) {
        if (indices.includes(segmentIndex)) continue;
        record.removedWith ??= held({ segmentationId, segmentIndex });
      }
    }
  }

  /** Records of segments that were removed. */
  removed(): ReadonlySet<SegmentRecord> {
    const all = [...this.records.values()].flatMap(({ segments }) => [...segments.values()]);
    return new Set(all.filter(({ removedWith }) => removedWith !== undefined));
  }

  /**
   * Forgets a removed segment whose index a new segment has now. OHIF may drop a segment from its list and
   * list it again, so a segment that never held a voxel, or that still holds what it held, keeps its
   * record.
   *
   * @param removed from `removed()`, called before the slices were read
   * @param slices what the listed segment holds now
   * @returns whether the record was forgotten
   */
  forgetReused(id: SegmentId, removed: ReadonlySet<SegmentRecord>, slices: SegmentSlices): boolean {
    const record = this.segment(id);
    const { removedWith } = record;
    if (!removedWith || !removed.has(record)) return false;
    record.removedWith = undefined;
    const isSame = [...removedWith].some(([index, digest]) =>
      isSameDigest(slices.get(index), digest),
    );
    if (!record.isUsed || isSame) return false;
    this.of(id.segmentationId).segments.delete(id.segmentIndex);
    this.segment(id).isReused = true;
    return true;
  }

  /**
   * Drops the records of segmentations that are gone from the viewer for good. One from the archive can be
   * opened again and returns under its id with the user's changes, so its record stays.
   */
  prune(viewer: {
    segmentationExists(segmentationId: string): boolean;
    isFromArchive(segmentationId: string): boolean;
  }): void {
    for (const segmentationId of this.records.keys()) {
      if (viewer.segmentationExists(segmentationId)) continue;
      if (!viewer.isFromArchive(segmentationId)) this.records.delete(segmentationId);
    }
  }

  /** Number of segmentations with a record. */
  get size(): number {
    return this.records.size;
  }
}

function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
