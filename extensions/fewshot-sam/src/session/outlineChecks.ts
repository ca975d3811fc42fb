import { looksLikeRing, type Mask, outlineFlaws, withPixels } from 'fewshot-sam';
import { periodicYield } from '../viewer/yieldToBrowser';
import type { Viewer } from '../viewer/viewer';
import type { Collected, CollectedSegment } from './collect';
import type { CheckedSlice, PlaneRecord, SegmentationRecords } from './segmentationRecords';
import type { OutlineFlawKind, OutlineWarning } from './state';

const KINDS: OutlineFlawKind[] = ['holes', 'specks'];

/** Finds holes and specks in outlines, and remembers which ones the user wants to keep. */
export class OutlineChecks {
  constructor(
    private readonly viewer: Pick<Viewer, 'readMask'>,
    private readonly records: SegmentationRecords,
  ) {}

  /** Warnings about the outlines of all segments, in segment order. */
  async warnings(collected: Collected): Promise<OutlineWarning[]> {
    const { series, segments } = collected;
    if (!series) return [];
    const pixelArea = series.rowSpacing * series.columnSpacing;
    const warnings: OutlineWarning[] = [];
    for (const segment of segments) {
      // Nothing can be filled or removed in contours.
      if (segment.labelmap.contours) continue;
      const { segmentIndex, label, locked } = segment;
      const checked = await this.check(collected, segment);
      for (const kind of KINDS) {
        const slices = this.unwanted(segment, checked, kind).map(({ sliceIndex, flaws }) => {
          const pixels = pixelsOf(flaws[kind]);
          return {
            ...{ sliceIndex, count: flaws[kind].length, pixels },
            areaMm2: pixels * pixelArea,
          };
        });
        if (slices.length === 0) continue;
        const isRing = kind === 'holes' && looksLikeRing(checked);
        warnings.push({ segmentIndex, label, kind, locked, slices, isRing });
      }
    }
    return warnings;
  }

  /** The outlines without the reported holes or specks: slice -> mask. */
  async fixed(
    collected: Collected,
    segment: CollectedSegment,
    kind: OutlineFlawKind,
  ): Promise<Map<number, Mask>> {
    const checked = this.unwanted(segment, await this.check(collected, segment), kind);
    return new Map(
      checked.map(({ sliceIndex, mask, flaws: { holes, specks } }) => [
        sliceIndex,
        kind === 'holes' ? withPixels(mask, holes, []) : withPixels(mask, [], specks),
      ]),
    );
  }

  /**
   * Stops a warning: for the whole segment if it was about several slices or a ring, else for its one
   * slice.
   */
  keep(segment: CollectedSegment, { kind, slices, isRing }: OutlineWarning): void {
    const { wanted } = this.recordOf(segment);
    const before = wanted.get(kind);
    if (before === 'all' || isRing || slices.length > 1) wanted.set(kind, 'all');
    else wanted.set(kind, new Set([...(before ?? []), ...slices.map(one => one.sliceIndex)]));
  }

  private recordOf({ labelmap }: CollectedSegment): PlaneRecord {
    return this.records.plane(labelmap, labelmap.reslice?.plane.name);
  }

  private unwanted(
    segment: CollectedSegment,
    checked: readonly CheckedSlice[],
    kind: OutlineFlawKind,
  ): CheckedSlice[] {
    const wanted = this.recordOf(segment).wanted.get(kind);
    if (wanted === 'all') return [];
    return checked.filter(
      ({ sliceIndex, flaws }) => flaws[kind].length > 0 && !wanted?.has(sliceIndex),
    );
  }

  /** Checks every slice in the few-shot set. Yields so that the main thread stays free. */
  private async check(
    { series, segments }: Collected,
    segment: CollectedSegment,
  ): Promise<CheckedSlice[]> {
    const yieldIfDue = periodicYield();
    const pixelArea = series!.rowSpacing * series!.columnSpacing;
    const record = this.recordOf(segment);
    const results = new Map<number, { madeFrom: string; checked: CheckedSlice }>();
    for (const sliceIndex of segment.inSet) {
      const there = segments.filter(({ slices }) => slices.has(sliceIndex));
      const madeFrom = there
        .map(({ segmentIndex, slices }) => `${segmentIndex} ${slices.get(sliceIndex)!.hash}`)
        .join(' ');
      let known = record.checked.get(sliceIndex);
      if (known?.madeFrom !== madeFrom) {
        const mask = this.viewer.readMask(segment.labelmap, sliceIndex);
        if (!mask) continue;
        const taken = this.union(
          there.filter(other => other !== segment),
          sliceIndex,
          mask.length,
        );
        const flaws = outlineFlaws(mask, segment.labelmap.columns, { taken, pixelArea });
        const isFlawed = flaws.holes.length + flaws.specks.length > 0;
        const kept = isFlawed ? mask : new Uint8Array(0);
        known = { madeFrom, checked: { sliceIndex, mask: kept, flaws } };
        await yieldIfDue();
      }
      results.set(sliceIndex, known);
    }
    record.checked = results;
    return [...results.values()].map(({ checked }) => checked);
  }

  private union(segments: CollectedSegment[], sliceIndex: number, size: number): Mask {
    const union = new Uint8Array(size);
    for (const { labelmap } of segments) {
      const mask = this.viewer.readMask(labelmap, sliceIndex);
      mask?.forEach((value, i) => {
        if (value) union[i] = 1;
      });
    }
    return union;
  }
}

function pixelsOf(parts: readonly Uint32Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}
