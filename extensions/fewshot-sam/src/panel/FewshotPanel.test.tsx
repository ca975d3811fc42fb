/** @jest-environment jsdom */
import { act, fireEvent, render, screen, within } from '@testing-library/react';
import { INITIAL_SNAPSHOT } from '../session/snapshot';
import type { SessionSnapshot } from '../session/state';
import { propagateWords } from './CollectView';
import { FewshotPanel } from './FewshotPanel';
import { liver, ready, spleen, storeOf } from './testStore';

// jsdom draws nothing; what the canvas shows is looked at in a browser.
beforeAll(() => {
  HTMLCanvasElement.prototype.getContext = () => null;
});

const running: SessionSnapshot = {
  ...ready,
  status: 'running',
  run: {
    method: 'paper',
    phase: 'encode',
    done: 3,
    total: 12,
    etaSeconds: 18,
    structure: { position: 2, count: 3, label: 'Liver' },
  },
};
const button = (name: string | RegExp) => screen.getByRole('button', { name });

describe('before a run', () => {
  it('says why Propagate cannot run, ties the reason to the button, and does not run', () => {
    const { store, actions } = storeOf(INITIAL_SNAPSHOT);
    render(<FewshotPanel store={store} />);
    const propagate = button(/^Few-shot propagate/);
    expect(propagate.getAttribute('aria-disabled')).toBe('true');
    const reason = document.getElementById(propagate.getAttribute('aria-describedby')!)!;
    expect(reason.textContent).toContain('No series is shown in the active viewport.');
    expect(reason.textContent).toContain('Drag a CT or MR series into the viewport.');
    fireEvent.click(propagate);
    expect(actions.propagate).not.toHaveBeenCalled();
  });

  it('propagates by Shift+P on a choice too, where the viewer does not listen', () => {
    const { store, actions, change } = storeOf(ready);
    render(<FewshotPanel store={store} />);
    const radio = screen.getByRole('radio', { name: /Liver/ });
    const press = (more = {}) => fireEvent.keyDown(radio, { key: 'P', shiftKey: true, ...more });
    press({ ctrlKey: true });
    fireEvent.keyDown(screen.getByRole('combobox', { name: /^Term/ }), {
      key: 'P',
      shiftKey: true,
    });
    expect(actions.propagate).not.toHaveBeenCalled();
    press();
    expect(actions.propagate).toHaveBeenCalledTimes(1);
    change({ obstacle: { message: 'Nothing is outlined.', remedy: 'Outline it.' } });
    press();
    expect(actions.propagate).toHaveBeenCalledTimes(1);
  });

  it('points to the next of three steps', () => {
    const { store, change } = storeOf({ ...ready, segments: [], fewshotSet: [] });
    render(<FewshotPanel store={store} />);
    const next = () =>
      within(screen.getByRole('list', { name: 'How it works' }))
        .getAllByRole('listitem')
        .find(item => item.getAttribute('aria-current') === 'step')!.textContent;
    expect(next()).toContain('Add a structure');
    change({ segments: [{ ...liver, labeledSlices: [] }] });
    expect(next()).toContain('Outline it on 2 or more slices');
    change({ segments: [liver] });
    expect(screen.queryByRole('list', { name: 'How it works' })).toBeNull();
  });

  it('says which of several segmentations it works on, and changes it', () => {
    const segmentations = [
      { segmentationId: 'a', label: 'Organs', active: false },
      { segmentationId: 'b', label: 'Lesions', active: true },
    ];
    const { store, actions, change } = storeOf({ ...ready, segmentations });
    render(<FewshotPanel store={store} />);
    const field = screen.getByRole<HTMLSelectElement>('combobox', { name: /^Segmentation/ });
    expect(field.selectedOptions[0].textContent).toBe('Lesions');
    fireEvent.change(field, { target: { value: 'a' } });
    expect(actions.selectSegmentation).toHaveBeenCalledWith('a');
    change({ segmentations: segmentations.slice(1) });
    expect(screen.queryByRole('combobox', { name: /^Segmentation/ })).toBeNull();
  });

  it('runs when nothing stands in the way', () => {
    const { store, actions } = storeOf(ready);
    render(<FewshotPanel store={store} />);
    fireEvent.click(button('Few-shot propagate'));
    expect(actions.propagate).toHaveBeenCalledTimes(1);
  });

  it('chooses and adds structures, and says which is locked', () => {
    const { store, actions } = storeOf({
      ...ready,
      segments: [liver, { ...spleen, locked: true }],
    });
    render(<FewshotPanel store={store} />);
    expect(screen.getByRole<HTMLInputElement>('radio', { name: /Liver/ }).checked).toBe(true);
    fireEvent.click(screen.getByRole('radio', { name: 'Spleen, locked, on 0 slices' }));
    expect(actions.selectSegment).toHaveBeenCalledWith(2);
    fireEvent.click(button('Add structure'));
    expect(actions.addSegment).toHaveBeenCalled();
  });

  it('goes to an outlined slice; people count from 1', () => {
    const { store, actions } = storeOf(ready);
    render(<FewshotPanel store={store} />);
    fireEvent.click(button('Go to slice 8'));
    expect(actions.goToSlice).toHaveBeenCalledWith(7);
  });

  it('leaves an outline out of the set and puts it back', () => {
    const { store, actions, change } = storeOf(ready);
    render(<FewshotPanel store={store} />);
    const toggle = () => button('Learn from slice 8');
    expect(toggle().getAttribute('aria-pressed')).toBe('true');
    fireEvent.click(toggle());
    expect(actions.exclude).toHaveBeenLastCalledWith(7, true);
    change({ fewshotSet: ready.fewshotSet.map((item, i) => ({ ...item, excluded: i === 1 })) });
    expect(screen.getByText('1 of 2 used')).toBeTruthy();
    expect(button('Go to slice 8, left out of the set')).toBeTruthy();
    fireEvent.click(toggle());
    expect(actions.exclude).toHaveBeenLastCalledWith(7, false);
  });

  it('lets the user say that the structure is not on the slice shown', () => {
    const { store, change, actions } = storeOf({ ...ready, currentSlice: 4 });
    render(<FewshotPanel store={store} />);
    fireEvent.click(screen.getByRole('button', { name: 'Not on this slice' }));
    expect(actions.markAbsent).toHaveBeenLastCalledWith(4, true);
    change({ absent: [4, 5] });
    expect(screen.getByText('Liver is not on slices 5–6.')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: /^Undo/ }));
    expect(actions.markAbsent).toHaveBeenLastCalledWith(4, false);
    // It is on an outlined slice.
    change({ currentSlice: 7 });
    const button = screen.getByRole('button', { name: 'Not on this slice' });
    expect(button.getAttribute('title')).toBe('Slice 8 contains Liver.');
    fireEvent.click(button);
    expect(actions.markAbsent).toHaveBeenCalledTimes(2);
  });

  it('says where the next outline helps most, and goes there', () => {
    const { store, actions } = storeOf({
      ...ready,
      hints: [
        { sliceIndex: 9, reason: { kind: 'end' } },
        { sliceIndex: 4, reason: { kind: 'gap', after: 2, before: 7 } },
      ],
    });
    render(<FewshotPanel store={store} />);
    fireEvent.click(button(/^Slice 5.*middle of the widest gap, 3 to 8$/));
    expect(actions.goToSlice).toHaveBeenCalledWith(4);
    expect(button(/^Slice 10.*the structure seems to continue there$/)).toBeTruthy();
  });

  it('offers a review that was left, or what a reload would have lost', () => {
    const { store, actions, change } = storeOf({
      ...ready,
      resume: { reviewSlices: 6, drawnSlices: 0 },
    });
    render(<FewshotPanel store={store} />);
    expect(screen.getByText('Continue the review of 6 slices?')).toBeTruthy();
    fireEvent.click(button('Continue'));
    expect(actions.resume).toHaveBeenCalledTimes(1);
    change({ resume: { reviewSlices: 0, drawnSlices: 3 } });
    expect(screen.getByText('Restore what you drew on 3 slices?')).toBeTruthy();
    fireEvent.click(button('Discard'));
    expect(actions.dismissResume).toHaveBeenCalledTimes(1);
  });

  it('says when unfinished work is not kept, as long as that is so', () => {
    const { store, change } = storeOf({ ...ready, unkept: true });
    render(<FewshotPanel store={store} />);
    expect(screen.getByText('This browser cannot save unfinished work.')).toBeTruthy();
    expect(screen.getByText(/^Store or download the segmentation before you reload/)).toBeTruthy();
    change({ unkept: false });
    expect(screen.queryByText(/cannot save/)).toBeNull();
  });

  it('says that it is for research', () => {
    render(<FewshotPanel store={storeOf(ready).store} />);
    expect(screen.getByText('Research use. Not a medical device.')).toBeTruthy();
  });

  it('moves through the slices by keyboard on the strip, and not beyond its ends', () => {
    const { store, actions, change } = storeOf(ready);
    render(<FewshotPanel store={store} />);
    const strip = screen.getByRole('slider', { name: 'Slice shown' });
    expect(strip.getAttribute('aria-valuetext')).toBe('Slice 5 of 12, to segment');
    fireEvent.keyDown(strip, { key: 'ArrowRight' });
    expect(actions.goToSlice).toHaveBeenLastCalledWith(5);
    fireEvent.keyDown(strip, { key: 'End' });
    expect(actions.goToSlice).toHaveBeenLastCalledWith(11);
    change({ currentSlice: 0 });
    fireEvent.keyDown(strip, { key: 'ArrowLeft' });
    expect(actions.goToSlice).toHaveBeenLastCalledWith(0);
  });

  it('takes a range over when it makes sense and says what is wrong when it does not', () => {
    const { store, actions } = storeOf(ready);
    render(<FewshotPanel store={store} />);
    const last = screen.getByLabelText('Last slice');
    fireEvent.change(last, { target: { value: '40' } });
    fireEvent.blur(last);
    expect(screen.getByText('Slices are numbered 1 to 12.')).toBeTruthy();
    expect(actions.changeSettings).not.toHaveBeenCalled();
    fireEvent.change(last, { target: { value: '9' } });
    fireEvent.keyDown(last, { key: 'Enter' });
    expect(actions.changeSettings).toHaveBeenCalledWith({ from: 0, to: 8 });
    expect(screen.queryByText('Slices are numbered 1 to 12.')).toBeNull();
  });

  it('changes the other settings', () => {
    const { store, actions } = storeOf(ready);
    render(<FewshotPanel store={store} />);
    fireEvent.change(screen.getByLabelText('Intensity'), { target: { value: 'ct-bone' } });
    expect(actions.changeSettings).toHaveBeenLastCalledWith({ intensity: 'ct-bone' });
    fireEvent.click(screen.getByRole('radio', { name: 'All outlined' }));
    expect(actions.changeSettings).toHaveBeenLastCalledWith({ scope: 'all' });
  });
});

describe('during a run', () => {
  it('says in plain words what happens, how far it is, and how long it takes', () => {
    const { store } = storeOf(running);
    render(<FewshotPanel store={store} />);
    expect(screen.getByText('Structure 2 of 3')).toBeTruthy();
    const bar = screen.getByRole('progressbar', { name: 'Encoding the outlined slices' });
    expect(bar.getAttribute('aria-valuenow')).toBe('25');
    expect(screen.getByText('3 of 12 slices')).toBeTruthy();
    expect(screen.getByText('about 20 s left')).toBeTruthy();
  });

  it('shows what has been found so far, and goes there', () => {
    const found = {
      count: 5,
      color: liver.color,
      latest: [{ ...ready.fewshotSet[0], sliceIndex: 7, confidence: 0.91 }],
    };
    const run = { ...running.run!, phase: 'propagate' as const };
    const { store, actions, change } = storeOf({ ...running, run });
    render(<FewshotPanel store={store} />);
    change({ run: { ...run, found: { ...found, count: 0 } } });
    expect(screen.getByText(/^A first look/)).toBeTruthy();
    change({ run: { ...run, found } });
    expect(screen.getByText(/^5 slices found so far/)).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Go to slice 8, expected Dice 0.91' }));
    expect(actions.goToSlice).toHaveBeenCalledWith(7);
  });

  it('cancels by button and by Escape, and only once', () => {
    const { store, actions, change } = storeOf(running);
    render(<FewshotPanel store={store} />);
    fireEvent.click(button('Cancel'));
    fireEvent.keyDown(button('Cancel'), { key: 'Escape' });
    expect(actions.cancel).toHaveBeenCalledTimes(2);
    change({ status: 'cancelling' });
    fireEvent.click(button('Stopping…'));
    fireEvent.keyDown(button('Stopping…'), { key: 'Escape' });
    expect(actions.cancel).toHaveBeenCalledTimes(2);
  });

  it('announces the phase, not every step of it', () => {
    const { store, change } = storeOf(running);
    render(<FewshotPanel store={store} />);
    const live = document.querySelector('[aria-live="polite"]')!;
    const before = live.textContent;
    expect(before).toBe('Structure 2 of 3, Liver: Encoding the outlined slices.');
    change({ run: { ...running.run!, done: 4 } });
    expect(live.textContent).toBe(before);
    change({ run: { ...running.run!, phase: 'fit' } });
    expect(live.textContent).toContain('Learning the structure');
  });

  it('keeps the keyboard focus when the pressed button goes', () => {
    const { store, change } = storeOf(ready);
    render(<FewshotPanel store={store} />);
    act(() => button(/^Few-shot propagate/).focus());
    change({ status: 'running', run: null });
    expect(document.activeElement).toBe(button('Cancel'));
  });

  it('does not take the focus from elsewhere', () => {
    const { store, change } = storeOf(ready);
    render(<FewshotPanel store={store} />);
    change({ status: 'running', run: null });
    expect(document.activeElement).toBe(document.body);
  });

  it('keeps the viewer from hearing keys that press our buttons', () => {
    const heard = jest.fn();
    document.addEventListener('keydown', heard);
    const { store } = storeOf(running);
    render(<FewshotPanel store={store} />);
    fireEvent.keyDown(button('Cancel'), { key: ' ' });
    expect(heard).not.toHaveBeenCalled();
    fireEvent.keyDown(button('Cancel'), { key: 'z', ctrlKey: true });
    expect(heard).toHaveBeenCalledTimes(1);
    document.removeEventListener('keydown', heard);
  });
});

describe('saving', () => {
  const kept: SessionSnapshot = { ...ready, result: { structures: [] } };

  it('is offered once there is a result', () => {
    const { store, change } = storeOf(ready);
    render(<FewshotPanel store={store} />);
    expect(screen.queryByRole('button', { name: 'Store to archive' })).toBeNull();
    change(kept);
    expect(button('Store to archive')).toBeTruthy();
  });

  it('is offered once what was opened was corrected', () => {
    const { store, change } = storeOf(ready);
    render(<FewshotPanel store={store} />);
    change({ ...ready, corrected: true });
    expect(button('Store to archive')).toBeTruthy();
  });

  it('says why an archive cannot take it and offers the file', () => {
    const { store, actions } = storeOf({ ...kept, canStore: false });
    render(<FewshotPanel store={store} />);
    const archive = button('Store to archive');
    expect(document.getElementById(archive.getAttribute('aria-describedby')!)!.textContent).toMatch(
      /Download the file instead/,
    );
    fireEvent.click(archive);
    expect(actions.storeSeg).not.toHaveBeenCalled();
    fireEvent.click(button('Download DICOM SEG'));
    expect(actions.downloadSeg).toHaveBeenCalledTimes(1);
  });

  it('follows the storing through to the end', () => {
    const { store, actions, change } = storeOf(kept);
    render(<FewshotPanel store={store} />);
    fireEvent.click(button('Store to archive'));
    expect(actions.storeSeg).toHaveBeenCalledTimes(1);
    change({ store: { state: 'storing', step: { phase: 'making' } } });
    fireEvent.click(button('Storing…'));
    expect(actions.storeSeg).toHaveBeenCalledTimes(1);
    change({ store: { state: 'failed', message: 'Refused (413).', remedy: 'Download it.' } });
    expect(screen.getByRole('alert').textContent).toBe('Refused (413).Download it.');
    expect(button('Try again').getAttribute('aria-disabled')).toBe('false');
    const stored = { state: 'stored', seriesDescription: 'Few-shot: Liver' } as const;
    change({ store: { ...stored, confirmed: true, isChanged: false } });
    expect(screen.getByText(/^Series “Few-shot: Liver”\./)).toBeTruthy();
  });
});

describe('failure', () => {
  it('says what happened and what to do, until dismissed', () => {
    const failure = { message: 'The GPU was lost.', remedy: 'Try again.' };
    const { store, actions } = storeOf({ ...ready, failure });
    render(<FewshotPanel store={store} />);
    expect(screen.getByRole('alert').textContent).toBe('The GPU was lost.Try again.');
    fireEvent.click(button('Dismiss'));
    expect(actions.dismissFailure).toHaveBeenCalledTimes(1);
  });
});

describe('propagateWords', () => {
  const both = [liver, { ...spleen, labeledSlices: [1, 2, 3] }];
  it.each([
    ['active', [liver, spleen], 'Few-shot propagate'],
    ['active', both, 'Few-shot propagate Liver'],
    ['all', both, 'Few-shot propagate all outlined'],
    ['all', [liver], 'Few-shot propagate'],
  ] as const)('scope %s', (scope, segments, words) => {
    expect(propagateWords(scope, segments, 'Liver')).toBe(words);
  });
});

it('asks before very many slices are segmented', () => {
  const made = storeOf({ ...ready, confirmSlices: 479 });
  render(<FewshotPanel store={made.store} />);
  screen.getByText(/Segment 479 slices\?/);
  fireEvent.click(screen.getByRole('button', { name: 'Segment them' }));
  expect(made.actions.confirmPropagate).toHaveBeenCalledWith(true);
});

it('renames a structure by double-click, and by F2', () => {
  const made = storeOf(ready);
  render(<FewshotPanel store={made.store} />);
  fireEvent.doubleClick(screen.getByText('Liver'));
  const field = screen.getByLabelText('Name of the structure');
  fireEvent.change(field, { target: { value: 'Right lobe' } });
  fireEvent.submit(field.closest('form')!);
  expect(made.actions.renameSegment).toHaveBeenCalledWith(1, 'Right lobe');
  fireEvent.keyDown(screen.getByRole('radio', { name: /^Spleen/ }), { key: 'F2' });
  screen.getByDisplayValue('Spleen');
});
