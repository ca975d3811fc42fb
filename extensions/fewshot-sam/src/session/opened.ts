import { describeSegments, type ReadSegmentDescription } from 'fewshot-sam-dicom/readSegments';
import { predecessorOf, type Predecessor } from 'fewshot-sam-dicom/references';
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
  private readonly opened = new Map<string, Opened>();
  private readonly looking = new Map<string, Promise<void>>();
  private readonly changed = new Set<string>();

  constructor(private readonly viewer: OpenedViewer) {}

  /**
   * Looks at the segmentation shown, the first time that it is shown whole. Never throws.
   *
   * @returns whether it was this time
   */
  async note(collected: Collected): Promise<boolean> {
    const { segmentation, series, obstacle } = collected;
    if (!segmentation || !series || obstacle) return false;
    const { segmentationId } = segmentation;
    const before = this.looking.get(segmentationId);
    if (before) {
      await before;
      return false;
    }
    const instance = this.viewer.openedInstance(segmentationId);
    const looking = instance ? this.look(collected, instance) : Promise.resolve();
    this.looking.set(segmentationId, looking);
    await looking;
    return this.opened.has(segmentationId);
  }

  private async look(collected: Collected, instance: Instance): Promise<void> {
    const { segmentationId } = collected.segmentation!;
    try {
      const slices = await this.acquiredSlices(collected);
      const described = describeSegments(instance);
      this.opened.set(segmentationId, {
        reference: predecessorOf(instance),
        // The viewer numbers segments as the SEG does.
        segments: new Map(
          described.flatMap(description => {
            const held = slices.get(description.number);
            return held ? [[description.number, { description, slices: held }] as const] : [];
          }),
        ),
      });
    } catch {
      // One that says nothing of its segments is stored as if it had been drawn here.
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
