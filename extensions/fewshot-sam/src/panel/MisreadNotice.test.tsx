/** @jest-environment jsdom */
import { fireEvent, render, screen } from '@testing-library/react';
import type { MisreadOutlines } from '../session/state';
import { FewshotPanel } from './FewshotPanel';
import { ready, storeOf } from './testStore';

// jsdom draws nothing; what the canvas shows is looked at in a browser.
beforeAll(() => {
  HTMLCanvasElement.prototype.getContext = () => null;
});

const wrong: MisreadOutlines = {
  state: 'wrong',
  segments: [
    { segmentIndex: 1, label: 'Liver', locked: false, slices: [2, 7] },
    { segmentIndex: 2, label: 'Spleen', locked: false, slices: [4] },
  ],
};

function show(misread: MisreadOutlines | null) {
  const made = storeOf({ ...ready, misread });
  render(<FewshotPanel store={made.store} />);
  return made;
}

const propagate = () => screen.getByRole('button', { name: /^Few-shot propagate/ });

it('names the segments that the viewer shows wrong, and puts them right when asked', () => {
  const { actions } = show(wrong);
  const name = 'OHIF misread this segmentation: Liver on 2 slices, Spleen on 1 slice.';
  expect(screen.getByRole('region', { name }).textContent).toContain('--labels');
  expect(actions.showAsStored).not.toHaveBeenCalled();
  fireEvent.click(screen.getByRole('button', { name: 'Show as stored' }));
  expect(actions.showAsStored).toHaveBeenCalledTimes(1);
});

it('says beside the button what would be learned, and does not disable it', () => {
  const { actions } = show(wrong);
  expect(propagate().getAttribute('aria-disabled')).toBe('false');
  const reason = document.getElementById(propagate().getAttribute('aria-describedby')!);
  expect(reason?.textContent).toContain('results learned from them will be wrong too');
  fireEvent.click(propagate());
  expect(actions.propagate).toHaveBeenCalledTimes(1);
});

it('does not write into a locked segment', () => {
  const [liver, spleen] = wrong.segments;
  const { actions } = show({ ...wrong, segments: [liver, { ...spleen, locked: true }] });
  const button = screen.getByRole('button', { name: 'Show as stored' });
  expect(button.title).toContain('Spleen is locked.');
  fireEvent.click(button);
  expect(actions.showAsStored).not.toHaveBeenCalled();
});

it('says that outlines may be wrong where nothing could be compared', () => {
  show({ state: 'failed', segments: [] });
  screen.getByRole('region', { name: 'OHIF may have misread this segmentation.' });
  expect(screen.queryByRole('button', { name: 'Show as stored' })).toBeNull();
  expect(propagate().getAttribute('aria-describedby')).not.toBeNull();
});

it('says that it compares', () => {
  show({ state: 'comparing', segments: [] });
  screen.getByRole('region', { name: /Comparing it with its file/ });
});

it('says nothing where all is shown as it was stored', () => {
  show(null);
  expect(screen.queryByRole('region', { name: /misread/ })).toBeNull();
  expect(propagate().getAttribute('aria-describedby')).toBeNull();
});
