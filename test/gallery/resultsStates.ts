/** The states of the results card. */
import {
  NO_RESULTS,
  type ResultsSnapshot,
  type ResultsStore,
  type StructureResult,
} from '../../extensions/fewshot-sam/src/session/results';
import { SnapshotStore } from '../../extensions/fewshot-sam/src/session/snapshotStore';
import type { SessionSnapshot, StoreState } from '../../extensions/fewshot-sam/src/session/state';

const caliper = (mm: number) => ({
  mm,
  ends: [
    [80, 90],
    [180, 120],
  ] as [[number, number], [number, number]],
});

const result = (
  segmentIndex: number,
  label: string,
  color: [number, number, number],
  size: number,
): StructureResult => ({
  ...{ segmentIndex, label, color },
  measurements: {
    ...{ volume: 1298.64 * size ** 3, voxels: 131072, slices: Math.ceil(13 * size) },
    ...{ mean: 431.27, deviation: 88.04 },
    diameters: {
      ...{ longest: caliper(171.43 * size), perpendicular: caliper(137.86 * size) },
      sliceIndex: 9,
    },
  },
});
const brain = result(1, 'Brain', [221, 84, 84], 1);
const lesion = result(3, 'Metastasis of the left temporal lobe', [70, 161, 221], 0.07);

const measured: ResultsSnapshot = {
  ...NO_RESULTS,
  ...{ state: 'measured', structures: [brain], plane: 'axial' },
};
const stored: StoreState & { state: 'stored' } = {
  ...{ state: 'stored', seriesDescription: 'Few-shot SAM: Brain', confirmed: true },
  isChanged: false,
};

/** Results that stay as they are; storing the report succeeds at once. */
export class GalleryResults extends SnapshotStore<ResultsSnapshot> implements ResultsStore {
  getSnapshot = this.get;
  measure = (): void => this.update({ state: 'measuring', fraction: 0.4 });
  cancelReport = (): void => this.update({ report: { state: 'stopped' } });
  storeReport = (): void =>
    this.update({
      report: {
        ...{ state: 'stored', seriesDescription: 'Measurements: Brain' },
        ...{ confirmed: true, isChanged: false },
      },
    });
}

/** @param finished the panel after a review whose result was written */
export function resultsStates(
  finished: SessionSnapshot,
): Record<string, { caption: string; snapshot: SessionSnapshot; results: ResultsSnapshot }> {
  const inArchive = { ...finished, store: stored };
  return {
    'results-offered': {
      caption: 'Results: offered',
      snapshot: { ...finished, result: null },
      results: { ...NO_RESULTS, state: 'offered' },
    },
    'results-measuring': {
      caption: 'Results: measuring',
      snapshot: finished,
      results: { ...NO_RESULTS, state: 'measuring', fraction: 0.4 },
    },
    results: { caption: 'Results', snapshot: finished, results: measured },
    'results-several': {
      caption: 'Results: several structures, segmentation stored',
      snapshot: inArchive,
      results: { ...measured, structures: [brain, lesion], unit: 'HU' },
    },
    'results-stored': {
      caption: 'Results: report stored',
      snapshot: inArchive,
      results: {
        ...measured,
        report: { ...stored, seriesDescription: 'Measurements: Brain' },
      },
    },
    'results-failed': {
      caption: 'Results: a slice is missing',
      snapshot: finished,
      results: {
        ...{ ...NO_RESULTS, state: 'failed' },
        failure: {
          message: 'Slice 7 could not be loaded from the archive.',
          remedy: 'Check the connection, then try again.',
        },
      },
    },
  };
}
