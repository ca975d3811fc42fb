import type { Continuation, Mask, PlaneName } from 'fewshot-sam';
import type { Predecessor, ReadSegmentDescription, Tracking } from 'fewshot-sam-dicom';
import type { Instance } from '../host/ohif';
import type { MaskDigest } from '../viewer/maskDigest';
import type { SegmentSlices } from './fewshotSet';
import type { KeptFile } from './keptFiles';
import type { MisreadOutlines, StoreState } from './state';
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

/** What is known of a segment on the slices of one plane. Each plane numbers its slices anew. */
export interface PlaneRecord {
  /** What propagations wrote: slice -> digest. */
  readonly predicted: Map<number, MaskDigest>;
  /** Outlined slices that the user took out of the few-shot set. */
  excluded: ReadonlySet<number>;
  /** What a run continues from, where slices were encoded while the user drew. */
  ahead?: Continuation;
}

/** What is known of a segment. */
export interface SegmentRecord {
  /** Something was seen in it at any time. */
  isUsed: boolean;
  /** A task found it, without any outline here. */
  isFoundByTask: boolean;
  /** It was outlined on slices of another plane than that of acquisition. */
  isOutlinedAcross: boolean;
  /** How the SEG identifies it, where it was made here. */
  tracking?: Tracking;
  /** Label -> id of the term it has under that label; null: none of the list. */
  readonly terms: Map<string, string | null>;
  readonly planes: Map<PlaneName | undefined, PlaneRecord>;
}

/** What is known of a segmentation. */
export interface SegmentationRecord {
  /** What it held when it was opened; null where it was made here. */
  captured?: Promise<CapturedSegmentation | null>;
  /** What it said of itself when it was opened; null where it says nothing of its segments. */
  opened?: OpenedSegmentation | null;
  /** It was opened, and is another now. */
  isCorrected: boolean;
  comparison?: Comparison;
  /** What was last seen to be misread: slices of another plane cannot be compared. */
  misread: MisreadOutlines | null;
  /** The last file made of it. */
  file?: KeptFile;
  lastStored?: Predecessor;
  /** How the last attempt to store it ended, and what was to be stored. */
  storeOutcome?: StoreState;
  readonly attempted: StoredContents;
  /** It was looked at by what writes drafts, ... */
  isSeen: boolean;
  /** ... held this when it came from the archive or was stored there, ... */
  readonly stored: StoredContents;
  /** ... and held this when its draft was last written. */
  written?: string;
  /** By segment index. */
  readonly segments: Map<number, SegmentRecord>;
}

/** What a segment is looked up by. */
export interface SegmentId {
  segmentationId: string;
  segmentIndex: number;
}

/**
 * Everything the session knows of segmentations, segments and their planes. A record is made when it is
 * first asked for, and goes with its segmentation; see `prune`.
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
    }));
  }

  /** @param plane where it is another one than that of acquisition */
  plane(segment: SegmentId, plane: PlaneName | undefined): PlaneRecord {
    return entry(this.segment(segment).planes, plane, () => ({
      predicted: new Map(),
      excluded: new Set<number>(),
    }));
  }

  /**
   * Drops the records of segmentations that are gone from the viewer for good. One of the archive can be
   * opened again: it comes back under its id with whatever the user changed in it, so its record stays.
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

  /** Segmentations that something is known of. */
  get size(): number {
    return this.records.size;
  }
}

function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
