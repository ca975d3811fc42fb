import { notesOn, sourceOf, type Series } from '../viewer/series';
import type { Viewer } from '../viewer/viewer';
import type { SegmentLabelmap } from '../viewer/labelmap';
import {
  collect,
  runnable,
  type AbsentSlices,
  type Collected,
  type CollectedSegment,
  type ExcludedSlices,
  type PredictedSlices,
} from './collect';
import type { Archive } from './archive';
import type { SegmentSlices } from './fewshotSet';
import { failureOf } from './failure';
import { defaultIntensity } from './intensity';
import { OutlineChecks } from './outlineChecks';
import { outlineHints } from './outlineHints';
import type { PlaneRecord, SegmentationRecords, SegmentId } from './segmentationRecords';
import { nameAfterTerm } from './segmentTerms';
import { termById } from '../terminology/terms';
import type { SnapshotStore } from './snapshotStore';
import type { FewshotSetItem, OutlineFlawKind, SessionSnapshot, Settings } from './state';
import { Thumbnails } from './thumbnails';

/** A segment on the slices of the series, or of another plane. */
type SegmentInPlane = Pick<SegmentLabelmap, 'segmentationId' | 'segmentIndex' | 'reslice'>;

/** Milliseconds without a change before the viewer is read again. */
const SETTLE = 150;

/** Reads series, segments and outlines whenever the viewer changes, and keeps the settings of each series. */
export class OutlineCollector {
  collected: Collected = { series: null, segmentation: null, segments: [], obstacle: null };
  readonly thumbnails: Thumbnails;
  private readonly checks: OutlineChecks;
  private readonly settings = new Map<string, Settings>();
  private timer: ReturnType<typeof setTimeout> | null = null;
  private generation = 0;
  private looking: Promise<void> = Promise.resolve();
  private disposed = false;
  private readonly unsubscribe: () => void;

  /**
   * @param unsure expected Dice of the open slices of a segment under review: slice -> 0..1
   * @param onCollected called each time the viewer was read
   * @param onSlice called each time another slice is shown
   */
  constructor(
    private readonly viewer: Viewer,
    private readonly store: SnapshotStore<SessionSnapshot>,
    private readonly records: SegmentationRecords,
    private readonly archive: Pick<
      Archive,
      | 'canStore'
      | 'storeOptions'
      | 'terms'
      | 'noteOpened'
      | 'isCorrected'
      | 'given'
      | 'stored'
      | 'noteAsStored'
    >,
    private readonly unsure: (segmentIndex: number) => ReadonlyMap<number, number>,
    private readonly onCollected: (collected: Collected) => void,
    private readonly onSlice: () => void,
  ) {
    this.thumbnails = new Thumbnails(viewer, () => this.changed('labels'));
    this.checks = new OutlineChecks(viewer, records);
    this.unsubscribe = viewer.subscribe(what => this.changed(what));
    this.changed('labels');
  }

  dispose(): void {
    this.disposed = true;
    this.unsubscribe();
    if (this.timer) clearTimeout(this.timer);
    this.generation++;
  }

  /** Call it when the viewer has changed: reads it again once it has settled. */
  changed(what: 'labels' | 'view'): void {
    if (what === 'labels') {
      this.records.noteRemoved(
        id => this.viewer.segmentIndices(id),
        id => this.find(id)?.slices ?? new Map(),
      );
    }
    if (what === 'view') {
      const { series } = this.collected;
      const currentSlice = series ? this.viewer.currentSlice(series) : null;
      if (currentSlice !== this.store.get().currentSlice) {
        this.store.update({ currentSlice });
        this.onSlice();
      }
      if (series || this.timer) return;
    }
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = null;
      void this.refresh();
    }, SETTLE);
  }

  settingsFor = (series: Series): Settings => {
    let settings = this.settings.get(series.displaySetInstanceUID);
    if (!settings) {
      settings = {
        intensity: defaultIntensity(series.modality),
        method: 'context',
        scope: 'active',
        from: 0,
        to: series.imageIds.length - 1,
      };
      this.settings.set(series.displaySetInstanceUID, settings);
    }
    return settings;
  };

  changeSettings(change: Partial<Settings>): void {
    const { series } = this.collected;
    if (!series) return;
    this.settings.set(series.displaySetInstanceUID, { ...this.settingsFor(series), ...change });
    void this.refresh();
  }

  /** What propagations wrote for a segment: slice -> digest. */
  predictedSlices: PredictedSlices = (segmentationId, segmentIndex, plane) =>
    this.records.plane({ segmentationId, segmentIndex }, plane).predicted;

  /** Records what a propagation wrote, so that it does not count as drawn. */
  notePredicted(
    labelmap: SegmentInPlane,
    slices: Iterable<number>,
    after: SegmentSlices | undefined,
  ): void {
    const { predicted } = this.planeOf(labelmap);
    for (const index of slices) {
      const digest = after?.get(index);
      if (digest) predicted.set(index, digest);
    }
  }

  /** Counts a predicted slice as drawn from now on. @returns a function that undoes it */
  forgetPredicted(labelmap: SegmentInPlane, slice: number): () => void {
    const { predicted } = this.planeOf(labelmap);
    const digest = predicted.get(slice);
    predicted.delete(slice);
    return () => {
      if (digest) predicted.set(slice, digest);
    };
  }

  private planeOf(segment: SegmentInPlane): PlaneRecord {
    return this.records.plane(segment, segment.reslice?.plane.name);
  }

  private excludedSlices: ExcludedSlices = (segmentationId, segmentIndex, plane) =>
    this.records.plane({ segmentationId, segmentIndex }, plane).excluded;

  private absentSlices: AbsentSlices = (segmentationId, segmentIndex, plane) =>
    this.records.plane({ segmentationId, segmentIndex }, plane).absent;

  /** Whether a listed segment never held a voxel, so that no stroke in it can be undone or redone. */
  isUnused(segment: SegmentId): boolean {
    return this.find(segment) !== undefined && !this.records.segment(segment).isUsed;
  }

  private find({ segmentationId, segmentIndex }: SegmentId): CollectedSegment | undefined {
    return this.collected.segments.find(
      ({ labelmap }) =>
        labelmap.segmentationId === segmentationId && labelmap.segmentIndex === segmentIndex,
    );
  }

  /** Excludes exactly these slices from the few-shot set of a segment. */
  setExcluded(labelmap: SegmentInPlane, slices: Iterable<number>): void {
    this.planeOf(labelmap).excluded = new Set(slices);
  }

  /** Excludes a slice from the few-shot set of the active segment, or puts it back. */
  exclude(sliceIndex: number, excluded: boolean): void {
    const active = this.collected.segments.find(segment => segment.active);
    if (!active) return;
    const slices = new Set(this.planeOf(active.labelmap).excluded);
    if (excluded) slices.add(sliceIndex);
    else slices.delete(sliceIndex);
    this.setExcluded(active.labelmap, slices);
    void this.refresh();
  }

  /** Marks exactly these slices as ones on which a segment is not there. */
  setAbsent(labelmap: SegmentInPlane, slices: Iterable<number>): void {
    this.planeOf(labelmap).absent = new Set(slices);
  }

  /** Says of a slice that the active structure is not there, or takes that back. */
  markAbsent(sliceIndex: number, absent: boolean): void {
    const active = this.collected.segments.find(segment => segment.active);
    if (!active || (absent && active.slices.has(sliceIndex))) return;
    const slices = new Set(this.planeOf(active.labelmap).absent);
    if (absent) slices.add(sliceIndex);
    else slices.delete(sliceIndex);
    this.setAbsent(active.labelmap, slices);
    void this.refresh();
  }

  /** Reads the viewer and updates the snapshot. Resolves when `collected` is at least as new as the call. */
  async refresh(): Promise<void> {
    let looking = (this.looking = this.look());
    await looking;
    // A later look replaces this one.
    while (looking !== this.looking) await (looking = this.looking);
  }

  private async look(): Promise<void> {
    // A run that ended with the mode still gets here.
    if (this.disposed) return;
    const generation = ++this.generation;
    const collected = await this.collect();
    // Capture it before the user can change it.
    await this.archive.noteOpened(collected, () => this.changed('labels'));
    const outlineWarnings = await this.checks.warnings(collected);
    if (generation !== this.generation) return;
    for (const segment of collected.segments)
      segment.given = this.archive.given(collected, segment);
    this.collected = collected;
    const { series, segments } = collected;
    for (const { labelmap, slices } of segments)
      if (slices.size > 0) this.records.segment(labelmap).isUsed = true;
    const settings = series ? this.settingsFor(series) : this.store.get().settings;
    const active = segments.find(segment => segment.active);
    this.store.update({
      series: series && {
        description: series.description,
        modality: series.modality,
        sliceCount: series.imageIds.length,
        ...(series.reslice && { plane: series.reslice.plane.name }),
        notes: notesOn(sourceOf(series)),
      },
      currentSlice: series ? this.viewer.currentSlice(series) : null,
      segmentations: this.viewer.shownSegmentations(),
      segments: segments.map(({ segmentIndex, label, color, locked, active, slices, given }) => ({
        segmentIndex,
        label,
        color,
        locked,
        active,
        labeledSlices: [...slices.keys()].sort((a, b) => a - b),
        given,
        term: this.archive.terms.termOf(
          collected.segmentation!.segmentationId,
          segmentIndex,
          label,
        ),
      })),
      fewshotSet: this.fewshotSet(series, active),
      absent: active?.absent ?? [],
      hints: active
        ? outlineHints(areasOf(active), settings, this.unsure(active.segmentIndex), active.absent)
        : [],
      outlineWarnings,
      contourNote: active?.labelmap.contours?.note ?? null,
      misread: this.archive.stored.misread(collected),
      obstacle: runnable(collected, settings.scope).obstacle,
      settings,
      corrected: this.archive.isCorrected(collected),
      canStore: this.archive.canStore(),
      storeOptions: this.archive.storeOptions.get(),
    });
    this.onCollected(collected);
    this.records.prune(this.viewer);
  }

  /** Reads the viewer; again if a new segment has the index of a removed one, whose record is stale. */
  private async collect(): Promise<Collected> {
    const removed = this.records.removed();
    const collected = await collect(
      this.viewer,
      this.settingsFor,
      this.predictedSlices,
      this.excludedSlices,
      this.absentSlices,
    );
    const reused = collected.segments.filter(({ labelmap, slices }) =>
      this.records.forgetReused(labelmap, removed, slices),
    );
    if (reused.length === 0) return collected;
    for (const { labelmap } of reused) this.viewer.forgetMarks(labelmap);
    return this.collect();
  }

  /** Fills the holes or removes the specks of a segment's outlines, in one undo step. */
  async fixOutlines(segmentIndex: number, kind: OutlineFlawKind): Promise<void> {
    if (this.store.get().status !== 'collecting') return;
    // The last stroke may still be settling.
    await this.refresh();
    const segment = this.segment(segmentIndex);
    if (!segment || segment.locked || this.store.get().status !== 'collecting') return;
    const { labelmap, slices } = segment;
    const masks = await this.checks.fixed(this.collected, segment, kind);
    try {
      await this.viewer.write(
        [{ labelmap, masks, expected: slices, drawn: new Set(masks.keys()) }],
        () => this.changed('labels'),
      );
    } catch (error) {
      this.store.update({ failure: failureOf(error) });
    }
    await this.refresh();
  }

  /** Replaces outlines that OHIF read wrong with those of the file, in one undo step. */
  async showAsStored(): Promise<void> {
    if (this.store.get().status !== 'collecting') return;
    await this.refresh();
    if (this.store.get().status !== 'collecting') return;
    const writes = await this.archive.stored.corrections(this.collected);
    if (writes.length === 0 || writes.some(({ labelmap }) => this.isLocked(labelmap))) return;
    try {
      const written = await this.viewer.write(writes, () => this.changed('labels'));
      const failure = this.archive.noteAsStored(writes, written);
      if (failure) this.store.update({ failure });
    } catch (error) {
      this.store.update({ failure: failureOf(error) });
    }
    await this.refresh();
  }

  private isLocked({ segmentIndex }: SegmentLabelmap): boolean {
    return this.segment(segmentIndex)?.locked ?? false;
  }

  keepOutlines(segmentIndex: number, kind: OutlineFlawKind): void {
    const warning = this.store
      .get()
      .outlineWarnings.find(one => one.segmentIndex === segmentIndex && one.kind === kind);
    const segment = this.segment(segmentIndex);
    if (!warning || !segment) return;
    this.checks.keep(segment, warning);
    void this.refresh();
  }

  private segment(segmentIndex: number): CollectedSegment | undefined {
    return this.collected.segments.find(segment => segment.segmentIndex === segmentIndex);
  }

  chooseTerm(segmentIndex: number, termId: string | null): void {
    const { segmentation } = this.collected;
    const segment = this.segment(segmentIndex);
    if (!segmentation || !segment) return;
    const { segmentationId } = segmentation;
    const { terms } = this.archive;
    const before = terms.termOf(segmentationId, segmentIndex, segment.label)?.term;
    const term = termId === null ? undefined : termById(termId);
    const name = term ? nameAfterTerm(segment.label, before, term) : segment.label;
    const isNamed = name !== segment.label && this.viewer.renameSegment(segmentIndex, name);
    terms.choose(segmentationId, segmentIndex, isNamed ? name : segment.label, termId);
    void this.refresh();
  }

  /** Renames a segment; its term stays. */
  renameSegment(segmentIndex: number, label: string): void {
    const { segmentation } = this.collected;
    const segment = this.segment(segmentIndex);
    const name = label.trim();
    if (!segmentation || !segment || !name || name === segment.label) return;
    if (!this.viewer.renameSegment(segmentIndex, name)) return;
    this.archive.terms.rename(segmentation.segmentationId, segmentIndex, segment.label, name);
    void this.refresh();
  }

  private fewshotSet(
    series: Series | null,
    segment: CollectedSegment | undefined,
  ): FewshotSetItem[] {
    if (!series || !segment) return [];
    const inSet = new Set(segment.inSet);
    return segment.outlined.flatMap(sliceIndex => {
      const picture = this.thumbnails.of(
        series,
        sliceIndex,
        segment.slices.get(sliceIndex)?.hash,
        () => this.viewer.readMask(segment.labelmap, sliceIndex),
      );
      return picture ? { ...picture, excluded: !inSet.has(sliceIndex) } : [];
    });
  }
}

/** Voxels of a segment on each slice that a person outlined. */
export function areasOf({ outlined, slices }: CollectedSegment): Map<number, number> {
  return new Map(outlined.map(index => [index, slices.get(index)!.count]));
}
