import { FewshotError } from 'fewshot-sam';
import type { Series } from '../viewer/series';
import type { Viewer } from '../viewer/viewer';
import type { CollectedSegment } from './collect';
import type { OutlineCollector } from './outlineCollector';
import { failureOf } from './failure';
import { lookOrder, neighborInOrder, nextAfterDecision } from './lookOrder';
import { MadeForResult } from './madeForResult';
import {
  allAccepted,
  continuationsOf,
  editedOn,
  firstPictures,
  previewOf,
  refinementOf,
  summaryOf,
  withSeen,
  type OpenReview,
  type Refinement,
} from './openReview';
import {
  decide,
  mergeRefined,
  openConfidences,
  openSlices,
  reviewOf,
  type Decision,
  type Review,
} from './review';
import { INITIAL_CHOICES, learnedKey, reviewState, type ReviewMoment } from './reviewState';
import type { SegmentResult } from './runController';
import { editSlice, writeAccepted } from './reviewWrites';
import { isRunning } from './snapshot';
import type { SnapshotStore } from './snapshotStore';
import type { ResultSummary, ReviewChoices, SessionSnapshot, SliceRange } from './state';

/**
 * Shows results over the viewer, collects a decision for each slice, and writes the accepted slices into
 * the user's segmentation, in one undo step, when the review is finished.
 */
export class ReviewController {
  private open: OpenReview | null = null;
  private left: OpenReview | null = null;
  private choices = INITIAL_CHOICES;
  private writing = false;
  private isEditing = false;
  private disposed = false;
  private drawn = new Map<number, ReadonlySet<number>>();
  private previewed: ((review: Review) => Review) | null = null;

  /** The segment that was added for the results under review, if any. */
  readonly made: MadeForResult;

  /** @param onDecided called whenever results, decisions or the review that was left change */
  constructor(
    private readonly viewer: Viewer,
    private readonly store: SnapshotStore<SessionSnapshot>,
    private readonly collecting: OutlineCollector,
    private readonly onDecided: () => void,
  ) {
    this.made = new MadeForResult(viewer, collecting);
  }

  dispose(): void {
    this.disposed = true;
    this.viewer.showPreview(null);
  }

  /** The open review, or the one that was left. */
  kept(): OpenReview | null {
    return this.open ?? this.left;
  }

  /** Whether a review was left and its segmentation still exists. */
  canResume(): boolean {
    return this.left !== null && this.viewer.segmentationExists(this.left.segmentationId);
  }

  /** Drops a review that was left if its segmentation is gone. @returns whether it dropped one */
  forgetLost(): boolean {
    if (!this.left || this.canResume()) return false;
    this.left = null;
    return true;
  }

  /**
   * Shows the results of a run. Merges a second run of the same segmentation into the open review, where
   * accepted slices stay as they are.
   */
  async present(
    series: Series,
    segments: CollectedSegment[],
    results: SegmentResult[],
    seconds: number,
    note?: string,
  ): Promise<void> {
    const { segmentationId } = segments[0].labelmap;
    if (!this.viewer.segmentationExists(segmentationId)) {
      throw new FewshotError(
        'bad-input',
        'The segmentation was removed while the slices were being segmented.',
        'Restore it if that is offered below; else add it again and outline the structure.',
      );
    }
    const found = reviewOf(
      segments.map(segment => ({ ...segment, layer: segment.labelmap.layer })),
      results,
    );
    const before = this.open?.segmentationId === segmentationId ? this.open : null;
    const indices = found.structures.map(({ segmentIndex }) => segmentIndex);
    await firstPictures(this.collecting.thumbnails, series, found);
    this.show(
      {
        review: before ? mergeRefined(before.review, found) : found,
        series,
        segmentationId,
        seconds,
        learnedFrom: learnedKey(segments, indices),
        note,
        continuations: continuationsOf(results, before?.continuations),
      },
      before ? { ...this.choices, previewShown: true } : INITIAL_CHOICES,
    );
  }

  /** Opens a review on the slice that needs a look most. */
  show(open: OpenReview, choices = INITIAL_CHOICES): void {
    this.open = open;
    this.left = null;
    this.choices = choices;
    this.previewed = null;
    this.drawn = new Map();
    this.store.update({ status: 'review', run: null, result: null });
    this.refresh();
    this.look('first');
    this.onDecided();
  }

  /** Updates the review after the viewer has changed. */
  refresh(): void {
    const { open } = this;
    if (!open || this.writing) return;
    if (!this.viewer.segmentationExists(open.segmentationId)) {
      this.end('The segmentation was removed during the review.');
      return;
    }
    const moment = this.moment(open);
    if (moment.shown) {
      const { segments, obstacle } = this.collecting.collected;
      for (const { segmentIndex, outlined } of segments) {
        this.drawn.set(segmentIndex, new Set(outlined));
      }
      const exists = (index: number) => segments.some(segment => segment.segmentIndex === index);
      const structures = open.review.structures.filter(found => exists(found.segmentIndex));
      if (!obstacle && structures.length < open.review.structures.length) {
        if (structures.length === 0) {
          this.end('The segment was removed during the review.');
          return;
        }
        this.open = { ...open, review: { ...open.review, structures } };
        this.choices = { ...this.choices, decideOn: null };
      }
    }
    this.publish();
  }

  private moment(open: OpenReview): ReviewMoment {
    const { series, segmentation, segments } = this.collecting.collected;
    const sameSeries = series?.displaySetInstanceUID === open.series.displaySetInstanceUID;
    return {
      ...this.choices,
      series: open.series,
      learnedFrom: open.learnedFrom,
      seconds: open.seconds,
      writing: this.writing,
      currentSlice: sameSeries ? this.viewer.currentSlice(open.series) : null,
      sameSeries,
      shown: sameSeries && segmentation?.segmentationId === open.segmentationId,
      segments,
      drawn: this.drawnOn,
      seen: open.seen ?? new Set(),
      picture: (structure, slice) =>
        this.collecting.thumbnails.of(
          open.series,
          slice,
          structure.masks.get(slice),
          () => structure.masks.get(slice) ?? null,
        ),
    };
  }

  readonly drawnOn = (segmentIndex: number): ReadonlySet<number> =>
    this.drawn.get(segmentIndex) ?? new Set();

  /** Expected Dice of the open slices of a segment under review: slice -> 0..1. */
  openConfidences(segmentIndex: number): Map<number, number> {
    return this.open
      ? openConfidences(this.open.review, segmentIndex, this.drawnOn)
      : new Map<number, number>();
  }

  /** Shows the review in the panel and over the viewer. */
  publish(): void {
    if (!this.open) return;
    const { shown, previewShown, currentSlice } = this.moment(this.open);
    const seen = shown && previewShown && currentSlice !== null ? [currentSlice] : [];
    const open = (this.open = withSeen(this.open, seen));
    const state = reviewState(open.review, this.moment(open));
    this.store.update({ review: { ...state, note: open.note } });
    const preview = previewOf(open, this.drawnOn, this.previewed?.(open.review));
    this.viewer.showPreview(previewShown ? preview : null);
  }

  /** Shows a change of the results over the viewport, without making it; null ends that. */
  preview(change: ((review: Review) => Review) | null): void {
    this.previewed = change;
    if (change) this.choices = { ...this.choices, previewShown: true };
    this.publish();
  }

  /** Changes the results of the open review, or of the one that was left. */
  edit(change: (review: Review) => Review): void {
    const kept = this.kept();
    if (!kept || this.writing || this.disposed) return;
    const edited = { ...kept, review: change(kept.review) };
    if (this.open) this.open = edited;
    else this.left = edited;
    this.publish();
    this.onDecided();
  }

  private close(): void {
    this.open = null;
    this.viewer.showPreview(null);
    // A second run still running keeps its status, so that it can be cancelled.
    const status = isRunning(this.store.get()) ? this.store.get().status : 'collecting';
    this.store.update({ review: null, status });
    this.onDecided();
    this.collecting.changed('labels');
  }

  /** Closes the review because its segmentation is gone; keeps the results so that they can be restored. */
  private end(message: string): void {
    this.left = this.open;
    this.close();
    this.store.update({
      failure: { message, remedy: 'Continue the review to bring it back, or discard it.' },
    });
  }

  /** Segment indices of the structures to decide on. */
  decidedOn({ review }: Pick<OpenReview, 'review'>): number[] {
    const { decideOn } = this.choices;
    return decideOn === null
      ? review.structures.map(({ segmentIndex }) => segmentIndex)
      : [decideOn];
  }

  /** @param range decides on all open slices of it; without it, on the slice shown */
  decide(decision: Decision | null, range?: SliceRange): void {
    const { open } = this;
    if (!open || this.writing || this.store.get().status !== 'review') return;
    const indices = this.decidedOn(open);
    if (range) {
      const isInside = (slice: number) => slice >= range.from && slice <= range.to;
      const slices = openSlices(open.review, indices, this.drawnOn).filter(isInside);
      return this.decideSlices(slices, decision);
    }
    const current = this.moment(open).shown ? this.viewer.currentSlice(open.series) : null;
    if (current === null) return;
    const before = lookOrder(open.review, indices, this.drawnOn);
    const review = decide(open.review, indices, [current], decision);
    const after = lookOrder(review, indices, this.drawnOn);
    const next = decision ? nextAfterDecision(before, after, current) : null;
    if (next !== null) this.viewer.goToSlice(open.series, next);
    this.decideSlices([current], decision);
  }

  /** Decides on any slices, also on those with a decision. @param decision null reopens them */
  decideSlices(slices: readonly number[], decision: Decision | null): void {
    const { open } = this;
    if (!open || this.writing || this.store.get().status !== 'review') return;
    this.open = { ...open, review: decide(open.review, this.decidedOn(open), slices, decision) };
    this.publish();
    this.onDecided();
  }

  /** Notes that the predictions on some slices were shown outside the viewport. */
  noteShown(slices: readonly number[]): void {
    if (this.open) this.open = withSeen(this.open, slices);
    this.publish();
  }

  /** @param step `first`: the slice that needs a look most */
  look(step: 1 | -1 | 'first'): void {
    const { open } = this;
    if (!open || !this.moment(open).shown) return;
    const order = lookOrder(open.review, this.decidedOn(open), this.drawnOn);
    const current = this.viewer.currentSlice(open.series);
    const slice = step === 'first' ? order[0] : neighborInOrder(order, current, step);
    if (slice !== undefined && slice !== null) this.viewer.goToSlice(open.series, slice);
  }

  change(change: ReviewChoices): void {
    this.choices = { ...this.choices, ...change };
    this.publish();
  }

  /** Writes the accepted slices, or all that were not rejected, in one undo step. */
  async finish(all = false): Promise<void> {
    if (!this.open || this.writing || this.store.get().status !== 'review') return;
    // The last stroke may still be settling, and strokes override results.
    await this.collecting.refresh();
    const { open } = this;
    // Pressed twice, or Refine was pressed meanwhile.
    if (!open || this.writing || this.store.get().status !== 'review') return;
    const accepted = all ? { ...open, review: allAccepted(open, this.drawnOn) } : open;
    if (reviewState(accepted.review, this.moment(accepted)).finishObstacle) return;
    this.writing = true;
    this.publish();
    try {
      const result = summaryOf(accepted, this.drawnOn);
      await writeAccepted(this.viewer, this.collecting, accepted, this.drawnOn, event =>
        this.historyMoved(event, accepted, result),
      );
      this.store.update({ result });
      this.writing = false;
      this.close();
    } catch (error) {
      this.writing = false;
      this.store.update({ failure: failureOf(error) });
      this.publish();
    }
  }

  /** The user undid or redid the write of the accepted slices. */
  private historyMoved(
    event: 'undone' | 'redone',
    written: OpenReview,
    result: ResultSummary,
  ): void {
    // The viewer's undo history outlives the study.
    if (this.disposed) return;
    if (this.store.get().status === 'collecting') {
      // Keep a review that was left since then.
      if (event === 'undone') this.left ??= written;
      else if (this.left === written) this.left = null;
      this.store.update({ result: event === 'undone' ? null : result });
      this.onDecided();
    }
    this.collecting.changed('labels');
  }

  /** Leaves the review, so that it can be resumed. */
  leave(): void {
    if (!this.open || this.writing || this.store.get().status !== 'review') return;
    this.left = this.open;
    this.close();
  }

  /** Drops the open review, or the one that was left. */
  discard(): void {
    if (this.writing || isRunning(this.store.get())) return;
    this.left = null;
    if (this.open) this.close();
    else this.onDecided();
    void this.made.remove();
  }

  resume(): void {
    const { left } = this;
    if (left && this.canResume() && this.store.get().status === 'collecting') this.show(left);
  }

  /** Copies the result on the slice shown into the segment, where the brush can correct it. */
  async editSlice(): Promise<void> {
    const { open } = this;
    if (!open || this.writing || this.store.get().status !== 'review') return;
    const moment = this.moment(open);
    if (this.isEditing || reviewState(open.review, moment).editObstacle) return;
    const slice = moment.currentSlice!;
    const edited = editedOn(open, this.decidedOn(open), slice, this.drawnOn);
    this.isEditing = true;
    try {
      await editSlice(this.viewer, this.collecting, edited, slice);
    } catch (error) {
      this.store.update({ failure: failureOf(error) });
    } finally {
      this.isEditing = false;
    }
  }

  /** Plan of a second run; null when there is nothing new to learn from. */
  refinement(): Refinement | null {
    const { open } = this;
    if (!open || this.writing) return null;
    if (reviewState(open.review, this.moment(open)).refineObstacle) return null;
    return refinementOf(open, this.drawnOn, this.choices.useAccepted);
  }
}
