import type { NaturalizedDataset, Segment } from 'fewshot-sam-dicom';
import { digestLabels } from '../viewer/maskDigest';
import type { SegmentationRecords } from './segmentationRecords';
import type { StoreOptions } from './storeOptions';

/** A DICOM SEG as it was made, to be stored or downloaded with the same bytes and UIDs again. */
export interface KeptFile {
  /** Of what it was made from. */
  fingerprint: string;
  dataset: NaturalizedDataset;
  file: ArrayBuffer;
  /** Whether it was ever sent; it may be in the archive then. */
  sent: boolean;
  /** Whether the archive has it. */
  stored: boolean;
  /** The archive has it under UIDs of its own: it is never sent again. */
  hasOtherUids?: boolean;
}

/** Says whether the file would change: series, options, or the segments' names, colours, terms and voxels. */
export function fingerprint(
  displaySetInstanceUID: string,
  segments: Segment[],
  options: StoreOptions,
): string {
  return JSON.stringify([
    displaySetInstanceUID,
    options,
    segments.map(({ masks, ...description }) => [
      description,
      [...masks].map(([index, mask]) => [index, digestLabels(mask).get(1)]),
    ]),
  ]);
}

/** The last file made of each segmentation. */
export class KeptFiles {
  /** It outlives its segmentation: nothing else may be left of what was drawn. */
  private last: KeptFile | null = null;

  constructor(private readonly records: SegmentationRecords) {}

  /** The kept file when nothing changed since, else a new one. */
  get(
    segmentationId: string,
    current: string,
    make: () => Pick<KeptFile, 'dataset' | 'file'>,
  ): KeptFile {
    const record = this.records.of(segmentationId);
    if (record.file?.fingerprint === current) return record.file;
    const made = { ...make(), fingerprint: current, sent: false, stored: false };
    record.file = made;
    this.last = made;
    return made;
  }

  /** The last file made, if it was to be stored but the archive is not known to have it. */
  get unstored(): KeptFile | null {
    return this.last?.sent && !this.last.stored ? this.last : null;
  }
}
