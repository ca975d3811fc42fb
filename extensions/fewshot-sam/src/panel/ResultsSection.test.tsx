/** @jest-environment jsdom */
import { act, fireEvent, render, screen } from '@testing-library/react';
import { SnapshotStore } from '../session/snapshotStore';
import {
  NO_RESULTS,
  type ResultsSnapshot,
  type ResultsStore,
  type StructureResult,
} from '../session/results';
import type { SessionSnapshot } from '../session/state';
import { MeasureLink, ResultsSection } from './ResultsSection';
import { ready } from './testStore';

const caliper = (mm: number) => ({
  mm,
  ends: [[0, 0] as [number, number], [1, 1] as [number, number]] as [
    [number, number],
    [number, number],
  ],
});
const liver: StructureResult = {
  ...{ segmentIndex: 1, label: 'Liver', color: [221, 84, 84] },
  measurements: {
    ...{ volume: 1482.34, voxels: 51234, slices: 14, mean: 54.23, deviation: 18.31 },
    diameters: { longest: caliper(212.44), perpendicular: caliper(143), sliceIndex: 11 },
  },
};
const measured: ResultsSnapshot = {
  ...NO_RESULTS,
  ...{ state: 'measured', structures: [liver], unit: 'HU', plane: 'axial' },
};

function shown(results: ResultsSnapshot, snapshot: Partial<SessionSnapshot> = {}) {
  const states = new SnapshotStore(results);
  const store = {
    ...{ getSnapshot: states.get, subscribe: states.subscribe },
    ...{ measure: jest.fn(), storeReport: jest.fn(), cancelReport: jest.fn() },
  } satisfies ResultsStore;
  const goToSlice = jest.fn();
  render(
    <>
      <MeasureLink store={store} />
      <ResultsSection store={store} snapshot={{ ...ready, ...snapshot }} goToSlice={goToSlice} />
    </>,
  );
  return {
    store,
    goToSlice,
    change: (next: Partial<ResultsSnapshot>) => act(() => states.update(next)),
  };
}
const card = () => screen.getByRole('group', { name: 'Measurements of Liver' });
const reportButton = () => screen.getByRole('button', { name: 'Store report' });

it('offers to measure', () => {
  const { store, change } = shown({ ...NO_RESULTS, state: 'offered' });
  fireEvent.click(screen.getByRole('button', { name: 'Measure' }));
  expect(store.measure).toHaveBeenCalled();
  change({ state: 'measuring', fraction: 0.25 });
  expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('25');
});

it('shows the figures with units, and goes to the slice of the diameters', () => {
  const { goToSlice } = shown(measured);
  expect(card().textContent).toBe(
    'LiverVolume1482.3 mLLongest diameterslice 12212.4 mmPerpendicular143.0 mmMean ± SD54.2 ± 18.3 HUSlices14',
  );
  fireEvent.click(screen.getByRole('button', { name: 'slice 12' }));
  expect(goToSlice).toHaveBeenCalledWith(11);
});

it('does not link to slices that another plane counts differently', () => {
  shown(measured, { series: { ...ready.series!, plane: 'coronal' } });
  expect(card().textContent).toContain('Longest diameter212.4 mm');
});

it('stores a report only once the segmentation is stored', () => {
  const { store } = shown(measured);
  expect(reportButton().getAttribute('aria-disabled')).toBe('true');
  fireEvent.click(reportButton());
  expect(store.storeReport).not.toHaveBeenCalled();
  expect(reportButton().getAttribute('title')).toContain('store that first');
});

it('stores a report, says so, and can be stopped', () => {
  const { store, change } = shown(measured, {
    store: { state: 'stored', seriesDescription: 'Liver', confirmed: true, isChanged: false },
  });
  fireEvent.click(reportButton());
  expect(store.storeReport).toHaveBeenCalled();
  change({ report: { state: 'storing', step: { phase: 'confirming' } } });
  fireEvent.click(screen.getByRole('button', { name: /Cancel$/ }));
  expect(store.cancelReport).toHaveBeenCalled();
  change({
    report: { state: 'stored', seriesDescription: 'Figures', confirmed: true, isChanged: false },
  });
  expect(screen.getByText('Report stored in the archive')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Store report again' })).toBeTruthy();
});

it('copies a line for each structure, or says that the browser denies it', async () => {
  const writeText = jest.fn(async () => undefined as void);
  Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true });
  shown(measured);
  const press = () =>
    act(async () => {
      fireEvent.click(screen.getByRole('button', { name: 'Copy' }));
    });
  await press();
  expect(writeText).toHaveBeenCalledWith(
    'Liver: 1482.3 mL, 212.4 x 143.0 mm (slice 12), mean 54.2 ± 18.3 HU, 14 slices\n',
  );
  expect(screen.getByText('Copied as text.')).toBeTruthy();
  writeText.mockRejectedValue(new Error('denied'));
  await press();
  expect(screen.getByText('The browser does not allow copying here.')).toBeTruthy();
});
