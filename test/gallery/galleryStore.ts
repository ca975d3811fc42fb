/** A session without a viewer: it keeps a snapshot and plays a run, so that the panel can be tried. */
import { segmentObstacle, targetSlices } from '../../extensions/fewshot-sam/src/session/fewshotSet';
import type {
  SessionActions,
  SessionSnapshot,
  SessionStore,
} from '../../extensions/fewshot-sam/src/session/state';
import { termById } from '../../extensions/fewshot-sam/src/terminology/terms';
import { picture } from './pictures';

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
  /** Actions that the panel asked for, in order. */
  readonly asked: string[] = [];

  constructor(private snapshot: SessionSnapshot) {}

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
      const outcomes = Array.from({ length: series!.sliceCount }, (_, index) =>
        drawn.includes(index)
          ? ('drawn' as const)
          : targets.includes(index)
            ? ('predicted' as const)
            : ('outside-range' as const),
      );
      this.stop({
        status: 'review',
        compute: { state: 'ready', model: 'MobileSAM', device: 'WebGPU' },
        result: {
          seconds: 9,
          structures: [
            {
              ...segment,
              outcomes,
              previews: targets
                .filter((_, i) => i % 3 === 0)
                .slice(0, 6)
                .map(index => picture('brain', index)),
            },
          ],
        },
      });
    }, TICK);
  }

  readonly actions: SessionActions = {
    propagate: () => {
      this.note('propagate');
      this.propagate();
    },
    cancel: () => {
      this.note('cancel');
      this.update({ status: 'cancelling' });
      setTimeout(() => this.stop({ status: 'collecting' }), 600);
    },
    keep: () => {
      this.note('keep');
      this.update({ status: 'collecting' });
    },
    discard: () => {
      this.note('discard');
      this.update({ status: 'collecting', result: null });
    },
    changeSettings: change => {
      this.note(`changeSettings ${JSON.stringify(change)}`);
      this.update({ settings: { ...this.snapshot.settings, ...change } });
    },
    goToSlice: index => {
      this.note(`goToSlice ${index}`);
      this.update({ currentSlice: index });
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
            labelledSlices: [],
          },
        ],
        fewshotSet: [],
        obstacle: segmentObstacle({ label, locked: false, outlined: [], targets: [0] }),
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
          store: { state: 'stored', seriesDescription: 'Few-shot: Brain', confirmed: true },
        });
      }, 800);
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
