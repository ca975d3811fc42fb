import {
  combineSlices,
  inPlaneDiameters,
  type PlaneName,
  sliceThicknesses,
  type SliceMeasurement,
  throwIfCancelled,
  valuesInside,
} from 'fewshot-sam';
import { valueUnit } from 'fewshot-sam-dicom';
import type { SegmentLabelmap } from '../viewer/labelmap';
import { isSameDigest, type MaskDigest } from '../viewer/maskDigest';
import { acquiredPlane } from '../viewer/reslice';
import { sourceOf, type Series } from '../viewer/series';
import type { Viewer } from '../viewer/viewer';
import { yieldToBrowser } from '../viewer/yieldToBrowser';
import type { Collected } from './collect';
import type { StructureResult } from './results';

/** What was measured. */
export interface Measured {
  structures: StructureResult[];
  unit: string;
  plane: PlaneName;
}

interface KnownSlice {
  digest: MaskDigest;
  measurement: SliceMeasurement | null;
}

/** Measures the structures of a segmentation on the acquired slices. Measures only slices that changed. */
export class Measuring {
  /** Of `subject`: segment index -> slice index -> its last measurement. */
  private known = new Map<number, Map<number, KnownSlice>>();
  private subject = '';

  constructor(
    private readonly viewer: Pick<
      Viewer,
      'segments' | 'labelmap' | 'scan' | 'loadSlice' | 'readMask'
    >,
  ) {}

  /**
   * Yields to the browser after each slice.
   *
   * @param onProgress called with the fraction of slices that are done, 0..1
   * @throws FewshotError `bad-input` when a slice cannot be loaded; `cancelled`
   */
  async measure(
    { series, segmentation }: Collected,
    onProgress: (fraction: number) => void,
    signal: AbortSignal,
  ): Promise<Measured> {
    const source = sourceOf(series!);
    const subject = `${segmentation!.segmentationId} ${source.displaySetInstanceUID}`;
    if (subject !== this.subject) this.known = new Map();
    this.subject = subject;
    const segments = this.viewer.segments(segmentation!);
    const labelmaps = segments.map(({ segmentIndex }) =>
      this.viewer.labelmap(segmentation!, segmentIndex, source),
    );
    const digests = await this.viewer.scan(labelmaps);
    throwIfCancelled(signal);
    await this.measureChanged(source, labelmaps, digests, onProgress, signal);
    const heights =
      source.slicePositions ?? source.imageIds.map((_, index) => index * source.sliceSpacing);
    const thicknesses = sliceThicknesses(heights);
    return {
      structures: segments.flatMap(({ segmentIndex, label, color }) => {
        const bySlice = [...(this.known.get(segmentIndex) ?? [])].flatMap(
          ([index, { measurement }]) => (measurement ? [[index, measurement] as const] : []),
        );
        const measurements = combineSlices(new Map(bySlice), thicknesses, source);
        return measurements ? [{ segmentIndex, label, color, measurements }] : [];
      }),
      unit: valueUnit(source.instances[0]).symbol,
      plane: acquiredPlane(source),
    };
  }

  private async measureChanged(
    source: Series,
    labelmaps: readonly SegmentLabelmap[],
    digests: ReadonlyMap<number, ReadonlyMap<number, MaskDigest>>,
    onProgress: (fraction: number) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const changed = new Map<number, { labelmap: SegmentLabelmap; digest: MaskDigest }[]>();
    const known: typeof this.known = new Map();
    for (const labelmap of labelmaps) {
      const { segmentIndex } = labelmap;
      const before = this.known.get(segmentIndex);
      const kept = new Map<number, KnownSlice>();
      known.set(segmentIndex, kept);
      for (const [index, digest] of digests.get(segmentIndex) ?? []) {
        const same = before?.get(index);
        if (same && isSameDigest(same.digest, digest)) kept.set(index, same);
        else changed.set(index, [...(changed.get(index) ?? []), { labelmap, digest }]);
      }
    }
    this.known = known;
    let done = 0;
    for (const [index, here] of [...changed].sort(([a], [b]) => a - b)) {
      const { pixels } = await this.viewer.loadSlice(source, index, signal);
      for (const { labelmap, digest } of here) {
        await yieldToBrowser();
        throwIfCancelled(signal);
        const mask = this.viewer.readMask(labelmap, index);
        const diameters = mask && inPlaneDiameters(mask, source);
        await yieldToBrowser();
        throwIfCancelled(signal);
        const measurement = diameters && { ...valuesInside(mask, pixels), diameters };
        known.get(labelmap.segmentIndex)!.set(index, { digest, measurement });
      }
      onProgress(++done / changed.size);
      await yieldToBrowser();
    }
  }
}
