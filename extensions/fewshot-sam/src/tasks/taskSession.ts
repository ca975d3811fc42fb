import {
  FEWEST_FOR_HEADS,
  FewshotError,
  headLearningWork,
  type LearningWork,
  type TaskMetadata,
  learningWork,
  type Progress,
  throwIfCancelled,
} from 'fewshot-sam';
import { downloadSegmentation } from '../dicom/downloadSegmentation';
import type { Collected, CollectedSegment } from '../session/collect';
import { intensityWindow } from '../session/intensity';
import { failureOf } from '../session/failure';
import type { SessionForTasks } from '../session/sessionForTasks';
import { SnapshotStore } from '../session/snapshotStore';
import type { SessionStore, TaskActivity } from '../session/state';
import type { MadeSegment } from '../viewer/madeSegment';
import { NO_SERIES, sourceOf, type Series } from '../viewer/series';
import type { Viewer } from '../viewer/viewer';
import type { LearnRequest } from '../worker/protocol';
import type { WorkerClient } from '../worker/client';
import { appliedNote, applyTaskTo } from './applying';
import { absentSlices } from './absentSlices';
import type { TaskEntry } from './entry';
import { freeSegment } from './freeSegment';
import { importTask } from './importing';
import { learnFrom, type Earlier } from './learning';
import { learningSeconds, measuredSpeeds, UNMEASURED } from './learningTime';
import { openLibrary, type TaskLibrary } from './library';
import { silhouetteOf } from './silhouette';
import { summarizeTask } from './summary';
import { INITIAL_TASKS, type TaskActions, type TasksSnapshot, type TaskStore } from './state';
import { nameObstacle, patientWords, taskFileName } from './taskName';
import { learnObstacle } from './taskStudy';

/** Site settings that shorten learning on slow computers. */
export type LearningChoice = Pick<LearnRequest['settings'], 'iterations' | 'copies'>;

/** Learns, saves, applies, imports and exports tasks. Runs and results go through the session. */
export class TaskSession implements TaskStore {
  private readonly store = new SnapshotStore<TasksSnapshot>(INITIAL_TASKS);
  private library: TaskLibrary | null = null;
  private entries: TaskEntry[] = [];
  private seen: { collected: Collected | null; entries: TaskEntry[] } = {
    collected: null,
    entries: [],
  };
  private readonly speeds = { ...UNMEASURED };
  private readonly unfollow: () => void;
  private readonly closing = new AbortController();

  constructor(
    private readonly session: SessionStore & { forTasks: SessionForTasks },
    private readonly viewer: Viewer,
    private readonly worker: WorkerClient,
    private readonly choice: LearningChoice = {},
  ) {
    this.unfollow = session.subscribe(() => this.look());
    void this.open();
  }

  dispose(): void {
    this.unfollow();
    this.closing.abort();
    this.store.dispose();
  }

  getSnapshot = (): TasksSnapshot => this.store.get();

  subscribe = (listener: () => void): (() => void) => this.store.subscribe(listener);

  readonly actions: TaskActions = {
    nameObstacle: (name, id) =>
      nameObstacle(
        name,
        this.entries.filter(entry => entry.id !== id).map(entry => entry.metadata.name),
        patientWords(this.series?.instances[0]),
      ),
    save: name => void this.save(name.trim()),
    apply: id => void this.with(id, entry => this.apply(entry)),
    addSlices: id => void this.with(id, entry => this.addSlices(entry)),
    rename: (id, name) =>
      void this.with(id, async entry => {
        await this.library!.rename(entry, name.trim());
        await this.list();
      }),
    remove: id =>
      void this.with(id, async entry => {
        await this.library!.remove(entry);
        await this.list();
      }),
    exportFile: id =>
      void this.with(id, async entry => {
        const bytes = await this.library!.task(entry);
        const name = taskFileName(entry.metadata.name);
        downloadSegmentation(bytes.buffer as ArrayBuffer, name, 'application/octet-stream');
      }),
    importFiles: files => void this.importFiles(files),
    dismissNotice: () => this.store.update({ notice: null }),
  };

  private get series() {
    const { series } = this.session.forTasks.collected();
    return series && sourceOf(series);
  }

  private async open(): Promise<void> {
    this.library = await openLibrary();
    this.store.update({ place: this.library.place });
    await this.list();
  }

  private async list(): Promise<void> {
    this.entries = await this.library!.entries();
    this.store.update({ isLoaded: true });
    this.look();
  }

  /** Updates what can be saved and applied, after the viewer or the library changed. */
  private look(): void {
    const collected = this.session.forTasks.collected();
    if (this.seen.collected === collected && this.seen.entries === this.entries) return;
    this.seen = { collected, entries: this.entries };
    const { series, segments } = collected;
    const segment = segments.find(({ active }) => active);
    const slices = segment?.inSet.length ?? 0;
    const absent = segment ? this.absentOn(segment).length : 0;
    const secondsFor = (entry: TaskEntry | null) =>
      learningSeconds(this.work(slices, absent, entry), this.speeds[methodOf(entry)]);
    this.store.update({
      tasks: this.entries.map(entry => summarizeTask(entry, series)),
      learnable: {
        obstacle: learnObstacle(segment),
        obstacleToAdd: learnObstacle(segment, true),
        name: segment?.label ?? '',
        slices,
        absent,
        seconds: secondsFor(null),
      },
      secondsToAdd: Object.fromEntries(this.entries.map(entry => [entry.id, secondsFor(entry)])),
    });
  }

  /** Slices of which it is known that a segment is not there. */
  private absentOn({ segmentIndex, absent, slices }: CollectedSegment): number[] {
    const { result } = this.session.getSnapshot();
    const kept = result?.structures.find(one => one.segmentIndex === segmentIndex);
    const reviewed = (kept?.outcomes ?? []).flatMap((outcome, index) =>
      outcome === 'empty' && !slices.has(index) ? [index] : [],
    );
    return absentSlices(absent, reviewed);
  }

  /** @param earlier task that the slices are added to */
  private work(slices: number, absent: number, earlier: TaskEntry | null): LearningWork {
    const shots = earlier?.metadata.shots ?? 0;
    const continues = earlier !== null && earlier.examplesBytes === 0;
    const forHeads = headLearningWork({
      outlined: slices,
      absent,
      earlier: shots,
      continues,
      ...this.choice,
    });
    if (methodOf(earlier) === 'head') return forHeads;
    const work = learningWork({
      slices: slices + absent,
      earlier: shots,
      continues,
      encoderSize: earlier ? (earlier.metadata.encoderSize ?? 1024) : undefined,
      ...this.choice,
    });
    // The slices are also kept as heads see them, for the studies to come.
    return continues ? work : { ...work, encodings: work.encodings + forHeads.encodings };
  }

  /** Runs an action on a task of the library, and reports failures. */
  private async with(id: string, work: (entry: TaskEntry) => Promise<void>): Promise<void> {
    const entry = this.entries.find(candidate => candidate.id === id);
    if (!entry) return;
    this.store.update({ notice: null });
    try {
      await work(entry);
    } catch (error) {
      this.store.update({ notice: { kind: 'failure', ...failureOf(error) } });
      await this.list();
    }
  }

  private report(activity: TaskActivity, label: string): (progress: Progress) => void {
    const { method } = this.session.getSnapshot().settings;
    const structure = { position: 1, count: 1, label };
    return progress =>
      this.session.forTasks.showProgress({ ...progress, method, activity, structure });
  }

  private async save(name: string): Promise<void> {
    const obstacle = this.actions.nameObstacle(name);
    if (obstacle) {
      this.store.update({ notice: { kind: 'failure', ...obstacle } });
      return;
    }
    const segment = this.session.forTasks.collected().segments.find(({ active }) => active);
    const terms = segment && this.session.forTasks.termsOf(segment);
    await this.learn({ name, terms }, null);
  }

  private async addSlices(entry: TaskEntry): Promise<void> {
    const task = await this.library!.task(entry);
    const examples = entry.examplesBytes ? await this.library!.examples(entry) : null;
    const { name, terms, modality } = entry.metadata;
    await this.learn({ name, terms, modality }, { entry, task, examples });
  }

  /** Learns the active segment and saves the task, replacing the one it was added to. */
  private async learn(settings: LearnRequest['settings'], earlier: Earlier | null): Promise<void> {
    this.store.update({ notice: null });
    await this.session.forTasks.perform(async signal => {
      const { series, segments } = this.session.forTasks.collected();
      const segment = segments.find(({ active }) => active);
      const onProgress = this.report('learn', settings.name);
      const absent = segment ? this.absentOn(segment) : [];
      const learned = await learnFrom(
        series,
        segment,
        absent,
        () =>
          intensityWindow(
            this.session.getSnapshot().settings.intensity,
            this.viewer.displayedRange(),
          ),
        { ...settings, ...this.choice },
        earlier,
        {
          loadSlice: (of, index) => this.viewer.loadSlice(of, index, signal),
          readMask: (of, index) => this.viewer.readMask(of.labelmap, index),
          loadModel: (report, abort) => this.session.forTasks.loadModel(report, abort),
          learn: (request, report, abort) => this.worker.learn(request, report, abort),
        },
        signal,
        onProgress,
      );
      const work = this.work(segment!.inSet.length, absent.length, earlier?.entry ?? null);
      const { method } = learned.metadata;
      this.speeds[method] = measuredSpeeds(work, learned.seconds, this.speeds[method]);
      throwIfCancelled(signal);
      const { metadata, task, examples } = learned;
      const color = earlier?.entry.color ?? segment!.color;
      const silhouette = earlier?.entry.silhouette ?? this.silhouette(segment!);
      await this.library!.add({ metadata, task, examples, color, silhouette });
      if (earlier) await this.library!.remove(earlier.entry);
      await this.list();
      this.store.update({
        notice: { kind: 'success', ...savedWords(metadata.name, earlier !== null) },
      });
    });
  }

  /** The silhouette of the largest outline. */
  private silhouette({ inSet, slices }: CollectedSegment) {
    const area = (index: number) => slices.get(index)?.count ?? 0;
    const [largest] = [...inSet].sort((a, b) => area(b) - area(a));
    const { fewshotSet } = this.session.getSnapshot();
    const item = fewshotSet.find(({ sliceIndex }) => sliceIndex === largest);
    return item ? silhouetteOf(item.thumbnail) : null;
  }

  private async apply(entry: TaskEntry): Promise<void> {
    const { forTasks } = this.session;
    const { name } = entry.metadata;
    await forTasks.perform(async signal => {
      const start = performance.now();
      const { series: shown } = forTasks.collected();
      if (!shown) throw new FewshotError('bad-input', NO_SERIES.message, NO_SERIES.remedy);
      const { series, result } = await applyTaskTo(
        shown,
        forTasks.settingsFor(shown),
        entry,
        {
          loadSlice: (of, index) => this.viewer.loadSlice(of, index, signal),
          loadModel: (report, abort) => forTasks.loadModel(report, abort),
          task: of => this.library!.task(of),
          apply: (request, report, abort) => this.worker.apply(request, report, abort),
        },
        signal,
        this.report('apply', name),
      );
      const { segment, made } = await this.segmentFor(shown, entry, signal);
      try {
        const { segmentation } = forTasks.collected();
        const labelmap = this.viewer.labelmap(segmentation!, segment.segmentIndex, series);
        const seconds = (performance.now() - start) / 1000;
        const shownIn = { ...segment, labelmap };
        await forTasks.present(series, shownIn, result, seconds, appliedNote(result), made);
      } catch (error) {
        if (made) this.viewer.removeMade(made);
        throw error;
      }
      // Adding a segmentation made the viewer open its own panel.
      this.viewer.showPanel();
    });
  }

  /** The active segment of a series if it is empty, else a new one; named after the task. */
  private async segmentFor(
    series: Series,
    entry: TaskEntry,
    signal: AbortSignal,
  ): Promise<{ segment: CollectedSegment; made: MadeSegment | null }> {
    const { forTasks } = this.session;
    const { segment, made } = await freeSegment(series, this.viewer, forTasks, signal);
    const { name } = entry.metadata;
    this.viewer.nameSegment(segment.segmentIndex, name, entry.color);
    const named = { ...segment, label: name, color: entry.color };
    forTasks.takeTerms(named, entry.metadata.terms);
    return { segment: named, made };
  }

  private async importFiles(files: readonly File[]): Promise<void> {
    if (this.store.get().isImporting || files.length === 0) return;
    this.store.update({ isImporting: true, notice: null });
    try {
      const names: string[] = [];
      for (const file of files) {
        const taken = this.entries.map(({ metadata }) => metadata.name);
        const task = await importTask(
          file,
          bytes => this.worker.readTask(bytes, this.closing.signal),
          taken,
        );
        await this.library!.add(task);
        await this.list();
        names.push(task.metadata.name);
      }
      const message =
        names.length === 1 ? `Imported “${names[0]}”.` : `Imported ${names.length} tasks.`;
      this.store.update({ notice: { kind: 'success', message, remedy: '' } });
    } catch (error) {
      this.store.update({ notice: { kind: 'failure', ...failureOf(error) } });
    } finally {
      this.store.update({ isImporting: false });
    }
  }
}

/** A task begins with the decoder; heads take over when it has learned from enough studies. */
function methodOf(earlier: TaskEntry | null): TaskMetadata['method'] {
  if (!earlier) return 'paper';
  const { metadata, examplesBytes } = earlier;
  const studies = (metadata.studies ?? 1) + 1;
  return examplesBytes > 0 && studies >= FEWEST_FOR_HEADS ? 'head' : metadata.method;
}

function savedWords(name: string, isOld: boolean) {
  return {
    message: isOld ? `Added these slices to “${name}”.` : `Saved “${name}”.`,
    remedy: 'Open another study and press Apply to find it there.',
  };
}
