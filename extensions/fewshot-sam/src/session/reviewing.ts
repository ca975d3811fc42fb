import { FewshotError, withoutOverlap } from 'fewshot-sam';
import type { Series } from '../viewer/series';
import type { Viewer } from '../viewer/viewer';
import type { WrittenMasks } from '../viewer/writeMasks';
import type { CollectedSegment } from './collect';
import type { Collecting } from './collecting';
import { outlinedSlices } from './fewshotSet';
import type { SegmentResult } from './running';
import type { SnapshotStore } from './snapshotStore';
import { summarize } from './summary';

/** What happens to results: shown, then kept or discarded. */
export class Reviewing {
  private written: WrittenMasks | null = null;

  constructor(
    private readonly viewer: Viewer,
    private readonly store: SnapshotStore,
    private readonly collecting: Collecting,
  ) {}

  /** Writes what came back, except on slices that somebody has drawn on meanwhile. */
  async present(
    series: Series,
    segments: CollectedSegment[],
    results: SegmentResult[],
    seconds: number,
  ): Promise<void> {
    if (this.viewer.segmentationExists(segments[0].labelmap.segmentationId) === false) {
      throw new FewshotError(
        'bad-input',
        'The segmentation was removed while the slices were being segmented.',
        'Add it again and outline the structure.',
      );
    }
    const masks = withoutOverlap(
      results.map(({ segmentIndex, result }) => ({ segmentIndex, slices: result.slices })),
    );
    const now = await this.viewer.scan(segments.map(segment => segment.labelmap));
    const writes = segments.map(segment => {
      const { segmentationId, segmentIndex, cut } = segment.labelmap;
      const drawn = new Set(
        outlinedSlices(
          now.get(segmentIndex) ?? new Map(),
          this.collecting.predictedSlices(segmentationId, segmentIndex, cut?.plane.name),
        ),
      );
      const free = [...(masks.get(segmentIndex) ?? [])].filter(([index]) => !drawn.has(index));
      return { labelmap: segment.labelmap, masks: new Map(free) };
    });
    this.written = await this.viewer.write(writes, () => this.historyMoved());
    const after = await this.viewer.scan(segments.map(segment => segment.labelmap));
    for (const { labelmap, masks: written } of writes) {
      this.collecting.notePredicted(labelmap, written.keys(), after.get(labelmap.segmentIndex));
    }
    const structures = summarize(
      segments,
      writes.map(({ masks: written }, i) => ({ masks: written, result: results[i].result })),
      after,
      series.imageIds.length,
      (segment, index) =>
        this.collecting.thumbnails.of(
          series,
          index,
          after.get(segment.segmentIndex)?.get(index)?.hash,
          () => this.viewer.readMask(segment.labelmap, index),
        ),
    );
    this.store.update({ status: 'review', run: null, result: { structures, seconds } });
  }

  /** The user took the propagation back, or made it again, by undo and redo. */
  private historyMoved(): void {
    this.written = null;
    this.store.update({ status: 'collecting', result: null, store: { state: 'idle' } });
    this.collecting.changed('labels');
  }

  keep(): void {
    if (this.store.get().status !== 'review') return;
    this.written = null;
    this.store.update({ status: 'collecting' });
  }

  discard(): void {
    if (this.store.get().status !== 'review') return;
    this.written?.discard();
  }
}
