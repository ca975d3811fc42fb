import type { Mask } from 'fewshot-sam';
import { periodicYield } from '../viewer/yieldToBrowser';
import { sourceOf, type Series } from '../viewer/series';
import type { Viewer } from '../viewer/viewer';
import type { Collected } from './collect';
import type { OutlineCollector } from './outlineCollector';
import { decodeDraft, encodeDraft, renumbered, type Draft, type DraftSegment } from './draft';
import type { DraftClaims } from './draftClaims';
import { DraftPlaces, PLACES } from './draftPlaces';
import { draftKey, draftKeysOfAllPlanes, type DraftStore } from './draftStore';
import { drawAgain, type DrawnAgain } from './drawAgain';
import { failureOf } from './failure';
import { LeaveGuard } from './leaveGuard';
import type { OpenReview } from './openReview';
import { decisionOn, type Review } from './review';
import type { ReviewController } from './reviewController';
import type { SegmentationRecord, SegmentationRecords } from './segmentationRecords';
import type { SnapshotStore } from './snapshotStore';
import type { SessionSnapshot } from './state';
import { contentsOf } from './storedContents';

/** Milliseconds without a change before the draft is saved. */
const REST = 700;

/**
 * Saves drawn outlines and the review as a draft while the user works, and offers them after a reload.
 * Deletes the draft once the segmentation is stored or the user discards it.
 */
export class DraftManager {
  private timer: ReturnType<typeof setTimeout> | null = null;
  /** Contents to save when the timer fires. */
  private pending: Collected | null = null;
  private readonly keys = new Map<string, Promise<string>>();
  private readonly places = new DraftPlaces(
    async (series, place) => this.claims.take(await this.claimKey(series, place)),
    async (series, place) => this.claims.release(await this.claimKey(series, place)),
    segmentationId => this.viewer.segmentationExists(segmentationId),
  );
  /** Series whose drafts were looked up. */
  private readonly lookedUp = new Map<string, Promise<void>>();
  /** Series -> drafts that await the user's answer, by place. */
  private readonly offered = new Map<string, Map<number, Draft>>();
  private readonly guard = new LeaveGuard(() => this.saveNow());
  private disposed = false;
  /** A draft is being restored or dismissed. */
  private isAnswering = false;
  /** Chains saves, so that an older one is never written last. */
  private saving: Promise<void> = Promise.resolve();

  constructor(
    private readonly viewer: Viewer,
    private readonly store: SnapshotStore<SessionSnapshot>,
    private readonly collecting: OutlineCollector,
    private readonly reviewing: ReviewController,
    private readonly records: SegmentationRecords,
    private readonly drafts: DraftStore,
    private readonly claims: DraftClaims,
  ) {}

  /** Saves pending work when the study is closed. */
  dispose(): void {
    const { segmentation } = this.pending ?? {};
    // Only one seen before: OHIF can no longer tell whether it came from the archive.
    if (segmentation && this.records.of(segmentation.segmentationId).isSeen) this.saveNow();
    this.disposed = true;
    this.guard.set(false);
    if (this.timer) clearTimeout(this.timer);
    const end = () => this.claims.end();
    void this.saving.then(end, end);
  }

  /** Call it after anything was drawn, found or decided. */
  changed(): void {
    // The viewer's undo history outlives the study.
    if (this.disposed) return;
    this.offer();
    this.guardStrokes();
    const { collected } = this.collecting;
    const { series } = collected;
    // The user switched segmentation before the timer fired: save the previous one first.
    if (placeOf(this.pending) !== placeOf(collected)) this.saveNow();
    if (!series) return;
    // A review whose segmentation was removed can be restored from its draft.
    if (this.reviewing.forgetLost()) this.lookedUp.delete(series.displaySetInstanceUID);
    if (!this.lookedUp.has(series.displaySetInstanceUID)) {
      // Wait for the running save, or an outdated draft would be offered.
      const lookUp = () => this.lookUp(series);
      this.lookedUp.set(series.displaySetInstanceUID, this.saving.then(lookUp, lookUp));
    }
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
    // Read it now: if the segmentation is gone, the review is dropped soon.
    const kept = this.reviewing.kept();
    const { segmentation } = pending;
    const record = segmentation && this.records.of(segmentation.segmentationId);
    const lookedUp = this.lookedUp.get(pending.series?.displaySetInstanceUID ?? '');
    const save = async () => {
      await lookedUp;
      if (record) await this.save(pending, kept, record);
      this.guardStrokes();
    };
    this.saving = this.saving.then(save, save);
  }

  /** Warns before the page closes while outlines are not saved, or cannot be. */
  private guardStrokes(): void {
    const { collected } = this.collecting;
    const { segmentation, segments } = collected;
    if (!segmentation || this.disposed) return this.guard.set(false);
    const { segmentationId } = segmentation;
    const contents = contentsOf(collected);
    const record = this.records.of(segmentationId);
    const isStored = record.isSeen
      ? record.stored.isSame(collected, contents)
      : this.viewer.isFromArchive(segmentationId);
    const isDrawn = segments.some(({ slices }) => slices.size > 0);
    this.guard.set(isDrawn && !isStored && record.written !== contents);
  }

  private keyOf(series: Series, place: number): Promise<string> {
    const name = `${place} ${series.displaySetInstanceUID}`;
    let key = this.keys.get(name);
    if (!key) this.keys.set(name, (key = draftKey(series, place)));
    return key;
  }

  /** Key of the claim, shared by all planes of the series. */
  private claimKey(series: Series, place: number): Promise<string> {
    return this.keyOf(sourceOf(series), place);
  }

  /** Looks for drafts of the series whose segmentations are not in the viewer. */
  private async lookUp(series: Series): Promise<void> {
    const found = new Map<number, Draft>();
    for (let place = 0; place < PLACES; place++) {
      const holder = this.places.holder(series, place);
      // Still in the viewer.
      if (holder && this.viewer.segmentationExists(holder)) continue;
      // In use in another tab.
      const claim = await this.claimKey(series, place);
      if (!(await this.claims.take(claim))) continue;
      const text = await this.drafts.get(await this.keyOf(series, place));
      const draft = text && decodeDraft(text, series.rows * series.columns);
      if (draft) found.set(place, draft);
      else this.claims.release(claim);
    }
    if (found.size === 0 || this.disposed) return;
    this.offered.set(series.displaySetInstanceUID, found);
    this.offer();
  }

  /** Shows in the panel what can be restored. */
  private offer(): void {
    const { series } = this.collecting.collected;
    const drafts = [
      ...((series && this.offered.get(series.displaySetInstanceUID)?.values()) ?? []),
    ];
    const left = this.reviewing.canResume() ? this.reviewing.kept()!.review : null;
    const segments = drafts.flatMap(draft => draft.segments);
    const open = drafts.find(({ review }) => review)?.review;
    const resume = drafts.length
      ? {
          reviewSlices: open ? slicesOf(open.review) : 0,
          drawnSlices: new Set(segments.flatMap(({ masks }) => [...masks.keys()])).size,
        }
      : left && { reviewSlices: slicesOf(left), drawnSlices: 0 };
    const shown = this.store.get().resume;
    if (JSON.stringify(resume) !== JSON.stringify(shown)) this.store.update({ resume });
  }

  private async save(
    collected: Collected,
    kept: OpenReview | null,
    record: SegmentationRecord,
  ): Promise<void> {
    const { series, segmentation, segments, obstacle } = collected;
    if (!series || !segmentation || obstacle) return;
    // Do not overwrite a draft that awaits the user's answer.
    if (this.offered.has(series.displaySetInstanceUID)) return;
    const { segmentationId } = segmentation;
    const contents = contentsOf(collected);
    if (!record.isSeen && this.viewer.isFromArchive(segmentationId)) {
      record.stored.note(collected, contents);
    }
    record.isSeen = true;
    const open = kept?.segmentationId === segmentationId ? kept : null;
    const isDrawn = segments.some(({ slices }) => slices.size > 0);
    const place = await this.places.of(series, segmentationId);
    if (place === null) {
      this.store.update({ unkept: isDrawn || open !== null });
      return;
    }
    const key = await this.keyOf(series, place);
    if (!open && (!isDrawn || record.stored.isSame(collected, contents))) {
      await this.drafts.remove(key);
      record.written = undefined;
      this.store.update({ unkept: false });
      return;
    }
    const yieldIfDue = periodicYield();
    const draft: Draft = {
      size: series.rows * series.columns,
      segments: await this.draftSegments(collected, yieldIfDue),
      review: open && {
        review: open.review,
        seconds: open.seconds,
        learnedFrom: open.learnedFrom,
      },
    };
    const isKept = await this.drafts.put(key, await encodeDraft(draft, yieldIfDue));
    if (isKept) record.written = contents;
    this.store.update({ unkept: !isKept });
  }

  private async draftSegments(
    { segments }: Collected,
    yieldIfDue: () => Promise<void>,
  ): Promise<DraftSegment[]> {
    const drafts: DraftSegment[] = [];
    for (const segment of segments) {
      const { segmentIndex, label, slices, outlined, inSet, absent, labelmap } = segment;
      const masks = new Map<number, Mask>();
      for (const slice of slices.keys()) {
        masks.set(slice, this.viewer.readMask(labelmap, slice)!);
        await yieldIfDue();
      }
      drafts.push({
        segmentIndex,
        label,
        masks,
        predicted: [...slices.keys()].filter(slice => !outlined.includes(slice)),
        leftOut: outlined.filter(slice => !inSet.includes(slice)),
        absent,
      });
    }
    return drafts;
  }

  /** Deletes the draft: the archive has the segmentation now. */
  wasStored(collected: Collected): void {
    const { segmentation } = collected;
    if (!segmentation) return;
    const record = this.records.of(segmentation.segmentationId);
    record.isSeen = true;
    record.stored.note(collected, contentsOf(collected));
    // Wait for the running save, or its draft would remain.
    const forget = () => this.forget(collected);
    this.saving = this.saving.then(forget, forget);
  }

  private async forget({ series, segmentation }: Collected): Promise<void> {
    if (!series || !segmentation) return;
    const { segmentationId } = segmentation;
    if (this.reviewing.kept()?.segmentationId === segmentationId) return;
    // The stored segmentation contains what was drawn in every plane.
    const place = await this.places.of(series, segmentationId);
    const keys = place === null ? [] : await draftKeysOfAllPlanes(series, place);
    for (const key of keys) await this.drafts.remove(key);
    this.records.of(segmentationId).written = undefined;
    this.store.update({ unkept: false });
    this.guardStrokes();
  }

  /** Discards what was offered. */
  dismiss(): Promise<void> {
    return this.answered(() => this.forgetOffered());
  }

  resume(): Promise<void> {
    return this.answered(() => this.takeOffered());
  }

  /** Ignores a second press. */
  private async answered(answer: () => Promise<void>): Promise<void> {
    if (this.isAnswering) return;
    this.isAnswering = true;
    try {
      await answer();
    } finally {
      this.isAnswering = false;
    }
  }

  private async forgetOffered(): Promise<void> {
    const { series } = this.collecting.collected;
    const drafts = series && this.offered.get(series.displaySetInstanceUID);
    if (series && drafts) {
      this.offered.delete(series.displaySetInstanceUID);
      for (const place of drafts.keys()) {
        await this.drafts.remove(await this.keyOf(series, place));
        this.claims.release(await this.claimKey(series, place));
      }
    } else {
      this.reviewing.discard();
    }
    this.changed();
  }

  private async takeOffered(): Promise<void> {
    if (this.store.get().status !== 'collecting') return;
    const { series } = this.collecting.collected;
    const drafts = series && this.offered.get(series.displaySetInstanceUID);
    if (!series || !drafts) {
      this.reviewing.resume();
      this.changed();
      return;
    }
    try {
      await this.restore(series, drafts);
      this.offered.delete(series.displaySetInstanceUID);
    } catch (error) {
      this.store.update({ failure: failureOf(error) });
    }
    this.changed();
  }

  /** Redraws everything in one undo step, and opens the review. */
  private async restore(series: Series, drafts: ReadonlyMap<number, Draft>): Promise<void> {
    const isEmpty = this.collecting.collected.segments.every(({ slices }) => slices.size === 0);
    const drawn = await drawAgain(
      this.viewer,
      series,
      [...drafts.values()],
      isEmpty ? this.viewer.segmentation() : null,
      () => this.collecting.changed('labels'),
    );
    for (const { segments, writes } of drawn) {
      const after = await this.viewer.scan(writes.map(({ labelmap }) => labelmap));
      segments.forEach(({ predicted, leftOut, absent = [] }, i) => {
        const { labelmap } = writes[i];
        this.collecting.notePredicted(labelmap, predicted, after.get(labelmap.segmentIndex));
        this.collecting.setExcluded(labelmap, leftOut);
        this.collecting.setAbsent(labelmap, absent);
      });
    }
    const firsts: DrawnAgain[] = [];
    for (const [place, draft] of drafts) {
      const first = drawn.find(one => one.draft === draft)!;
      await this.places.take(series, place, first.segmentationId);
      firsts.push(first);
    }
    // Save the split-off segments as drafts of their own before the original drafts are overwritten.
    for (const { draft, segmentationId, segments } of drawn.filter(one => !firsts.includes(one))) {
      const place = await this.places.of(series, segmentationId);
      if (place === null) continue;
      const text = await encodeDraft({ size: draft.size, segments, review: null });
      await this.drafts.put(await this.keyOf(series, place), text);
    }
    const shown = firsts.find(({ draft }) => draft.review) ?? firsts[0];
    if (drawn.length > 1) this.viewer.selectSegmentation(shown.segmentationId);
    this.viewer.showPanel();
    await this.collecting.refresh();
    const { review } = shown.draft;
    if (!review) return;
    this.reviewing.show({
      ...review,
      review: renumbered(review.review, shown.numbers),
      series,
      segmentationId: shown.segmentationId,
    });
  }
}

/** Key of the segmentation being saved. */
function placeOf(collected: Collected | null): string {
  const { series, segmentation } = collected ?? {};
  return `${series?.displaySetInstanceUID} ${segmentation?.segmentationId}`;
}

/** Number of found slices that were not rejected. */
function slicesOf(review: Review): number {
  return new Set(
    review.structures.flatMap(({ segmentIndex, masks }) =>
      [...masks.keys()].filter(slice => decisionOn(review, segmentIndex, slice) !== 'rejected'),
    ),
  ).size;
}
