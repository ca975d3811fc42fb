/** @jest-environment jsdom */
import { act, fireEvent, render, screen } from '@testing-library/react';
import { INITIAL_SNAPSHOT } from '../session/snapshot';
import type { SessionActions, StoreState } from '../session/state';
import { DEFAULT_STORE_OPTIONS } from '../session/storeOptions';
import { SaveSection } from './SaveSection';

const actions = {
  storeSeg: jest.fn(),
  cancelStore: jest.fn(),
  downloadSeg: jest.fn(),
  changeStoreOptions: jest.fn(),
};
beforeEach(() => jest.clearAllMocks());

/** Shows the section with one store state, and then with others. */
function show(store: StoreState, storeOptions = DEFAULT_STORE_OPTIONS) {
  const section = (state: StoreState) => (
    <SaveSection
      snapshot={{ ...INITIAL_SNAPSHOT, canStore: true, store: state, storeOptions }}
      actions={actions as unknown as SessionActions}
    />
  );
  const { rerender } = render(section(store));
  return (next: StoreState) => rerender(section(next));
}
const button = (name: string) => screen.getByRole('button', { name });
const bar = () => screen.getByRole('progressbar');
const sending = (attempt: number, fraction: number | null): StoreState => ({
  state: 'storing',
  step: { phase: 'sending', attempt, attempts: 4, fraction },
});

it('shows what it is doing, and how far', () => {
  const change = show({ state: 'storing', step: { phase: 'making' } });
  expect(screen.getByText('Creating the file…')).toBeTruthy();
  expect(bar().getAttribute('aria-valuenow')).toBeNull();
  change(sending(1, 0.4));
  expect(screen.getByText('Sending to the archive…')).toBeTruthy();
  expect(bar().getAttribute('aria-valuenow')).toBe('40');
  change({ state: 'storing', step: { phase: 'waiting', attempt: 2, attempts: 4, seconds: 1 } });
  expect(screen.getByText('Archive not ready; attempt 2 of 4 in 1 s…')).toBeTruthy();
  change(sending(2, null));
  expect(screen.getByText('Sending to the archive, attempt 2 of 4…')).toBeTruthy();
  change({ state: 'storing', step: { phase: 'confirming' } });
  expect(screen.getByText('Looking for it in the archive…')).toBeTruthy();
});

it('can be cancelled once, and the keyboard focus is not lost', () => {
  const change = show(sending(1, null));
  act(() => button('Cancel').focus());
  fireEvent.click(button('Cancel'));
  change({ state: 'storing', step: { phase: 'stopping' } });
  fireEvent.click(button('Stopping…'));
  expect(actions.cancelStore).toHaveBeenCalledTimes(1);
  change({ state: 'stopped' });
  expect(document.activeElement).toBe(button('Try again'));
  expect(screen.getByText(/The archive may already have received it/)).toBeTruthy();
});

it('says stored only when the archive was seen to have it', () => {
  const stored = { state: 'stored', seriesDescription: 'Liver', isChanged: false } as const;
  const change = show({ ...stored, confirmed: false });
  expect(screen.queryByText('Stored in the archive')).toBeNull();
  expect(screen.getByText(/does not show it yet/)).toBeTruthy();
  expect(button('Try again')).toBeTruthy();
  change({ ...stored, confirmed: true });
  expect(screen.getByText('Stored in the archive')).toBeTruthy();
  expect(button('Store again').classList).not.toContain('fs-button-primary');
  change({ ...stored, confirmed: true, hasOtherUids: true });
  expect(screen.getByText(/changed its UIDs/)).toBeTruthy();
  expect(screen.getByText(/It is not sent again/)).toBeTruthy();
  change({ ...stored, confirmed: true, isChanged: true });
  expect(screen.queryByText('Stored in the archive')).toBeNull();
  expect(screen.getByText('Changed since it was stored')).toBeTruthy();
  expect(button('Store again').classList).toContain('fs-button-primary');
});

it('offers another try and the file after a failure', () => {
  show({ state: 'failed', message: 'The archive did not answer.', remedy: 'Try again.' });
  fireEvent.click(button('Try again'));
  fireEvent.click(button('Download DICOM SEG'));
  expect(actions.storeSeg).toHaveBeenCalledTimes(1);
  expect(actions.downloadSeg).toHaveBeenCalledTimes(1);
});

it('offers contours instead of voxels', () => {
  show({ state: 'idle' });
  fireEvent.click(screen.getByText('Format'));
  fireEvent.change(screen.getByLabelText('Store as'), { target: { value: 'rtstruct' } });
  expect(actions.changeStoreOptions).toHaveBeenCalledWith({ format: 'rtstruct' });
});

it('names the format that is downloaded; options of DICOM SEG are not for RTSTRUCT', () => {
  show({ state: 'idle' }, { ...DEFAULT_STORE_OPTIONS, format: 'rtstruct' });
  expect(button('Download RTSTRUCT')).toBeTruthy();
  expect(screen.queryByLabelText('Encoding')).toBeNull();
});

it('offers forms that other programs need, and takes no change while it stores', () => {
  const change = show({ state: 'idle' });
  fireEvent.click(screen.getByText('Format'));
  const encoding = screen.getByLabelText<HTMLSelectElement>('Encoding');
  expect(encoding.value).toBe('automatic');
  fireEvent.change(encoding, { target: { value: 'labelmap' } });
  fireEvent.click(screen.getByLabelText(/Write every slice/));
  expect(actions.changeStoreOptions.mock.calls).toEqual([
    [{ encoding: 'labelmap' }],
    [{ everySlice: true }],
  ]);
  change(sending(1, null));
  expect(encoding.disabled).toBe(true);
});
