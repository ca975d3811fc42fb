import type { Viewer } from '../viewer/viewer';
import type { WorkerClient } from '../worker/client';
import type { Archive } from './archive';
import { Collecting } from './collecting';
import { DraftClaims } from './draftClaims';
import { DraftStore } from './draftStore';
import { EncodeAhead, EncodeAheadChoice } from './encodeAhead';
import { Keeping } from './keeping';
import { keptData } from './keptData';
import { Reviewing } from './reviewing';
import { Running, type Present } from './running';
import { browserStorage } from './segmentTerms';
import type { SegmentationRecords } from './segmentationRecords';
import type { SessionForTasks } from './sessionForTasks';
import { INITIAL_SNAPSHOT } from './snapshot';
import { SnapshotStore } from './snapshotStore';
import { Storing } from './storing';
import type { SessionActions, SessionSnapshot, SessionStore } from './state';
import { addsSide, termOfTask, toTaskTerms } from './taskTerms';

/** Milliseconds that a slice must be shown before the panel says what can be done with it: many pass by. */
const SLICE_REST = 80;

/** The state machine behind the panel: collect -> run -> review -> collect. One part for each. */
export class FewshotSession implements SessionStore {
  private readonly store = new SnapshotStore(INITIAL_SNAPSHOT);
  private readonly collecting: Collecting;
  private readonly running: Running;
  private readonly reviewing: Reviewing;
  private readonly keeping: Keeping;
  private readonly storing: Storing;
  private readonly ahead: EncodeAhead;
  private readonly aheadChoice: EncodeAheadChoice;
  private sliceTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly viewer: Viewer,
    worker: WorkerClient,
    private readonly archive: Archive,
    private readonly records: SegmentationRecords,
    options: { encodesAhead?: boolean } = {},
  ) {
    this.aheadChoice = new EncodeAheadChoice(browserStorage(), options.encodesAhead ?? true);
    this.store.update({ encodesAhead: this.aheadChoice.get() });
    this.storing = new Storing(
      archive,
      records,
      store => this.store.update({ store }),
      stored => {
        this.keeping.wasStored(stored);
        // Something may have been drawn meanwhile.
        void this.collecting.refresh();
      },
    );
    this.collecting = new Collecting(
      viewer,
      this.store,
      records,
      archive,
      segmentIndex => this.reviewing.openConfidences(segmentIndex),
      collected => {
        this.storing.follow(collected);
        this.reviewing.refresh();
        this.keeping.changed();
        this.ahead.follow(collected);
      },
      () => this.sliceShown(),
    );
    this.reviewing = new Reviewing(viewer, this.store, this.collecting, () =>
      this.keeping.changed(),
    );
    this.keeping = new Keeping(
      viewer,
      this.store,
      this.collecting,
      this.reviewing,
      records,
      new DraftStore(),
      new DraftClaims(navigator.locks),
    );
    this.running = new Running(
      viewer,
      worker,
      this.store,
      this.collecting,
      this.present,
      ({ labelmap }) => records.plane(labelmap, labelmap.cut?.plane.name).ahead,
    );
    this.ahead = new EncodeAhead(
      viewer,
      worker,
      this.store,
      records,
      series => this.collecting.settingsFor(series),
      (...asked) => this.running.loadModel(...asked),
    );
    this.store.subscribe(() => {
      // What is reviewed is likely to be stored; an earlier try may have failed.
      if (this.store.get().status === 'review') archive.prepare();
    });
  }

  /** What can be done in a review follows the slice shown. */
  private sliceShown(): void {
    clearTimeout(this.sliceTimer);
    this.sliceTimer = setTimeout(() => this.reviewing.publish(), SLICE_REST);
  }

  dispose(): void {
    clearTimeout(this.sliceTimer);
    this.ahead.dispose();
    this.running.dispose();
    this.storing.cancel();
    this.keeping.dispose();
    this.reviewing.dispose();
    this.collecting.dispose();
  }

  getSnapshot = (): SessionSnapshot => this.store.get();

  subscribe = (listener: () => void): (() => void) => this.store.subscribe(listener);

  /** Results of a run, wherever they come from, go to the review. */
  present: Present = (...run) => this.reviewing.present(...run);

  /** What tasks need of the session; see there. */
  readonly forTasks: SessionForTasks = {
    collected: () => this.collecting.collected,
    settingsFor: series => this.collecting.settingsFor(series),
    refresh: () => this.collecting.refresh(),
    perform: work => this.running.perform(work),
    loadModel: (onProgress, signal) => this.running.loadModel(onProgress, signal),
    showProgress: run => this.store.update({ run }),
    termsOf: ({ segmentIndex, label }) => {
      const { segmentation } = this.collecting.collected;
      const known =
        segmentation &&
        this.archive.terms.termOf(segmentation.segmentationId, segmentIndex, label)?.term;
      return known ? toTaskTerms(known) : undefined;
    },
    takeTerms: ({ segmentIndex, label }, terms) => {
      const { segmentation } = this.collecting.collected;
      const term = termOfTask(terms);
      if (!segmentation || !term) return;
      const { segmentationId } = segmentation;
      const named = this.archive.terms.termOf(segmentationId, segmentIndex, label);
      if (named && addsSide(named.term, term)) return;
      this.archive.terms.take(segmentationId, segmentIndex, label, term.id);
    },
    present: async (series, segment, result, seconds, note, made) => {
      const results = [{ segmentIndex: segment.segmentIndex, result }];
      this.records.segment(segment.labelmap).isFoundByTask = true;
      await this.present(series, [segment], results, seconds, note);
      if (made) this.reviewing.made.note(made);
    },
  };

  readonly kept = keptData;

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
    fixOutlines: (index, kind) => void this.collecting.fixOutlines(index, kind),
    keepOutlines: (index, kind) => this.collecting.keepOutlines(index, kind),
    showAsStored: () => void this.collecting.showAsStored(),
    changeSettings: change => {
      if (this.store.get().status === 'collecting') this.collecting.changeSettings(change);
    },
    encodeAhead: on => {
      this.store.update({ encodesAhead: this.aheadChoice.change(on) });
      this.ahead.follow(this.collecting.collected);
    },
    goToSlice: index => {
      const { series } = this.collecting.collected;
      if (series) this.viewer.goToSlice(series, index);
    },
    selectSegmentation: id => {
      this.viewer.selectSegmentation(id);
      void this.collecting.refresh();
    },
    selectSegment: index => this.viewer.selectSegment(index),
    addSegment: () => this.viewer.addSegment(),
    chooseTerm: (index, termId) => this.collecting.chooseTerm(index, termId),
    storeSeg: () => {
      const look = async () => {
        await this.collecting.refresh();
        return this.collecting.collected;
      };
      void this.storing.store(look);
    },
    changeStoreOptions: change => {
      this.store.update({ storeOptions: this.archive.storeOptions.change(change) });
      this.storing.follow(this.collecting.collected);
    },
    cancelStore: () => this.storing.cancel(),
    downloadSeg: () => void this.storing.download(this.collecting.collected),
    dismissFailure: () => this.store.update({ failure: null }),
  };

  private refine(): void {
    const refinement = this.reviewing.refinement();
    if (refinement) void this.running.propagate(refinement);
  }
}
