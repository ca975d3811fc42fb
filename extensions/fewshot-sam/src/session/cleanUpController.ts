import { cleanUpMasks, type Mask, type MaskCleanUpKind } from 'fewshot-sam';
import type { Series } from '../viewer/series';
import type { Viewer } from '../viewer/viewer';
import { periodicYield } from '../viewer/yieldToBrowser';
import { failureOf } from './failure';
import type { OutlineCollector } from './outlineCollector';
import {
  decisionOn,
  replaceMasks,
  type FoundStructure,
  type MaskChange,
  type Review,
} from './review';
import type { ReviewController } from './reviewController';
import type { SnapshotStore } from './snapshotStore';
import type { CleanUpState, SessionSnapshot } from './state';

/** What a clean-up changes: segment index -> changes. */
type Changes = ReadonlyMap<number, MaskChange[]>;

/**
 * Cleans up the results of a review: computes in the background, previews over the viewport, and changes
 * the results when the user applies it. What a person drew and what was rejected stays as it is.
 */
export class CleanUpController {
  private changes: Changes | null = null;
  /** Counts the previews, so that one that was cancelled stops. */
  private latest = 0;
  private readonly unsubscribe: () => void;

  constructor(
    private readonly viewer: Pick<Viewer, 'readMask' | 'remember' | 'goToSlice' | 'currentSlice'>,
    private readonly store: SnapshotStore<SessionSnapshot>,
    private readonly collecting: Pick<OutlineCollector, 'collected'>,
    private readonly reviewing: Pick<
      ReviewController,
      'kept' | 'decidedOn' | 'drawnOn' | 'preview' | 'edit'
    >,
  ) {
    // A run, a finished review or one that was left ends the preview.
    this.unsubscribe = store.subscribe(() => {
      const { status, cleanUp } = store.get();
      if (status !== 'review' && cleanUp.state !== 'idle') this.end({ state: 'idle' });
    });
  }

  dispose(): void {
    this.latest++;
    this.unsubscribe();
  }

  /** Computes a clean-up of the structures to decide on and shows what it would change. */
  async preview(kind: MaskCleanUpKind): Promise<void> {
    const open = this.reviewing.kept();
    const { status, review } = this.store.get();
    if (!open || status !== 'review' || review?.writing) return;
    const run = ++this.latest;
    this.end({ state: 'computing', kind });
    const yieldIfDue = periodicYield();
    const isCurrent = () => run === this.latest;
    const changes = new Map<number, MaskChange[]>();
    try {
      let cleaned = open.review;
      for (const segmentIndex of this.reviewing.decidedOn(open)) {
        const found = cleaned.structures.find(one => one.segmentIndex === segmentIndex)!;
        const changed = await this.cleaned(kind, cleaned, found, open.series, async () => {
          if (!isCurrent()) throw new Stopped();
          await yieldIfDue();
        });
        changes.set(segmentIndex, changed);
        cleaned = replaceMasks(cleaned, segmentIndex, changed);
      }
    } catch (error) {
      if (error instanceof Stopped) return;
      this.end({ state: 'idle' });
      this.store.update({ failure: failureOf(error) });
      return;
    }
    if (!isCurrent()) return;
    const preview = summaryOf(kind, changes);
    if (preview.state !== 'preview') {
      this.end(preview);
      return;
    }
    this.changes = changes;
    this.store.update({ cleanUp: preview });
    this.reviewing.preview(current => changed(current, changes));
    const shown = this.viewer.currentSlice(open.series);
    if (shown === null || !preview.slices.includes(shown)) {
      this.viewer.goToSlice(open.series, preview.slices[0]);
    }
  }

  /** Changes the results as previewed, in one step of the viewer's undo history. */
  apply(): void {
    const { changes } = this;
    const { cleanUp } = this.store.get();
    if (!changes || cleanUp.state !== 'preview') return;
    const reverse = reversed(changes);
    this.end({ state: 'applied', kind: cleanUp.kind, slices: cleanUp.slices.length });
    this.reviewing.edit(current => changed(current, changes));
    this.viewer.remember(event => {
      const isUndone = event === 'undone';
      this.reviewing.edit(current => changed(current, isUndone ? reverse : changes));
      if (isUndone && this.store.get().cleanUp.state === 'applied') this.end({ state: 'idle' });
    });
  }

  cancel(): void {
    this.latest++;
    this.end({ state: 'idle' });
  }

  /** Ends the preview, if there is one. */
  private end(cleanUp: CleanUpState): void {
    const wasShown = this.changes !== null;
    this.changes = null;
    this.store.update({ cleanUp });
    if (wasShown) this.reviewing.preview(null);
  }

  private async cleaned(
    kind: MaskCleanUpKind,
    review: Review,
    found: FoundStructure,
    series: Series,
    pause: () => Promise<void>,
  ): Promise<MaskChange[]> {
    const { segmentIndex, masks } = found;
    const drawn = this.reviewing.drawnOn(segmentIndex);
    const { segments } = this.collecting.collected;
    const own = segments.find(segment => segment.segmentIndex === segmentIndex);
    const outlines = [...drawn].flatMap(slice => {
      const mask = own && this.viewer.readMask(own.labelmap, slice);
      return mask ? [[slice, mask] as const] : [];
    });
    const mayChange = [...masks].filter(
      ([slice]) => !drawn.has(slice) && decisionOn(review, segmentIndex, slice) !== 'rejected',
    );
    const changed = await cleanUpMasks({
      kind,
      masks: new Map(mayChange),
      fixed: new Map(outlines),
      grid: series,
      positionOf: slice => series.slicePositions?.[slice] ?? slice * series.sliceSpacing,
      takenOn: slice => this.takenOn(review, found, slice),
      pause,
    });
    return [...changed].map(([slice, mask]) => ({
      slice,
      before: masks.get(slice)!,
      after: mask.includes(1) ? mask : null,
    }));
  }

  /** Where the other structures of the labelmap lie, which holds one number per voxel; null if nowhere. */
  private takenOn(review: Review, found: FoundStructure, slice: number): Mask | null {
    const isOther = (index: number, layer: string | undefined) =>
      index !== found.segmentIndex && layer === found.layer;
    const results = review.structures.flatMap(({ segmentIndex, layer, masks }) => {
      const isRejected = decisionOn(review, segmentIndex, slice) === 'rejected';
      return isOther(segmentIndex, layer) && !isRejected ? (masks.get(slice) ?? []) : [];
    });
    const labels = this.collecting.collected.segments.flatMap(
      ({ segmentIndex, labelmap, slices }) =>
        isOther(segmentIndex, labelmap.layer) && slices.has(slice)
          ? (this.viewer.readMask(labelmap, slice) ?? [])
          : [],
    );
    const [first, ...others] = [...results, ...labels];
    if (!first) return null;
    return others.length > 0
      ? first.map((value, i) => (value || others.some(mask => mask[i]) ? 1 : 0))
      : first;
  }
}

/** The clean-up was cancelled, or another one was asked for. */
class Stopped extends Error {}

function changed(review: Review, changes: Changes): Review {
  return [...changes].reduce((result, [index, list]) => replaceMasks(result, index, list), review);
}

function reversed(changes: Changes): Changes {
  return new Map(
    [...changes].map(([index, list]) => [
      index,
      list.map(({ slice, before, after }) => ({ slice, before: after, after: before })),
    ]),
  );
}

function summaryOf(kind: MaskCleanUpKind, changes: Changes): CleanUpState {
  let added = 0;
  let removed = 0;
  const voxels = new Map<number, number>();
  for (const { slice, before, after } of [...changes.values()].flat()) {
    let count = 0;
    before!.forEach((value, i) => {
      const is = after?.[i] ?? 0;
      if (is === value) return;
      count++;
      if (is) added++;
      else removed++;
    });
    voxels.set(slice, (voxels.get(slice) ?? 0) + count);
  }
  const slices = [...voxels.keys()].sort((a, b) => voxels.get(b)! - voxels.get(a)! || a - b);
  return slices.length > 0
    ? { state: 'preview', kind, slices, added, removed }
    : { state: 'unchanged', kind };
}
