import type { NaturalizedDataset, Segment } from 'fewshot-sam-dicom';
import { digestLabels } from '../viewer/maskDigest';
import type { SegmentationRecords } from './segmentationRecords';
import type { StoreFormat, StoreOptions } from './storeOptions';

/** An encoded DICOM SEG or RTSTRUCT, kept so that another attempt sends the same bytes and UIDs. */
export interface KeptFile {
  /** Fingerprint of its input, see `fingerprint`. */
  fingerprint: string;
  dataset: NaturalizedDataset;
  file: ArrayBuffer;
  /** It was sent at least once, so the archive may have it. */
  sent: boolean;
  /** The archive has it. */
  stored: boolean;
  /** The archive has it under other UIDs: never send it again. */
  hasOtherUids?: boolean;
}

/** Changes whenever the file would: with series, options, or the segments' names, colors, terms and voxels. */
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

/** The last file made of each segmentation in each format. */
export class KeptFiles {
  /** Outlives its segmentation: it may be all that is left of what was drawn. */
  private last: KeptFile | null = null;

  constructor(private readonly records: SegmentationRecords) {}

  /** Returns the kept file if nothing changed since, else makes a new one. */
  get(
    segmentationId: string,
    format: StoreFormat,
    current: string,
    make: () => Pick<KeptFile, 'dataset' | 'file'>,
  ): KeptFile {
    const record = this.records.of(segmentationId);
    const before = record.files.get(format);
    if (before?.fingerprint === current) return before;
    const made = { ...make(), fingerprint: current, sent: false, stored: false };
    record.files.set(format, made);
    this.last = made;
    return made;
  }

  /** The last file made, if it was sent but is not known to be stored. */
  get unstored(): KeptFile | null {
    return this.last?.sent && !this.last.stored ? this.last : null;
  }
}
