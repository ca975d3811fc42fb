import type { Viewer } from '../viewer/viewer';
import type { WorkerClient } from '../worker/client';
import type { Archive } from './archive';
import { CleanUpController } from './cleanUpController';
import { ContourCopies } from './contourCopies';
import { OutlineCollector } from './outlineCollector';
import { manySlices, runnable } from './collect';
import { DraftClaims } from './draftClaims';
import { DraftStore } from './draftStore';
import { EncodeAhead, EncodeAheadChoice } from './encodeAhead';
import { DraftManager } from './draftManager';
import { keptData } from './keptData';
import { Measuring } from './measuring';
import { ResultsController } from './resultsController';
import { ReviewController } from './reviewController';
import { RunController, type Present } from './runController';
import { browserStorage } from './browserStorage';
import type { SegmentationRecords } from './segmentationRecords';
import type { SessionForTasks } from './sessionForTasks';
import { INITIAL_SNAPSHOT } from './snapshot';
import { SheetPictures, type ReviewPictures } from './sheetPictures';
import { SnapshotStore } from './snapshotStore';
import { StoreController } from './storeController';
import type { SessionActions, SessionSnapshot, SessionStore } from './state';
import { addsSide, termOfTask, toTaskTerms } from './taskTerms';

/** Milliseconds a slice must be shown before the panel updates: many pass by while scrolling. */
const SLICE_REST = 80;

/** State machine behind the panel: collect -> run -> review -> collect, with one controller for each. */
export class FewshotSession implements SessionStore {
  private readonly store = new SnapshotStore(INITIAL_SNAPSHOT);
  private readonly collector: OutlineCollector;
  private readonly runController: RunController;
  private readonly reviewController: ReviewController;
  private readonly cleanUpController: CleanUpController;
  private readonly drafts: DraftManager;
  private readonly copies: ContourCopies;
  private readonly storeController: StoreController;
  readonly results: ResultsController;
  private readonly ahead: EncodeAhead;
  private readonly aheadChoice: EncodeAheadChoice;
  private readonly unfollowTools: () => void;
  private sliceTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly viewer: Viewer,
    worker: WorkerClient,
    private readonly archive: Archive,
    private readonly records: SegmentationRecords,
    options: { encodesAhead?: boolean; model?: string } = {},
  ) {
    this.aheadChoice = new EncodeAheadChoice(browserStorage(), options.encodesAhead ?? true);
    const { model = INITIAL_SNAPSHOT.compute.model } = options;
    this.store.update({
      encodesAhead: this.aheadChoice.get(),
      compute: { ...INITIAL_SNAPSHOT.compute, model },
    });
    this.storeController = new StoreController(
      archive,
      records,
      store => this.store.update({ store }),
      stored => {
        this.drafts.wasStored(stored);
        // The user may have drawn meanwhile.
        void this.collector.refresh();
      },
    );
    this.results = new ResultsController(new Measuring(viewer), archive.reports, this.store);
    this.collector = new OutlineCollector(
      viewer,
      this.store,
      records,
      archive,
      segmentIndex => this.reviewController.openConfidences(segmentIndex),
      collected => {
        this.storeController.follow(collected);
        this.reviewController.refresh();
        this.drafts.changed();
        this.ahead.follow(collected);
        this.results.follow(collected);
        this.lookAtTools();
      },
      () => this.sliceShown(),
    );
    this.copies = new ContourCopies(viewer, records, this.collector);
    this.reviewController = new ReviewController(viewer, this.store, this.collector, () =>
      this.drafts.changed(),
    );
    this.cleanUpController = new CleanUpController(
      viewer,
      this.store,
      this.collector,
      this.reviewController,
    );
    this.pictures = new SheetPictures(viewer, () => this.reviewController.kept());
    this.drafts = new DraftManager(
      viewer,
      this.store,
      this.collector,
      this.reviewController,
      records,
      new DraftStore(),
      new DraftClaims(navigator.locks),
    );
    this.runController = new RunController(
      viewer,
      worker,
      this.store,
      this.collector,
      this.present,
      ({ labelmap }) => records.plane(labelmap, labelmap.reslice?.plane.name).ahead,
    );
    this.ahead = new EncodeAhead(
      viewer,
      worker,
      this.store,
      records,
      series => this.collector.settingsFor(series),
      (...asked) => this.runController.loadModel(...asked),
    );
    this.unfollowTools = viewer.tools.follow(() => this.lookAtTools());
    this.store.subscribe(() => {
      // A reviewed segmentation is likely to be stored; an earlier load may have failed.
      if (this.store.get().status === 'review') archive.prepare();
    });
  }

  private lookAtTools(): void {
    const drawing = this.viewer.tools.current();
    if (JSON.stringify(drawing) !== JSON.stringify(this.store.get().drawing)) {
      this.store.update({ drawing });
    }
  }

  /** The actions of a review depend on the slice shown. */
  private sliceShown(): void {
    clearTimeout(this.sliceTimer);
    this.sliceTimer = setTimeout(() => this.reviewController.publish(), SLICE_REST);
  }

  dispose(): void {
    clearTimeout(this.sliceTimer);
    this.unfollowTools();
    this.ahead.dispose();
    this.runController.dispose();
    this.storeController.cancel();
    this.results.dispose();
    this.drafts.dispose();
    this.cleanUpController.dispose();
    this.reviewController.dispose();
    this.collector.dispose();
  }

  getSnapshot = (): SessionSnapshot => this.store.get();

  subscribe = (listener: () => void): (() => void) => this.store.subscribe(listener);

  /** Opens the review of a run or of an applied task. */
  present: Present = async (series, segments, results, seconds, note) => {
    const open = await this.copies.reviewable(series, segments, results);
    const notes = [note, open.note].filter(Boolean).join(' ') || undefined;
    await this.reviewController.present(series, open.segments, open.results, seconds, notes);
    if (open.discard) this.reviewController.made.noteCopy(open.discard);
  };

  /** The part of the session that tasks use. */
  readonly forTasks: SessionForTasks = {
    collected: () => this.collector.collected,
    settingsFor: series => this.collector.settingsFor(series),
    refresh: () => this.collector.refresh(),
    perform: work => this.runController.perform(work),
    loadModel: (onProgress, signal) => this.runController.loadModel(onProgress, signal),
    showProgress: run => this.store.update({ run }),
    termsOf: ({ segmentIndex, label }) => {
      const { segmentation } = this.collector.collected;
      const known =
        segmentation &&
        this.archive.terms.termOf(segmentation.segmentationId, segmentIndex, label)?.term;
      return known ? toTaskTerms(known) : undefined;
    },
    takeTerms: ({ segmentIndex, label }, terms) => {
      const { segmentation } = this.collector.collected;
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
      if (made) this.reviewController.made.note(made);
    },
  };

  readonly kept = keptData;

  readonly pictures: ReviewPictures;

  readonly actions: SessionActions = {
    propagate: () => {
      if (this.store.get().status !== 'collecting') return;
      const { collected, settingsFor } = this.collector;
      const scope = collected.series ? settingsFor(collected.series).scope : 'active';
      const confirmSlices = manySlices(runnable(collected, scope).segments);
      this.store.update({ confirmSlices });
      if (confirmSlices === null) void this.runController.propagate();
    },
    confirmPropagate: yes => {
      this.store.update({ confirmSlices: null });
      if (yes) void this.runController.propagate();
    },
    cancel: () => this.runController.cancel(),
    accept: range => this.reviewController.decide('accepted', range),
    reject: range => this.reviewController.decide('rejected', range),
    reopen: () => this.reviewController.decide(null),
    decideSlices: (...decided) => this.reviewController.decideSlices(...decided),
    noteShown: slices => this.reviewController.noteShown(slices),
    cleanUp: kind => void this.cleanUpController.preview(kind),
    applyCleanUp: () => this.cleanUpController.apply(),
    cancelCleanUp: () => this.cleanUpController.cancel(),
    look: step => this.reviewController.look(step),
    finish: () => void this.reviewController.finish(),
    acceptAll: () => void this.reviewController.finish(true),
    editSlice: () => void this.reviewController.editSlice(),
    refine: () => this.refine(),
    changeReview: change => this.reviewController.change(change),
    leave: () => this.reviewController.leave(),
    discard: () => this.reviewController.discard(),
    resume: () => void this.drafts.resume(),
    dismissResume: () => void this.drafts.dismiss(),
    exclude: (slice, excluded) => this.collector.exclude(slice, excluded),
    markAbsent: (slice, absent) => this.collector.markAbsent(slice, absent),
    fixOutlines: (index, kind) => void this.collector.fixOutlines(index, kind),
    keepOutlines: (index, kind) => this.collector.keepOutlines(index, kind),
    showAsStored: () => void this.collector.showAsStored(),
    changeSettings: change => {
      if (this.store.get().status === 'collecting') this.collector.changeSettings(change);
    },
    encodeAhead: on => {
      this.store.update({ encodesAhead: this.aheadChoice.change(on) });
      this.ahead.follow(this.collector.collected);
    },
    goToSlice: index => {
      const { series } = this.collector.collected;
      if (series) this.viewer.goToSlice(series, index);
    },
    selectSegmentation: id => {
      this.viewer.selectSegmentation(id);
      void this.collector.refresh();
    },
    selectSegment: index => this.viewer.selectSegment(index),
    addSegment: () => this.viewer.addSegment(),
    chooseTool: tool => {
      this.viewer.tools.choose(tool);
      this.lookAtTools();
    },
    setBrushRadius: radius => {
      this.viewer.tools.setBrushRadius(radius);
      this.lookAtTools();
    },
    setThresholdRange: range => {
      this.viewer.tools.setThresholdRange(range);
      this.lookAtTools();
    },
    chooseTerm: (index, termId) => this.collector.chooseTerm(index, termId),
    renameSegment: (index, label) => this.collector.renameSegment(index, label),
    storeSeg: () => {
      const look = async () => {
        await this.collector.refresh();
        return this.collector.collected;
      };
      void this.storeController.store(look);
    },
    changeStoreOptions: change => {
      this.store.update({ storeOptions: this.archive.storeOptions.change(change) });
      this.storeController.follow(this.collector.collected);
    },
    cancelStore: () => this.storeController.cancel(),
    downloadSeg: () => void this.storeController.download(this.collector.collected),
    dismissFailure: () => this.store.update({ failure: null }),
  };

  private refine(): void {
    const refinement = this.reviewController.refinement();
    if (refinement) void this.runController.propagate(refinement);
  }
}
