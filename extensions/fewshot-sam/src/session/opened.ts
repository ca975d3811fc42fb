import { type Predecessor, predecessorOf, type ReadSegmentDescription } from 'fewshot-sam-dicom';
import type { LoadDicomSeg } from '../dicom/loadDicomSeg';
import type { Instance } from '../host/ohif';
import { isSameDigest } from '../viewer/maskDigest';
import { formatOf } from './storeOptions';
import type { Viewer } from '../viewer/viewer';
import type { Collected } from './collect';
import type { SegmentSlices } from './fewshotSet';
import type {
  CapturedSegmentation,
  OpenedSegment,
  SegmentationRecords,
} from './segmentationRecords';

/** Part of the viewer that is used here. */
type OpenedViewer = Pick<Viewer, 'openedInstance' | 'labelmap' | 'scan'>;

/**
 * Remembers the contents and segment descriptions of segmentations opened from the archive, so that
 * storing them again loses no information.
 */
export class OpenedSegmentations {
  constructor(
    private readonly viewer: OpenedViewer,
    private readonly loadDicomSeg: LoadDicomSeg,
    private readonly records: SegmentationRecords,
  ) {}

  /**
   * Captures the contents of the segmentation shown, the first time it can be read. Never throws.
   *
   * @returns null if it was not opened from the archive, or cannot be read
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
   * Reads the descriptions of the segments from the file's metadata, once per segmentation.
   *
   * @returns true only for the call that read them
   * @throws FewshotError when the reader cannot be loaded; the next call tries again
   */
  async note(collected: Collected): Promise<boolean> {
    const captured = await this.capture(collected);
    if (!captured) return false;
    const record = this.records.of(collected.segmentation!.segmentationId);
    if (record.opened !== undefined) return false;
    const { describeSegments, describeRois } = await this.loadDicomSeg();
    if (record.opened !== undefined) return false;
    const { instance, segments } = captured;
    try {
      const described =
        formatOf(instance) === 'rtstruct' ? describeRois(instance) : describeSegments(instance);
      record.opened = {
        reference: predecessorOf(instance),
        // The viewer numbers segments as the SEG or RTSTRUCT does.
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
      // Unreadable: store it as if it had been drawn here.
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

  /** Contents of each segment on the acquired slices, whatever plane is shown. */
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

  /** Replaces contents that the viewer had read wrong. @param right by segment index, as in the file */
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

  /** Whether the segmentation was opened from the archive and its voxels, names or segments changed since. */
  isChanged({ segmentation, series, segments, obstacle }: Collected): boolean {
    if (!segmentation) return false;
    const record = this.records.of(segmentation.segmentationId);
    const { opened } = record;
    if (!opened) return false;
    // Slices of another plane cannot be compared: the last result stands.
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

  /** Reference to the opened instance; undefined if the segmentation is not from the archive. */
  reference(segmentationId: string): Predecessor | undefined {
    return this.records.of(segmentationId).opened?.reference;
  }

  /** A segment as it was opened; undefined for one that was added since. */
  segment(segmentationId: string, segmentIndex: number): OpenedSegment | undefined {
    if (this.records.segment({ segmentationId, segmentIndex }).isReused) return undefined;
    return this.records.of(segmentationId).opened?.segments.get(segmentIndex);
  }
}

/** Whether a segment is the same on every slice. */
export function isEqual(now: SegmentSlices, then: SegmentSlices): boolean {
  return now.size === then.size && isWithin(now, then);
}

/** Whether each slice of `now` is the same in `then`. */
export function isWithin(now: SegmentSlices, then: SegmentSlices): boolean {
  return [...now].every(([index, digest]) => isSameDigest(then.get(index), digest));
}

/**
 * Slices that a stored segmentation brought, so that no person outlined them here.
 *
 * @param now contents of the segment on the slices of the series, or of another plane
 * @param opened contents when it was opened, on the acquired slices
 * @param plane of the slices: digests of another plane cannot be compared, so there it counts whether
 *   anything has changed since
 */
export function givenSlices(
  now: SegmentSlices,
  opened: SegmentSlices | undefined,
  plane: 'acquired' | 'other, unchanged' | 'other, changed',
): number[] {
  if (!opened || plane === 'other, changed') return [];
  return [...now]
    .filter(([index, digest]) => plane !== 'acquired' || isSameDigest(opened.get(index), digest))
    .map(([index]) => index)
    .sort((a, b) => a - b);
}

/** Whether a segment has its name from the SEG. OHIF calls a segment without one `Segment N`. */
export function isNamed({ label, number }: ReadSegmentDescription, name: string): boolean {
  return name.trim() === (label || `Segment ${number}`);
}

/** Whether a segment is still the opened one: it kept its name, or one of its slices is unchanged. */
export function isStill(
  { description, slices }: OpenedSegment,
  label: string,
  now: SegmentSlices,
): boolean {
  if (isNamed(description, label)) return true;
  return [...slices].some(([index, digest]) => isSameDigest(now.get(index), digest));
}
