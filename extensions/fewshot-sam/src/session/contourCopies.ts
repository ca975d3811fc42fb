import { isSameDigest, type MaskDigest } from '../viewer/maskDigest';
import type { Series } from '../viewer/series';
import type { Viewer } from '../viewer/viewer';
import type { MaskWrite } from '../viewer/writeMasks';
import type { CollectedSegment } from './collect';
import type { OutlineCollector } from './outlineCollector';
import type { SegmentResult } from './runController';
import type { SegmentationRecords } from './segmentationRecords';

/** The labelmap segmentation that holds results of contours, in one plane. */
export interface ContourCopy {
  segmentationId: string;
  /** Segment index of the contours -> index in the labelmap, and what was copied: slice -> digest. */
  segments: Map<number, { segmentIndex: number; copied: ReadonlyMap<number, MaskDigest> }>;
}

/** What a review of results is to be opened with. */
export interface Reviewable {
  segments: CollectedSegment[];
  results: SegmentResult[];
  /** Caveat on the result. */
  note?: string;
  /** Removes the labelmap segmentation, if it was made for this result and only holds copies. */
  discard?: () => Promise<void>;
}

type CopyViewer = Pick<
  Viewer,
  'labelmapFor' | 'labelmap' | 'scan' | 'readMask' | 'write' | 'removeSegmentation'
>;

/**
 * Voxels cannot be written into contours. The results of outlines drawn as contours go to a labelmap
 * segmentation of the same name, which starts with the filled contours. The contours stay as they are.
 */
export class ContourCopies {
  constructor(
    private readonly viewer: CopyViewer,
    private readonly records: SegmentationRecords,
    private readonly collecting: Pick<
      OutlineCollector,
      | 'collected'
      | 'refresh'
      | 'changed'
      | 'predictedSlices'
      | 'forgetPredicted'
      | 'setExcluded'
      | 'setAbsent'
    >,
  ) {}

  /**
   * Copies contours into their labelmap segmentation, in one undo step: a new one, or the one of an earlier
   * run. There, slices that were changed by hand since stay.
   *
   * @returns segments of the labelmap and results for them; both unchanged if they are no contours
   * @throws FewshotError if the viewer does not make the segmentation; nothing is left of it then
   */
  async reviewable(
    series: Series,
    segments: CollectedSegment[],
    results: SegmentResult[],
  ): Promise<Reviewable> {
    if (!segments.some(({ labelmap }) => labelmap.contours)) return { segments, results };
    const { segmentationId } = segments[0].labelmap;
    const record = this.records.of(segmentationId);
    const plane = series.reslice?.plane.name;
    const before = record.copies?.get(plane);
    const name = this.nameOf(segmentationId);
    const { segmentation, segmentIndices, isNew } = await this.viewer.labelmapFor(
      {
        name,
        segmentationId: before?.segmentationId,
        segments: segments.map(({ label, color, segmentIndex }) => ({
          ...{ label, color },
          segmentIndex: before?.segments.get(segmentIndex)?.segmentIndex,
        })),
      },
      series,
    );
    const remove = () => this.viewer.removeSegmentation(segmentation.segmentationId);
    const copies: CollectedSegment[] = segments.map((segment, i) => ({
      ...segment,
      segmentIndex: segmentIndices[i],
      labelmap: this.viewer.labelmap(segmentation, segmentIndices[i], series),
    }));
    const writes: MaskWrite[] = [];
    for (const [i, segment] of segments.entries()) {
      const copied = isNew ? undefined : before?.segments.get(segment.segmentIndex)?.copied;
      writes.push(await this.writeOf(segment, copies[i], copied ?? new Map()));
    }
    let written: Map<number, MaskDigest>[];
    try {
      written = await this.viewer.write(writes, () => this.collecting.changed('labels'));
    } catch (error) {
      if (isNew) remove();
      throw error;
    }
    const copy: ContourCopy = {
      segmentationId: segmentation.segmentationId,
      segments: new Map(isNew ? [] : before?.segments),
    };
    segments.forEach((segment, i) => {
      copy.segments.set(segment.segmentIndex, {
        segmentIndex: segmentIndices[i],
        copied: written[i],
      });
      this.carryOver(segment, copies[i]);
    });
    record.copies = new Map([...(record.copies ?? []), [plane, copy]]);
    await this.collecting.refresh();
    const indexOf = new Map(
      segments.map(({ segmentIndex }, i) => [segmentIndex, segmentIndices[i]]),
    );
    return {
      segments: this.collectedAgain(copies, series),
      results: results.map(result => ({
        ...result,
        segmentIndex: indexOf.get(result.segmentIndex) ?? result.segmentIndex,
      })),
      note: overlapNote(copies, written),
      ...(isNew && { discard: async () => this.removeUnchanged(copy, series, remove) }),
    };
  }

  private nameOf(segmentationId: string): string {
    const { segmentation } = this.collecting.collected;
    const isActive = segmentation?.segmentationId === segmentationId;
    return (isActive && segmentation.label) || 'Segmentation';
  }

  /** Slices to write: those with contours, and those whose contours are gone; none that was changed by hand. */
  private async writeOf(
    { labelmap: contours, slices }: CollectedSegment,
    { labelmap, segmentIndex }: CollectedSegment,
    copied: ReadonlyMap<number, MaskDigest>,
  ): Promise<MaskWrite> {
    const now = (await this.viewer.scan([labelmap])).get(segmentIndex) ?? new Map();
    const { segmentationId, reslice } = labelmap;
    const predicted = this.collecting.predictedSlices(
      segmentationId,
      segmentIndex,
      reslice?.plane.name,
    );
    const isOurs = (slice: number) => {
      const held = now.get(slice);
      return [undefined, copied.get(slice), predicted.get(slice)].some(each =>
        isSameDigest(held, each),
      );
    };
    const wanted = [...new Set([...slices.keys(), ...copied.keys()])].filter(isOurs);
    return {
      labelmap,
      masks: new Map(wanted.map(slice => [slice, this.viewer.readMask(contours, slice)!])),
      expected: now,
      drawn: new Set(slices.keys()),
    };
  }

  /** Gives the copy what the user said about the segment besides its contours. */
  private carryOver(contours: CollectedSegment, copy: CollectedSegment): void {
    const { labelmap } = copy;
    const { outlined, inSet, absent, slices } = contours;
    for (const slice of slices.keys()) this.collecting.forgetPredicted(labelmap, slice);
    this.collecting.setExcluded(
      labelmap,
      outlined.filter(slice => !inSet.includes(slice)),
    );
    this.collecting.setAbsent(labelmap, absent);
    const of = this.records.segment(contours.labelmap);
    const { segmentationId } = contours.labelmap;
    const copied = this.records.segment(labelmap);
    copied.isFoundByTask = of.isFoundByTask;
    copied.copyOf = { segmentationId, segmentIndex: contours.segmentIndex };
    this.records.of(labelmap.segmentationId).copyOf = segmentationId;
    for (const [label, term] of of.terms) {
      if (!copied.terms.has(label)) copied.terms.set(label, term);
    }
  }

  /** The copies as the viewer was last read, if it shows them. */
  private collectedAgain(copies: CollectedSegment[], series: Series): CollectedSegment[] {
    const { collected } = this.collecting;
    const [{ labelmap }] = copies;
    const isShown =
      collected.series?.displaySetInstanceUID === series.displaySetInstanceUID &&
      collected.segmentation?.segmentationId === labelmap.segmentationId;
    if (!isShown) return copies;
    return copies.map(
      copy =>
        collected.segments.find(({ segmentIndex }) => segmentIndex === copy.segmentIndex) ?? copy,
    );
  }

  private async removeUnchanged(
    { segments }: ContourCopy,
    series: Series,
    remove: () => void,
  ): Promise<void> {
    // The last stroke may still be settling.
    await this.collecting.refresh();
    const { collected } = this.collecting;
    if (collected.series?.displaySetInstanceUID !== series.displaySetInstanceUID) return;
    const copies = [...segments.values()];
    const isUnchanged =
      collected.segments.length === copies.length &&
      copies.every(({ segmentIndex, copied }) => {
        const held = collected.segments.find(each => each.segmentIndex === segmentIndex)?.slices;
        return (
          held?.size === copied.size &&
          [...copied].every(([slice, digest]) => isSameDigest(held.get(slice), digest))
        );
      });
    if (isUnchanged) remove();
  }
}

/** Says where a structure gave way to another one that has the voxels already. */
function overlapNote(
  copies: readonly CollectedSegment[],
  written: readonly ReadonlyMap<number, MaskDigest>[],
): string | undefined {
  const cut = copies.filter(({ slices }, i) =>
    [...written[i]].some(([slice, { count }]) => count < (slices.get(slice)?.count ?? 0)),
  );
  if (cut.length === 0) return undefined;
  const names = cut.map(({ label }) => label).join(', ');
  return `${names}: contours overlap those of another structure. The first one keeps the voxels that they share.`;
}
