import type { Viewer } from '../viewer/viewer';
import type { WorkerClient } from '../worker/client';
import type { Archive } from './archive';
import { Collecting } from './collecting';
import { DraftStore } from './draftStore';
import { Keeping } from './keeping';
import { Reviewing } from './reviewing';
import { Running, type Present } from './running';
import { SnapshotStore } from './snapshotStore';
import type { SessionActions, SessionSnapshot, SessionStore } from './state';

/** The state machine behind the panel: collect -> run -> review -> collect. One part for each. */
export class FewshotSession implements SessionStore {
  private readonly store = new SnapshotStore();
  private readonly collecting: Collecting;
  private readonly running: Running;
  private readonly reviewing: Reviewing;
  private readonly keeping: Keeping;

  constructor(
    private readonly viewer: Viewer,
    worker: WorkerClient,
    private readonly archive: Archive,
  ) {
    this.collecting = new Collecting(
      viewer,
      this.store,
      () => archive.canStore(),
      segmentIndex => this.reviewing.openConfidences(segmentIndex),
      () => {
        this.reviewing.refresh();
        this.keeping.changed();
      },
    );
    this.reviewing = new Reviewing(viewer, this.store, this.collecting, () =>
      this.keeping.changed(),
    );
    this.keeping = new Keeping(
      viewer,
      this.store,
      this.collecting,
      this.reviewing,
      new DraftStore(),
    );
    this.running = new Running(viewer, worker, this.store, this.collecting, this.present);
  }

  dispose(): void {
    this.running.dispose();
    this.keeping.dispose();
    this.reviewing.dispose();
    this.collecting.dispose();
  }

  getSnapshot = (): SessionSnapshot => this.store.get();

  subscribe = (listener: () => void): (() => void) => this.store.subscribe(listener);

  /** Results of a run, wherever they come from, go to the review. */
  present: Present = (...run) => this.reviewing.present(...run);

  readonly actions: SessionActions = {
    propagate: () => void this.running.propagate(),
    cancel: () => this.running.cancel(),
    accept: range => this.reviewing.decide('accepted', range),
    reject: range => this.reviewing.decide('rejected', range),
    reopen: () => this.reviewing.decide(null),
    look: step => this.reviewing.look(step),
    finish: () => void this.reviewing.finish(),
    acceptAll: () => void this.reviewing.finish(true),
    editSlice: () => void this.reviewing.editSlice(),
    refine: () => this.refine(),
    changeReview: change => this.reviewing.change(change),
    leave: () => this.reviewing.leave(),
    discard: () => this.reviewing.discard(),
    resume: () => void this.keeping.resume(),
    dismissResume: () => void this.keeping.dismiss(),
    leaveOut: (slice, leftOut) => this.collecting.leaveOut(slice, leftOut),
    changeSettings: change => {
      if (this.store.get().status === 'collecting') this.collecting.changeSettings(change);
    },
    goToSlice: index => {
      const { series } = this.collecting.collected;
      if (series) this.viewer.goToSlice(series, index);
    },
    selectSegment: index => this.viewer.selectSegment(index),
    addSegment: () => this.viewer.addSegment(),
    storeSeg: () => void this.storeSeg(),
    downloadSeg: () => void this.downloadSeg(),
    dismissFailure: () => this.store.update({ failure: null }),
  };

  private refine(): void {
    const refinement = this.reviewing.refinement();
    if (refinement) void this.running.propagate(refinement);
  }

  private async storeSeg(): Promise<void> {
    const { collected, predictedSlices } = this.collecting;
    this.store.update({ store: { state: 'storing' } });
    try {
      const seriesDescription = await this.archive.store(collected, predictedSlices);
      this.store.update({ store: { state: 'stored', seriesDescription } });
      void this.keeping.wasStored();
    } catch (error) {
      this.store.update({ store: { state: 'failed', ...this.archive.explain(error) } });
    }
  }

  private async downloadSeg(): Promise<void> {
    const { collected, predictedSlices } = this.collecting;
    try {
      await this.archive.download(collected, predictedSlices);
    } catch (error) {
      this.store.update({ store: { state: 'failed', ...this.archive.explain(error) } });
    }
  }
}
