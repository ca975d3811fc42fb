import type { Measurements, PlaneName } from 'fewshot-sam';
import type { Obstacle, SessionSnapshot, StoreState } from './state';

/** The measurements of one structure. */
export interface StructureResult {
  segmentIndex: number;
  label: string;
  color: [number, number, number];
  measurements: Measurements;
}

/** Everything the results card shows. */
export interface ResultsSnapshot {
  /** `none`: nothing to measure. `offered`: measured when the user asks for it. */
  state: 'none' | 'offered' | 'measuring' | 'measured' | 'failed';
  /** While measuring: slices done, 0..1. */
  fraction: number;
  /** Those of the last measurement, which may be about to be replaced. */
  structures: StructureResult[];
  /** Unit of the values, e.g. HU; empty if they have none. */
  unit: string;
  /** Plane of the acquired slices, in which diameters are measured; null before the first measurement. */
  plane: PlaneName | null;
  failure: Obstacle | null;
  /** Storing the report. */
  report: StoreState;
}

export const NO_RESULTS: ResultsSnapshot = {
  state: 'none',
  fraction: 0,
  structures: [],
  unit: '',
  plane: null,
  failure: null,
  report: { state: 'idle' },
};

/** Results as a store for React's useSyncExternalStore. */
export interface ResultsStore {
  getSnapshot(): ResultsSnapshot;
  subscribe(listener: () => void): () => void;
  /** Measures every structure, and again whenever one changes. */
  measure(): void;
  /** Stores a report that refers to the stored segmentation. */
  storeReport(): void;
  cancelReport(): void;
}

/** Why no report can be stored; null if one can. */
export function reportObstacle({
  store,
  storeOptions,
  canStore,
}: Pick<SessionSnapshot, 'store' | 'storeOptions' | 'canStore'>): string | null {
  if (!canStore) return 'The archive of these images does not accept results.';
  if (store.state === 'storing') return 'The segmentation is being stored.';
  if (store.state !== 'stored') {
    return 'A report refers to the segmentation in the archive: store that first.';
  }
  if (store.isChanged) return 'The segmentation has changed: store it again first.';
  if (storeOptions.format !== 'seg') {
    return 'A report refers to a DICOM SEG: choose that format and store it.';
  }
  if (store.hasOtherUids) {
    return 'The archive changed the UIDs of the segmentation, so a report cannot refer to it.';
  }
  return store.confirmed
    ? null
    : 'The archive does not show the segmentation yet: store it again in a few minutes.';
}
