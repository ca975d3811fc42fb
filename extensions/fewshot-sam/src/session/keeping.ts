import type { Mask } from 'fewshot-sam';
import { breather } from '../viewer/breathe';
import type { Series } from '../viewer/series';
import type { Viewer } from '../viewer/viewer';
import type { Collected } from './collect';
import type { Collecting } from './collecting';
import { decodeDraft, encodeDraft, renumbered, type Draft, type DraftSegment } from './draft';
import { draftKey, draftKeysOfAllPlanes, type DraftStore } from './draftStore';
import { failureOf } from './failure';
import { decisionOn, type Review } from './review';
import type { Reviewing } from './reviewing';
import type { SnapshotStore } from './snapshotStore';

/** Milliseconds of rest before the work is written down. */
const REST = 700;

/**
 * Writes unfinished work down while it goes on, and offers it after a reload: what was drawn, and the
 * review. It is deleted once the segmentation is stored or the user discards it.
 */
export class Keeping {
  private timer: ReturnType<typeof setTimeout> | null = null;
  /** What is to be written down when the timer ends. */
  private pending: Collected | null = null;
  private readonly keys = new Map<string, Promise<string>>();
  /** Series whose draft was looked up, and what was found that waits for the user's answer. */
  private readonly lookedUp = new Set<string>();
  private readonly offered = new Map<string, Draft>();
  /** What a segmentation held when it came from the archive or was stored there. */
  private readonly stored = new Map<string, string>();
  private disposed = false;
  /** One after the other, or an older one might be written last. */
  private saving: Promise<void> = Promise.resolve();

  constructor(
    private readonly viewer: Viewer,
    private readonly store: SnapshotStore,
    private readonly collecting: Collecting,
    private readonly reviewing: Reviewing,
    private readonly drafts: DraftStore,
  ) {}

  /** The study is being closed: what waits to be written down is written now. */
  dispose(): void {
    const { segmentation } = this.pending ?? {};
    // Whether one came from the archive cannot be known any more.
    if (segmentation && this.stored.has(segmentation.segmentationId)) this.saveNow();
    this.disposed = true;
    if (this.timer) clearTimeout(this.timer);
  }

  /** Something was drawn, found or decided. */
  changed(): void {
    this.offer();
    const { collected } = this.collecting;
    const { series } = collected;
    // Another series is shown within the rest: what was done on the one before is not forgotten.
    if (seriesOf(this.pending) !== seriesOf(collected)) this.saveNow();
    if (!series) return;
    // A review whose segmentation was removed comes back from what was written down.
    if (this.reviewing.forgetLost()) this.lookedUp.delete(series.displaySetInstanceUID);
    if (!this.lookedUp.has(series.displaySetInstanceUID)) void this.lookUp(series);
    if (this.timer) clearTimeout(this.timer);
    this.pending = collected;
    this.timer = setTimeout(() => this.saveNow(), REST);
  }

  private saveNow(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const { pending } = this;
    this.pending = null;
    if (!pending) return;
    const save = () => this.save(pending);
    this.saving = this.saving.then(save, save);
  }

  private keyOf(series: Series): Promise<string> {
    const { displaySetInstanceUID } = series;
    let key = this.keys.get(displaySetInstanceUID);
    if (!key) this.keys.set(displaySetInstanceUID, (key = draftKey(series)));
    return key;
  }

  /** Looks for a draft of the series, once. */
  private async lookUp(series: Series): Promise<void> {
    this.lookedUp.add(series.displaySetInstanceUID);
    const text = await this.drafts.get(await this.keyOf(series));
    const draft = text && decodeDraft(text, series.rows * series.columns);
    if (!draft || this.disposed) return;
    this.offered.set(series.displaySetInstanceUID, draft);
    this.offer();
  }

  /** Says in the panel what can be brought back. */
  private offer(): void {
    const { series } = this.collecting.collected;
    const draft = series && this.offered.get(series.displaySetInstanceUID);
    const left = this.reviewing.canResume() ? this.reviewing.kept()!.review : null;
    const resume = draft
      ? {
          reviewSlices: draft.review ? slicesOf(draft.review.review) : 0,
          drawnSlices: new Set(draft.segments.flatMap(({ masks }) => [...masks.keys()])).size,
        }
      : left && { reviewSlices: slicesOf(left), drawnSlices: 0 };
    const shown = this.store.get().resume;
    if (JSON.stringify(resume) !== JSON.stringify(shown)) this.store.update({ resume });
  }

  private contents({ segments }: Collected): string {
    return segments
      .map(({ segmentIndex, slices }) =>
        [segmentIndex, ...[...slices].map(([slice, { hash }]) => `${slice}-${hash}`)].join(' '),
      )
      .join(';');
  }

  private async save(collected: Collected): Promise<void> {
    const { series, segmentation, segments, obstacle } = collected;
    if (!series || !segmentation || obstacle) return;
    // What waits for an answer must not be written over.
    if (this.offered.has(series.displaySetInstanceUID)) return;
    const { segmentationId } = segmentation;
    const contents = this.contents(collected);
    if (!this.stored.has(segmentationId)) {
      this.stored.set(segmentationId, this.viewer.isFromArchive(segmentationId) ? contents : '');
    }
    const kept = this.reviewing.kept();
    // The review of another segmentation of this series is what is kept, as long as there is one.
    if (kept && kept.segmentationId !== segmentationId) return;
    const open = kept;
    const key = await this.keyOf(series);
    const isDrawn = segments.some(({ slices }) => slices.size > 0);
    if (!open && (!isDrawn || contents === this.stored.get(segmentationId))) {
      await this.drafts.remove(key);
      this.store.update({ unkept: false });
      return;
    }
    const breathe = breather();
    const draft: Draft = {
      size: series.rows * series.columns,
      segments: await this.draftSegments(collected, breathe),
      review: open && {
        review: open.review,
        seconds: open.seconds,
        learnedFrom: open.learnedFrom,
      },
    };
    const isKept = await this.drafts.put(key, await encodeDraft(draft, breathe));
    this.store.update({ unkept: !isKept });
  }

  private async draftSegments(
    { segments }: Collected,
    breathe: () => Promise<void>,
  ): Promise<DraftSegment[]> {
    const drafts: DraftSegment[] = [];
    for (const segment of segments) {
      const { segmentIndex, label, slices, outlined, inSet, labelmap } = segment;
      const masks = new Map<number, Mask>();
      for (const slice of slices.keys()) {
        masks.set(slice, this.viewer.readMask(labelmap, slice)!);
        await breathe();
      }
      drafts.push({
        segmentIndex,
        label,
        masks,
        predicted: [...slices.keys()].filter(slice => !outlined.includes(slice)),
        leftOut: outlined.filter(slice => !inSet.includes(slice)),
      });
    }
    return drafts;
  }

  /** The segmentation is in the archive as it is now: nothing of it can be lost. */
  async wasStored(): Promise<void> {
    const { collected } = this.collecting;
    const { series, segmentation } = collected;
    if (!series || !segmentation) return;
    this.stored.set(segmentation.segmentationId, this.contents(collected));
    if (this.reviewing.kept()) return;
    // What was drawn in any plane is in what was stored.
    for (const key of await draftKeysOfAllPlanes(series)) await this.drafts.remove(key);
    this.store.update({ unkept: false });
  }

  /** The user does not want it back. */
  async dismiss(): Promise<void> {
    const { series } = this.collecting.collected;
    if (series && this.offered.delete(series.displaySetInstanceUID)) {
      await this.drafts.remove(await this.keyOf(series));
    } else {
      this.reviewing.discard();
    }
    this.changed();
  }

  async resume(): Promise<void> {
    if (this.store.get().status !== 'collecting') return;
    const { series } = this.collecting.collected;
    const draft = series && this.offered.get(series.displaySetInstanceUID);
    if (!series || !draft) {
      this.reviewing.resume();
      this.changed();
      return;
    }
    try {
      await this.bringBack(series, draft);
      this.offered.delete(series.displaySetInstanceUID);
    } catch (error) {
      this.store.update({ failure: failureOf(error) });
    }
    this.changed();
  }

  /** Draws everything again, in one undo step, and opens the review. */
  private async bringBack(series: Series, draft: Draft): Promise<void> {
    const isEmpty = this.collecting.collected.segments.every(({ slices }) => slices.size === 0);
    const segmentation = await this.viewer.segmentationFor(
      draft.segments.map(({ label }) => label),
      isEmpty ? this.viewer.segmentation() : null,
    );
    const { segmentationId } = segmentation;
    const indices = this.viewer.segments(segmentation).map(({ segmentIndex }) => segmentIndex);
    const numbers = new Map(
      draft.segments.map(({ segmentIndex }, position) => [segmentIndex, indices[position]]),
    );
    const writes = draft.segments.map(({ segmentIndex, masks }) => ({
      labelmap: this.viewer.labelmap(segmentation, numbers.get(segmentIndex)!, series),
      masks: new Map(masks),
    }));
    await this.viewer.write(writes, () => this.collecting.changed('labels'));
    const after = await this.viewer.scan(writes.map(({ labelmap }) => labelmap));
    draft.segments.forEach(({ predicted, leftOut }, i) => {
      const { labelmap } = writes[i];
      this.collecting.notePredicted(labelmap, predicted, after.get(labelmap.segmentIndex));
      this.collecting.setLeftOut(labelmap, leftOut);
    });
    this.viewer.showPanel();
    await this.collecting.refresh();
    if (!draft.review) return;
    this.reviewing.show({
      ...draft.review,
      review: renumbered(draft.review.review, numbers),
      series,
      segmentationId,
    });
  }
}

function seriesOf(collected: Collected | null): string | undefined {
  return collected?.series?.displaySetInstanceUID;
}

/** Found slices that were not rejected. */
function slicesOf(review: Review): number {
  return new Set(
    review.structures.flatMap(({ segmentIndex, masks }) =>
      [...masks.keys()].filter(slice => decisionOn(review, segmentIndex, slice) !== 'rejected'),
    ),
  ).size;
}
