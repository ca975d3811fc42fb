import type { Mask } from 'fewshot-sam';
import type { LoadDicomSeg } from '../dicom/loadDicomSeg';
import type { Instance } from '../host/ohif';
import type { SegmentLabelmap } from '../viewer/labelmap';
import { isSameDigest } from '../viewer/maskDigest';
import { sourceOf, type Series } from '../viewer/series';
import type { Viewer } from '../viewer/viewer';
import type { MaskWrite } from '../viewer/writeMasks';
import { digestsOf } from './provenance';
import type { Collected } from './collect';
import type { SegmentSlices } from './fewshotSet';
import type { MisreadSegment, SegmentationRecords } from './segmentationRecords';
import type { MisreadOutlines, Obstacle } from './state';

/**
 * Whether OHIF may silently misread a segmentation. dcmjs 0.52, which OHIF 3.13 and 3.14 use, unpacks 1-bit
 * frames that start within a byte in the wrong bit order.
 */
export function mayBeMisread(instance: Instance): boolean {
  const { Rows, Columns, NumberOfFrames, BitsAllocated, SegmentationType } = instance;
  const bits = BitsAllocated ?? (SegmentationType === 'BINARY' ? 1 : 8);
  return (
    Number(bits) === 1 && Number(NumberOfFrames) > 1 && (Number(Rows) * Number(Columns)) % 8 !== 0
  );
}

/** Compares segmentations that OHIF may have misread with the files they were opened from. */
export class StoredOutlines {
  /** @param load loads the file that a segmentation was opened from */
  constructor(
    private readonly viewer: Pick<Viewer, 'labelmap' | 'scan'>,
    private readonly load: (segmentationId: string) => Promise<Uint8Array>,
    private readonly loadDicomSeg: LoadDicomSeg,
    private readonly records: SegmentationRecords,
  ) {}

  /**
   * Compares what the viewer shows with the file. Never throws.
   *
   * @param shown contents in the viewer on the acquired slices, by segment index
   */
  async compare(
    segmentationId: string,
    series: Series,
    shown: ReadonlyMap<number, SegmentSlices>,
  ): Promise<void> {
    const record = this.records.of(segmentationId);
    record.comparison = 'comparing';
    try {
      const bytes = await this.load(segmentationId);
      const { readSegmentation } = await this.loadDicomSeg();
      const { segments } = await readSegmentation(bytes, series.instances);
      const size = series.rows * series.columns;
      const misread = new Map<number, MisreadSegment>();
      for (const { number, masks } of segments) {
        const before = shown.get(number);
        const segment = before && misreadSegment(before, masks, size);
        if (segment) misread.set(number, segment);
      }
      record.comparison = misread;
    } catch {
      record.comparison = 'failed';
    }
  }

  /** Outlines that are or may be misread; null if they match the file or the user has changed them since. */
  misread(collected: Collected): MisreadOutlines | null {
    const { segmentation, series, segments, obstacle } = collected;
    if (!segmentation) return null;
    const record = this.records.of(segmentation.segmentationId);
    const { comparison } = record;
    if (!comparison) return null;
    if (typeof comparison === 'string') return { state: comparison, segments: [] };
    if (!series || series.reslice || obstacle) return record.misread;
    const wrong = segments.flatMap(({ segmentIndex, label, locked, slices }) => {
      const segment = record.segments.get(segmentIndex)?.isReused
        ? undefined
        : comparison.get(segmentIndex);
      const indices = segment ? unchanged(segment, slices) : [];
      return indices.length > 0 ? [{ segmentIndex, label, locked, slices: indices }] : [];
    });
    record.misread = wrong.length > 0 ? { state: 'wrong', segments: wrong } : null;
    return record.misread;
  }

  /**
   * Writes that restore the outlines of the file. They clear all segments before they draw the first: in a
   * shared labelmap, one segment would block another. Slices that the user has changed since are left alone.
   */
  async corrections({ segmentation, series }: Collected): Promise<MaskWrite[]> {
    if (!segmentation || !series) return [];
    const { comparison, segments } = this.records.of(segmentation.segmentationId);
    if (!comparison || typeof comparison === 'string') return [];
    const labelmaps = [...comparison.keys()]
      .filter(index => !segments.get(index)?.isReused)
      .flatMap(index => this.labelmap(segmentation, index, sourceOf(series)) ?? []);
    const now = await this.viewer.scan(labelmaps);
    const cleared: MaskWrite[] = [];
    const right: MaskWrite[] = [];
    for (const labelmap of labelmaps) {
      const segment = comparison.get(labelmap.segmentIndex)!;
      const slices = unchanged(segment, now.get(labelmap.segmentIndex) ?? new Map());
      const masks = new Map(slices.map(index => [index, segment.masks.get(index)!]));
      const empty = new Map(slices.map(index => [index, new Uint8Array(masks.get(index)!.length)]));
      cleared.push({ labelmap, masks: empty, expected: segment.shown });
      right.push({ labelmap, masks, expected: new Map(), drawn: new Set(slices) });
    }
    return [...cleared, ...right];
  }

  /** @returns undefined if the segment was removed */
  private labelmap(
    segmentation: NonNullable<Collected['segmentation']>,
    segmentIndex: number,
    series: Series,
  ): SegmentLabelmap | undefined {
    if (!segmentation.segments[segmentIndex]) return undefined;
    try {
      return this.viewer.labelmap(segmentation, segmentIndex, series);
    } catch {
      return undefined;
    }
  }

  /** Contents in the file of segments that were misread, by segment index. */
  right(segmentationId: string): ReadonlyMap<number, SegmentSlices> {
    const { comparison } = this.records.of(segmentationId);
    if (!comparison || typeof comparison === 'string') return new Map();
    return new Map([...comparison].map(([segmentIndex, { right }]) => [segmentIndex, right]));
  }
}

/**
 * Reports slices that still differ from the file after the correction; null if none does.
 *
 * @param right contents in the file, by segment index
 * @param written for each of `writes`, contents of the slices right afterwards
 */
export function correctionObstacle(
  right: ReadonlyMap<number, SegmentSlices>,
  writes: readonly MaskWrite[],
  written: readonly SegmentSlices[],
): Obstacle | null {
  // The last write of a segment is the one that draws it.
  const last = new Map(writes.map(({ labelmap }, i) => [labelmap.segmentIndex, i]));
  const differing = new Set<number>();
  for (const [segmentIndex, i] of last) {
    for (const index of writes[i].masks.keys()) {
      const wanted = right.get(segmentIndex)?.get(index);
      if (!isSameDigest(written[i].get(index), wanted)) differing.add(index);
    }
  }
  if (differing.size === 0) return null;
  const slices = [...differing].sort((a, b) => a - b).map(index => index + 1);
  return {
    message: `Outlines still differ from the file on slice ${slices.join(', ')}: they were changed since, or another structure lies there.`,
    remedy: 'Check these slices. Undo takes the correction back.',
  };
}

function misreadSegment(
  shown: SegmentSlices,
  masks: ReadonlyMap<number, Mask>,
  size: number,
): MisreadSegment | null {
  const right = digestsOf(masks);
  const wrong = [...new Set([...shown.keys(), ...right.keys()])]
    .filter(index => !isSameDigest(shown.get(index), right.get(index)))
    .sort((a, b) => a - b);
  if (wrong.length === 0) return null;
  return {
    shown,
    masks: new Map(wrong.map(index => [index, masks.get(index) ?? new Uint8Array(size)])),
    right,
  };
}

/** Misread slices that the user has not changed. */
function unchanged({ shown, masks }: MisreadSegment, now: SegmentSlices): number[] {
  return [...masks.keys()].filter(index => isSameDigest(now.get(index), shown.get(index)));
}
