/** A session without a viewer: it keeps a snapshot and plays a run, so that the panel can be tried. */
import { segmentObstacle, targetSlices } from '../../extensions/fewshot-sam/src/session/fewshotSet';
import { lookOrder, neighborInOrder } from '../../extensions/fewshot-sam/src/session/lookOrder';
import {
  decide,
  openSlices,
  type Decision,
  type Review,
} from '../../extensions/fewshot-sam/src/session/review';
import type { ResultsStore } from '../../extensions/fewshot-sam/src/session/results';
import type {
  OutlineFlawKind,
  ReviewChoices,
  SessionActions,
  SessionSnapshot,
  SessionStore,
  SliceRange,
} from '../../extensions/fewshot-sam/src/session/state';
import { SheetPictures } from '../../extensions/fewshot-sam/src/session/sheetPictures';
import { termById } from '../../extensions/fewshot-sam/src/terminology/terms';
import { GALLERY_SERIES, galleryImages, picture } from './pictures';
import { sampleReview, stateOf } from './sampleReview';

const PHASES = [
  { phase: 'model', total: 38_900_000, steps: 12 },
  { phase: 'encode', total: 19, steps: 19 },
  { phase: 'fit', total: 200, steps: 25 },
  { phase: 'propagate', total: 16, steps: 16 },
] as const;
const TICK = 120;

export class GalleryStore implements SessionStore {
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setInterval> | null = null;
  results?: ResultsStore;
  /** Actions that the panel asked for, in order. */
  readonly asked: string[] = [];
  private readonly seen = new Set<number>();

  /** @param review what `snapshot.review` shows */
  constructor(
    private snapshot: SessionSnapshot,
    private review: Review | null = null,
    private readonly shownAs: (slice: number) => number = slice => slice,
  ) {
    this.pictures = new SheetPictures(galleryImages(shownAs), () =>
      this.review ? { review: this.review, series: GALLERY_SERIES } : null,
    );
    this.drawn = snapshot.fewshotSet.map(item => item.sliceIndex);
    if (snapshot.review) this.choices = snapshot.review;
  }

  readonly pictures: SheetPictures;

  private drawn: number[];
  private choices: Required<ReviewChoices> = {
    decideOn: null,
    previewShown: true,
    useAccepted: false,
  };

  private showReview(review: Review): void {
    this.review = review;
    const { series, currentSlice } = this.snapshot;
    const moment = {
      ...{ ...this.choices, currentSlice, seen: this.seen },
      picture: ({ label }: { label: string }, slice: number) =>
        picture(label === 'Head' ? 'head' : 'brain', this.shownAs(slice), slice),
    };
    this.update({ review: stateOf(review, series!.sliceCount, this.drawn, moment) });
  }

  private get decidedOn(): number[] {
    const all = this.review!.structures.map(({ segmentIndex }) => segmentIndex);
    return this.choices.decideOn === null ? all : [this.choices.decideOn];
  }

  private drawnSlices = () => new Set(this.drawn);

  private decide(decision: Decision | null, range?: SliceRange): void {
    const { currentSlice } = this.snapshot;
    const slices = range
      ? openSlices(this.review!, this.decidedOn, this.drawnSlices).filter(
          slice => slice >= range.from && slice <= range.to,
        )
      : [currentSlice!];
    this.review = decide(this.review!, this.decidedOn, slices, decision);
    if (!range && decision) this.look(1);
    else this.showReview(this.review);
  }

  private look(step: 1 | -1): void {
    const order = lookOrder(this.review!, this.decidedOn, this.drawnSlices);
    const currentSlice = neighborInOrder(order, this.snapshot.currentSlice, step);
    if (currentSlice !== null) this.update({ currentSlice });
    this.showReview(this.review!);
  }

  private leave(): void {
    this.update({ status: 'collecting', review: null });
  }

  getSnapshot = (): SessionSnapshot => this.snapshot;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private update(change: Partial<SessionSnapshot>): void {
    this.snapshot = { ...this.snapshot, ...change };
    this.listeners.forEach(listener => listener());
  }

  private note(action: string): void {
    this.asked.push(action);
  }

  private stop(change: Partial<SessionSnapshot>): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    this.update({ run: null, ...change });
  }

  private propagate(): void {
    const { segments, settings, series, fewshotSet } = this.snapshot;
    const segment = segments.find(candidate => candidate.active)!;
    const drawn = fewshotSet.map(item => item.sliceIndex);
    const targets = targetSlices(drawn, settings, series!.sliceCount);
    let phase = 0;
    let step = 0;
    this.update({ status: 'running', failure: null, store: { state: 'idle' } });
    this.timer = setInterval(() => {
      const { phase: name, total, steps } = PHASES[phase];
      this.update({
        run: {
          method: 'paper',
          phase: name,
          done: Math.round((total * step) / steps),
          total,
          etaSeconds: step ? ((steps - step) * TICK) / 1000 : null,
          structure: { position: 1, count: 1, label: segment.label },
        },
      });
      step++;
      if (step > steps) {
        phase++;
        step = 0;
      }
      if (phase < PHASES.length) return;
      this.drawn = drawn;
      this.choices = { decideOn: null, previewShown: true, useAccepted: false };
      this.stop({
        status: 'review',
        compute: { state: 'ready', model: 'MobileSAM', device: 'WebGPU' },
      });
      this.showReview(sampleReview({ brain: targets }, { drawn }));
    }, TICK);
  }

  private changeTools(change: Partial<NonNullable<SessionSnapshot['drawing']>>): void {
    const { drawing } = this.snapshot;
    if (drawing) this.update({ drawing: { ...drawing, ...change } });
  }

  private dropWarning(segmentIndex: number, kind: OutlineFlawKind): void {
    this.update({
      outlineWarnings: this.snapshot.outlineWarnings.filter(
        warning => warning.segmentIndex !== segmentIndex || warning.kind !== kind,
      ),
    });
  }

  readonly actions: SessionActions = {
    propagate: () => {
      this.note('propagate');
      this.propagate();
    },
    encodeAhead: on => this.update({ encodesAhead: on }),
    cancel: () => {
      this.note('cancel');
      this.update({ status: 'cancelling' });
      setTimeout(() => this.stop({ status: 'collecting' }), 600);
    },
    accept: range => {
      this.note('accept');
      this.decide('accepted', range);
    },
    reject: range => {
      this.note('reject');
      this.decide('rejected', range);
    },
    reopen: () => {
      this.note('reopen');
      this.decide(null);
    },
    decideSlices: (slices, decision) => {
      this.note(`decideSlices ${slices.join(' ')} ${decision}`);
      this.showReview(decide(this.review!, this.decidedOn, slices, decision));
    },
    noteShown: slices => {
      slices.forEach(slice => this.seen.add(slice));
      this.showReview(this.review!);
    },
    cleanUp: kind => {
      this.note(`cleanUp ${kind}`);
      this.update({
        cleanUp: { state: 'preview', kind, slices: [11, 7, 8], added: 523, removed: 0 },
      });
    },
    applyCleanUp: () => {
      this.note('applyCleanUp');
      this.update({ cleanUp: { state: 'applied', kind: 'holes', slices: 3 } });
    },
    cancelCleanUp: () => this.update({ cleanUp: { state: 'idle' } }),
    look: step => {
      this.note(`look ${step}`);
      this.look(step);
    },
    finish: () => {
      this.note('finish');
      const structures = this.snapshot.review?.structures ?? [];
      this.leave();
      this.update({ result: { structures } });
    },
    acceptAll: () => {
      this.note('acceptAll');
      const structures = this.snapshot.review?.structures ?? [];
      this.leave();
      this.update({ result: { structures } });
    },
    renameSegment: (index, label) =>
      this.update({
        segments: this.snapshot.segments.map(segment =>
          segment.segmentIndex === index ? { ...segment, label } : segment,
        ),
      }),
    confirmPropagate: yes => this.note(`confirmPropagate ${yes}`),
    chooseTool: tool => this.changeTools({ active: tool }),
    setBrushRadius: radius => this.changeTools({ radius }),
    setThresholdRange: range => this.changeTools({ range }),
    editSlice: () => this.note('editSlice'),
    refine: () => this.note('refine'),
    changeReview: change => {
      this.note(`changeReview ${JSON.stringify(change)}`);
      this.choices = { ...this.choices, ...change };
      this.showReview(this.review!);
    },
    leave: () => {
      this.note('leave');
      this.leave();
      this.update({ resume: { reviewSlices: 11, drawnSlices: 0 } });
    },
    discard: () => {
      this.note('discard');
      this.leave();
    },
    resume: () => this.note('resume'),
    dismissResume: () => {
      this.note('dismissResume');
      this.update({ resume: null });
    },
    exclude: (slice, excluded) => {
      this.note(`exclude ${slice} ${excluded}`);
      this.update({
        fewshotSet: this.snapshot.fewshotSet.map(item =>
          item.sliceIndex === slice ? { ...item, excluded: excluded } : item,
        ),
      });
    },
    markAbsent: (slice, absent) => {
      this.note(`markAbsent ${slice} ${absent}`);
      const others = this.snapshot.absent.filter(one => one !== slice);
      this.update({ absent: absent ? [...others, slice].sort((a, b) => a - b) : others });
    },
    fixOutlines: (index, kind) => {
      this.note(`fixOutlines ${index} ${kind}`);
      this.dropWarning(index, kind);
    },
    keepOutlines: (index, kind) => {
      this.note(`keepOutlines ${index} ${kind}`);
      this.dropWarning(index, kind);
    },
    showAsStored: () => {
      this.note('showAsStored');
      this.update({ misread: null });
    },
    changeSettings: change => {
      this.note(`changeSettings ${JSON.stringify(change)}`);
      this.update({ settings: { ...this.snapshot.settings, ...change } });
    },
    goToSlice: index => {
      this.note(`goToSlice ${index}`);
      this.update({ currentSlice: index });
      if (this.snapshot.status === 'review') this.showReview(this.review!);
    },
    selectSegmentation: id => {
      this.note(`selectSegmentation ${id}`);
      this.update({
        segmentations: this.snapshot.segmentations.map(one => ({
          ...one,
          active: one.segmentationId === id,
        })),
      });
    },
    selectSegment: index => {
      this.note(`selectSegment ${index}`);
      this.update({
        segments: this.snapshot.segments.map(segment => ({
          ...segment,
          active: segment.segmentIndex === index,
        })),
      });
    },
    addSegment: () => {
      this.note('addSegment');
      const segmentIndex = this.snapshot.segments.length + 1;
      const label = `Segment ${segmentIndex}`;
      this.update({
        segments: [
          ...this.snapshot.segments.map(segment => ({ ...segment, active: false })),
          {
            segmentIndex,
            label,
            color: [223, 194, 125],
            locked: false,
            active: true,
            labeledSlices: [],
          },
        ],
        fewshotSet: [],
        obstacle: segmentObstacle({ label, locked: false, outlined: [], inSet: [], targets: [0] }),
      });
    },
    chooseTerm: (index, id) => {
      this.note(`chooseTerm ${index} ${id}`);
      const term = id === null ? undefined : termById(id);
      this.update({
        segments: this.snapshot.segments.map(segment =>
          segment.segmentIndex === index
            ? { ...segment, term: term ? { term, chosen: true } : null }
            : segment,
        ),
      });
    },
    storeSeg: () => {
      this.note('storeSeg');
      this.update({ store: { state: 'storing', step: { phase: 'making' } } });
      setTimeout(() => {
        if (this.snapshot.store.state !== 'storing') return;
        this.update({
          store: {
            ...{ state: 'stored', seriesDescription: 'Few-shot: Brain' },
            ...{ confirmed: true, isChanged: false },
          },
        });
      }, 800);
    },
    changeStoreOptions: change => {
      this.note(`changeStoreOptions ${JSON.stringify(change)}`);
      this.update({ storeOptions: { ...this.snapshot.storeOptions, ...change } });
    },
    cancelStore: () => {
      this.note('cancelStore');
      this.update({ store: { state: 'stopped' } });
    },
    downloadSeg: () => this.note('downloadSeg'),
    dismissFailure: () => {
      this.note('dismissFailure');
      this.update({ failure: null });
    },
  };
}
