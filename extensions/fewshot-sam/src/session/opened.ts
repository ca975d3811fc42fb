import { type Predecessor, predecessorOf, type ReadSegmentDescription } from 'fewshot-sam-dicom';
import type { LoadDicomSeg } from '../dicom/loadDicomSeg';
import type { Instance } from '../host/ohif';
import { isSameDigest } from '../viewer/maskDigest';
import type { Viewer } from '../viewer/viewer';
import type { Collected } from './collect';
import type { SegmentSlices } from './fewshotSet';
import type {
  CapturedSegmentation,
  OpenedSegment,
  SegmentationRecords,
} from './segmentationRecords';

/** What the viewer asks of a segmentation to know it again. */
type OpenedViewer = Pick<Viewer, 'openedInstance' | 'labelmap' | 'scan'>;

/**
 * Remembers what segmentations of the archive said of themselves, and held, when they were opened, so
 * that storing them again says no less.
 */
export class OpenedSegmentations {
  constructor(
    private readonly viewer: OpenedViewer,
    private readonly loadDicomSeg: LoadDicomSeg,
    private readonly records: SegmentationRecords,
  ) {}

  /**
   * Captures what the segmentation shown holds, the first time that it is shown whole. Never throws.
   *
   * @returns null where it was not opened from the archive, or is not shown whole
   */
  capture(collected: Collected): Promise<CapturedSegmentation | null> {
    const { segmentation, series, obstacle } = collected;
    if (!segmentation || !series || obstacle) return Promise.resolve(null);
    const { segmentationId } = segmentation;
    const record = this.records.of(segmentationId);
    if (!record.captured) {
      const instance = this.viewer.openedInstance(segmentationId);
      record.captured = instance ? this.look(collected, instance) : Promise.resolve(null);
    }
    return record.captured;
  }

  /**
   * Reads what the segmentation shown says of its segments, the first time that it is shown whole.
   *
   * @returns whether it was this time
   * @throws FewshotError when the code that reads it cannot be loaded; the next call tries again
   */
  async note(collected: Collected): Promise<boolean> {
    const captured = await this.capture(collected);
    if (!captured) return false;
    const record = this.records.of(collected.segmentation!.segmentationId);
    if (record.opened !== undefined) return false;
    const { describeSegments } = await this.loadDicomSeg();
    if (record.opened !== undefined) return false;
    const { instance, segments } = captured;
    try {
      const described = describeSegments(instance);
      record.opened = {
        reference: predecessorOf(instance),
        // The viewer numbers segments as the SEG does.
        segments: new Map(
          described.flatMap(description => {
            const held = segments.get(description.number);
            return held
              ? [[description.number, { description, slices: held.slices }] as const]
              : [];
          }),
        ),
      };
      return true;
    } catch {
      // It is stored as if it had been drawn here.
      record.opened = null;
      return false;
    }
  }

  private async look(
    collected: Collected,
    instance: Instance,
  ): Promise<CapturedSegmentation | null> {
    try {
      const slices = await this.acquiredSlices(collected);
      const segments = collected.segments.flatMap(({ segmentIndex, label }) => {
        const held = slices.get(segmentIndex);
        return held ? [[segmentIndex, { label, slices: held }] as const] : [];
      });
      return { instance, segments: new Map(segments) };
    } catch {
      return null;
    }
  }

  /** What each segment holds on the slices that were acquired, whatever plane is shown. */
  private async acquiredSlices({
    segmentation,
    series,
    segments,
  }: Collected): Promise<ReadonlyMap<number, SegmentSlices>> {
    const acquired = series!.reslice?.source;
    if (!acquired) return new Map(segments.map(segment => [segment.segmentIndex, segment.slices]));
    return this.viewer.scan(
      segments.map(({ segmentIndex }) =>
        this.viewer.labelmap(segmentation!, segmentIndex, acquired),
      ),
    );
  }

  /** The viewer had read segments wrong: by segment index, what the archive holds of them. */
  correct(segmentationId: string, right: ReadonlyMap<number, SegmentSlices>): void {
    const record = this.records.of(segmentationId);
    const { opened } = record;
    if (!opened) return;
    const segments = [...opened.segments].map(([index, segment]) => {
      const slices = right.get(index) ?? segment.slices;
      return [index, { ...segment, slices }] as const;
    });
    record.opened = { ...opened, segments: new Map(segments) };
  }

  /** Whether what is shown was opened from the archive, and is another now: voxels, names, segments. */
  isChanged({ segmentation, series, segments, obstacle }: Collected): boolean {
    if (!segmentation) return false;
    const record = this.records.of(segmentation.segmentationId);
    const { opened } = record;
    if (!opened) return false;
    // Slices of another plane cannot be compared: what was seen last holds.
    if (series && !series.reslice && !obstacle) {
      const isSame = segments.every(({ segmentIndex, label, slices }) => {
        const before = opened.segments.get(segmentIndex);
        if (!before) return slices.size === 0;
        return isNamed(before.description, label) && isEqual(slices, before.slices);
      });
      record.isCorrected = !isSame || segments.length < opened.segments.size;
    }
    return record.isCorrected;
  }

  /** The instance that was opened; undefined when it is none of the archive. */
  reference(segmentationId: string): Predecessor | undefined {
    return this.records.of(segmentationId).opened?.reference;
  }

  /** A segment as it was opened; undefined for one that was added since. */
  segment(segmentationId: string, segmentIndex: number): OpenedSegment | undefined {
    if (this.records.segment({ segmentationId, segmentIndex }).isReused) return undefined;
    return this.records.of(segmentationId).opened?.segments.get(segmentIndex);
  }
}

/** Whether a segment holds the same on every slice. */
export function isEqual(now: SegmentSlices, then: SegmentSlices): boolean {
  return now.size === then.size && isWithin(now, then);
}

/** Whether each slice of a segment holds what it held then. */
export function isWithin(now: SegmentSlices, then: SegmentSlices): boolean {
  return [...now].every(([index, digest]) => isSameDigest(then.get(index), digest));
}

/** Whether a segment has the name that the SEG gives it; OHIF numbers those without one. */
export function isNamed({ label, number }: ReadSegmentDescription, name: string): boolean {
  return name.trim() === (label || `Segment ${number}`);
}

/**
 * Whether a segment is still the one that was opened, and not another one in its place: it has its
 * name, or a slice of it is as it was.
 */
export function isStill(
  { description, slices }: OpenedSegment,
  label: string,
  now: SegmentSlices,
): boolean {
  if (isNamed(description, label)) return true;
  return [...slices].some(([index, digest]) => isSameDigest(now.get(index), digest));
}
