import type { ReadSegmentDescription } from 'fewshot-sam-dicom/readSegments';
import { predecessorOf, type Predecessor } from 'fewshot-sam-dicom/references';
import type { LoadDicomSeg } from '../dicom/loadDicomSeg';
import type { Instance } from '../host/ohif';
import { isSameDigest } from '../viewer/maskDigest';
import type { Viewer } from '../viewer/viewer';
import type { Collected } from './collect';
import type { SegmentSlices } from './fewshotSet';

/** A segment of a segmentation that was opened from the archive, as it was there. */
export interface OpenedSegment {
  description: ReadSegmentDescription;
  /** What it held on the slices that were acquired. */
  slices: SegmentSlices;
}

/** What segments held when their segmentation was opened, before the user could change it. */
interface Captured {
  instance: Instance;
  /** By segment index. */
  segments: ReadonlyMap<number, { label: string; slices: SegmentSlices }>;
}

/** A segmentation that was opened from the archive. */
interface Opened {
  reference: Predecessor;
  /** By segment index. */
  segments: ReadonlyMap<number, OpenedSegment>;
}

/** What the viewer asks of a segmentation to know it again. */
type OpenedViewer = Pick<Viewer, 'openedInstance' | 'labelmap' | 'scan'>;

/**
 * Remembers what segmentations of the archive said of themselves, and held, when they were opened, so
 * that storing them again says no less.
 */
export class OpenedSegmentations {
  private readonly capturing = new Map<string, Promise<Captured | null>>();
  /** Null for one that says nothing of its segments: it is stored as if it had been drawn here. */
  private readonly opened = new Map<string, Opened | null>();
  private readonly changed = new Set<string>();

  constructor(
    private readonly viewer: OpenedViewer,
    private readonly loadDicomSeg: LoadDicomSeg,
  ) {}

  /**
   * Captures what the segmentation shown holds, the first time that it is shown whole. Never throws.
   *
   * @returns null where it was not opened from the archive, or is not shown whole
   */
  capture(collected: Collected): Promise<Captured | null> {
    const { segmentation, series, obstacle } = collected;
    if (!segmentation || !series || obstacle) return Promise.resolve(null);
    const { segmentationId } = segmentation;
    let capturing = this.capturing.get(segmentationId);
    if (!capturing) {
      const instance = this.viewer.openedInstance(segmentationId);
      capturing = instance ? this.look(collected, instance) : Promise.resolve(null);
      this.capturing.set(segmentationId, capturing);
    }
    return capturing;
  }

  /**
   * Reads what the segmentation shown says of its segments, the first time that it is shown whole.
   *
   * @returns whether it was this time
   * @throws FewshotError when the code that reads it cannot be loaded; the next call tries again
   */
  async note(collected: Collected): Promise<boolean> {
    const captured = await this.capture(collected);
    const { segmentationId } = collected.segmentation ?? {};
    if (!captured || !segmentationId || this.opened.has(segmentationId)) return false;
    const { describeSegments } = await this.loadDicomSeg();
    if (this.opened.has(segmentationId)) return false;
    const { instance, segments } = captured;
    try {
      const described = describeSegments(instance);
      this.opened.set(segmentationId, {
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
      });
      return true;
    } catch {
      this.opened.set(segmentationId, null);
      return false;
    }
  }

  private async look(collected: Collected, instance: Instance): Promise<Captured | null> {
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
    const acquired = series!.cut?.source;
    if (!acquired) return new Map(segments.map(segment => [segment.segmentIndex, segment.slices]));
    return this.viewer.scan(
      segments.map(({ segmentIndex }) =>
        this.viewer.labelmap(segmentation!, segmentIndex, acquired),
      ),
    );
  }

  /** The viewer had read segments wrong: by segment index, what the archive holds of them. */
  correct(segmentationId: string, right: ReadonlyMap<number, SegmentSlices>): void {
    const opened = this.opened.get(segmentationId);
    if (!opened) return;
    const segments = [...opened.segments].map(([index, segment]) => {
      const slices = right.get(index) ?? segment.slices;
      return [index, { ...segment, slices }] as const;
    });
    this.opened.set(segmentationId, { ...opened, segments: new Map(segments) });
  }

  /** Whether what is shown was opened from the archive, and is another now: voxels, names, segments. */
  isChanged({ segmentation, series, segments, obstacle }: Collected): boolean {
    const opened = segmentation && this.opened.get(segmentation.segmentationId);
    if (!opened) return false;
    const { segmentationId } = segmentation;
    // Slices of another plane cannot be compared: what was seen last holds.
    if (series && !series.cut && !obstacle) {
      const isSame = segments.every(({ segmentIndex, label, slices }) => {
        const before = opened.segments.get(segmentIndex);
        if (!before) return slices.size === 0;
        return isNamed(before.description, label) && isEqual(slices, before.slices);
      });
      if (isSame && segments.length >= opened.segments.size) this.changed.delete(segmentationId);
      else this.changed.add(segmentationId);
    }
    return this.changed.has(segmentationId);
  }

  /** The instance that was opened; undefined when it is none of the archive. */
  reference(segmentationId: string): Predecessor | undefined {
    return this.opened.get(segmentationId)?.reference;
  }

  /** A segment as it was opened; undefined for one that was added since. */
  segment(segmentationId: string, segmentIndex: number): OpenedSegment | undefined {
    return this.opened.get(segmentationId)?.segments.get(segmentIndex);
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
