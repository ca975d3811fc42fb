import { looksLikeRing, type Mask, outlineFlaws, type OutlineFlaws, withPixels } from 'fewshot-sam';
import { periodicYield } from '../viewer/yieldToBrowser';
import type { Viewer } from '../viewer/viewer';
import type { Collected, CollectedSegment } from './collect';
import type { OutlineFlawKind, OutlineWarning } from './state';

const KINDS: OutlineFlawKind[] = ['holes', 'specks'];

/** Flaws of one outlined slice, with the mask they were found in. */
interface CheckedSlice {
  sliceIndex: number;
  mask: Mask;
  flaws: OutlineFlaws;
}

/** Looks for holes and specks in outlines, and remembers which of them belong there. */
export class OutlineChecks {
  /** Latest result per segment and slice, with the digests that it was made from. */
  private known = new Map<string, { madeFrom: string; checked: CheckedSlice }>();
  /** Segment and kind -> slices on which the user wants them; `all`: wherever they are. */
  private readonly wanted = new Map<string, Set<number> | 'all'>();

  constructor(private readonly viewer: Pick<Viewer, 'readMask'>) {}

  /** What the outlines of every segment should be looked at for, in the order of the segments. */
  async warnings(collected: Collected): Promise<OutlineWarning[]> {
    const { series, segments } = collected;
    if (!series) return [];
    const pixelArea = series.rowSpacing * series.columnSpacing;
    const warnings: OutlineWarning[] = [];
    const before = this.known;
    this.known = new Map();
    for (const segment of segments) {
      const { segmentIndex, label, locked } = segment;
      const checked = await this.check(collected, segment, before);
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

  /** The outlines without the holes or specks that are warned of: slice -> mask. */
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
   * The user wants them. Where a warning was about several slices or a ring, it is not given for this
   * segment again; else not for this slice.
   */
  keep(segment: CollectedSegment, { kind, slices, isRing }: OutlineWarning): void {
    const key = keyOf(segment, kind);
    const before = this.wanted.get(key);
    if (before === 'all' || isRing || slices.length > 1) this.wanted.set(key, 'all');
    else this.wanted.set(key, new Set([...(before ?? []), ...slices.map(one => one.sliceIndex)]));
  }

  private unwanted(
    segment: CollectedSegment,
    checked: readonly CheckedSlice[],
    kind: OutlineFlawKind,
  ): CheckedSlice[] {
    const wanted = this.wanted.get(keyOf(segment, kind));
    if (wanted === 'all') return [];
    return checked.filter(
      ({ sliceIndex, flaws }) => flaws[kind].length > 0 && !wanted?.has(sliceIndex),
    );
  }

  /** Every slice that is learned from, without holding the main thread. */
  private async check(
    { series, segments }: Collected,
    segment: CollectedSegment,
    before = this.known,
  ): Promise<CheckedSlice[]> {
    const yieldIfDue = periodicYield();
    const pixelArea = series!.rowSpacing * series!.columnSpacing;
    const all: CheckedSlice[] = [];
    for (const sliceIndex of segment.inSet) {
      const there = segments.filter(({ slices }) => slices.has(sliceIndex));
      const key = `${keyOf(segment)}/${sliceIndex}`;
      const madeFrom = there
        .map(({ segmentIndex, slices }) => `${segmentIndex} ${slices.get(sliceIndex)!.hash}`)
        .join(' ');
      let known = this.known.get(key) ?? before.get(key);
      if (known?.madeFrom !== madeFrom) {
        const mask = this.viewer.readMask(segment.labelmap, sliceIndex);
        if (!mask) continue;
        const taken = this.union(
          there.filter(other => other !== segment),
          sliceIndex,
          mask.length,
        );
        const flaws = outlineFlaws(mask, segment.labelmap.columns, { taken, pixelArea });
        // A mask without flaws is not needed again.
        const isFlawed = flaws.holes.length + flaws.specks.length > 0;
        const kept = isFlawed ? mask : new Uint8Array(0);
        known = { madeFrom, checked: { sliceIndex, mask: kept, flaws } };
        await yieldIfDue();
      }
      this.known.set(key, known);
      all.push(known.checked);
    }
    return all;
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

/** Slices are numbered anew in each plane. */
function keyOf({ labelmap }: CollectedSegment, kind = ''): string {
  const { segmentationId, segmentIndex, reslice } = labelmap;
  return `${segmentationId}/${segmentIndex}/${reslice?.plane.name ?? ''}/${kind}`;
}
