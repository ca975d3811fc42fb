/** @jest-environment jsdom */
import { fireEvent, render, screen } from '@testing-library/react';
import type { Caveat, ReviewState, SessionSnapshot, SliceOutcome } from '../session/state';
import { announcement } from './announcement';
import { FewshotPanel } from './FewshotPanel';
import { liver, ready, storeOf, thumbnail } from './testStore';

// jsdom draws nothing; what the canvas shows is looked at in a browser.
beforeAll(() => {
  HTMLCanvasElement.prototype.getContext = () => null;
});

const outcomes: SliceOutcome[] = Array.from({ length: 12 }, (_, i) =>
  i === 2 || i === 7 ? 'drawn' : i === 3 ? 'accepted' : i > 9 ? 'empty' : 'predicted',
);
const state: ReviewState = {
  structures: [
    {
      ...liver,
      outcomes,
      caveats: outcomes.map(() => null),
      confidences: outcomes.map((outcome, i) => (outcome === 'predicted' ? 0.7 + 0.02 * i : null)),
      expectedDice: 0.931,
      previews: [{ sliceIndex: 0, thumbnail, confidence: 0.7 }],
    },
  ],
  seconds: 47,
  toLookAt: [0, 1, 4, 5, 6, 8, 9],
  found: [3, 0, 1, 4, 5, 6, 8, 9],
  unseen: [],
  accepted: 1,
  decideOn: null,
  previewShown: true,
  useAccepted: false,
  obstacle: null,
  finishObstacle: null,
  editObstacle: null,
  refineObstacle: null,
  writing: false,
};
/** On slice 5, which awaits a decision. */
const review: SessionSnapshot = { ...ready, status: 'review', review: state, currentSlice: 4 };
const withState = (change: Partial<ReviewState>) => ({ review: { ...state, ...change } });

const button = (name: string | RegExp) => screen.getByRole('button', { name });
const press = (key: string, target: Element = document.body, more = {}) =>
  fireEvent.keyDown(target, { key, ...more });
const reasonOf = (element: HTMLElement) =>
  document.getElementById(element.getAttribute('aria-describedby')!)!.textContent;

function show(snapshot: SessionSnapshot = review) {
  const made = storeOf(snapshot);
  render(<FewshotPanel store={made.store} />);
  return made;
}

describe('slices beyond the outlines and slices without a promise', () => {
  const [structure] = state.structures;
  // All as sure as the method can be.
  const confidences = outcomes.map((outcome, i) =>
    outcome === 'predicted' && i !== 5 ? 0.95 : null,
  );
  const caveats = outcomes.map((outcome, i): Caveat | null => {
    if (outcome === 'predicted' && (i < 2 || i > 7)) return 'extrapolated';
    return i === 5 ? 'no-promise' : null;
  });
  const marked = {
    ...review,
    ...withState({ structures: [{ ...structure, confidences, caveats }] }),
  };

  it('are counted by themselves in the legend, never as sure', () => {
    show(marked);
    const legend = screen.getByRole('list', { name: 'Slices' });
    expect(legend.textContent).toContain('2 sure');
    expect(legend.textContent).toContain('4 beyond outlines');
    expect(legend.textContent).toContain('1 no promise');
  });

  it('are named in the summary, in the strip, in the plot and to a screen reader', () => {
    show({ ...marked, currentSlice: 8 });
    const words = '8 slices segmented, 4 of them beyond your outlines; not found on 2.';
    screen.getByText(words);
    expect(announcement(marked)).toContain(words);
    expect(screen.getByRole('slider').getAttribute('aria-valuetext')).toBe(
      'Slice 9 of 12, segmented, to decide, beyond your outlines',
    );
    screen.getByText('Slice 9: segmented, to decide, beyond your outlines, expected Dice 0.95');
    screen.getByRole('img', { name: /4 slices beyond your outlines/ });
  });

  it('are told before all is accepted', () => {
    show(marked);
    const words =
      'Of these 7, 4 lie beyond your outlines and 1 has no promise. Look at them first.';
    screen.getByText(words);
  });

  it('are named on their pictures', () => {
    const previews = [
      { sliceIndex: 8, thumbnail, confidence: 0.95, caveat: 'extrapolated' as const },
      { sliceIndex: 5, thumbnail, caveat: 'no-promise' as const },
    ];
    show({
      ...marked,
      ...withState({ structures: [{ ...structure, confidences, caveats, previews }] }),
    });
    button('Go to slice 9, beyond your outlines, expected Dice 0.95');
    button('Go to slice 6, no promise');
  });
});

it('says no expected Dice of a slice that was outlined since', () => {
  const [structure] = state.structures;
  const confidences = structure.confidences.map((_, i) => 0.7 + 0.02 * i);
  show({
    ...review,
    ...withState({ structures: [{ ...structure, confidences }] }),
    currentSlice: 2,
  });
  expect(screen.getByText('Slice 3: outlined by you')).toBeTruthy();
});

it('counts structures where there are too many to name them all', () => {
  const [structure] = state.structures;
  const structures = [0.91, 0.83, 0.95, 0.7].map((confidence, i) => ({
    ...structure,
    segmentIndex: i + 1,
    label: `Rib ${i + 1}`,
    outcomes: outcomes.map(outcome => (i === 3 ? 'drawn' : outcome)),
    confidences: outcomes.map(() => confidence),
  }));
  const { actions } = show({ ...review, ...withState({ structures }) });
  expect(
    screen.getByText(
      'Slice 5: 3 segmented, to decide, lowest expected Dice 0.83 (Rib 2); 1 outlined by you',
    ),
  ).toBeTruthy();
  expect(screen.getAllByRole('slider')).toHaveLength(4);

  fireEvent.change(screen.getByRole('combobox', { name: 'Decide on' }), {
    target: { value: 'segment 2' },
  });
  expect(actions.changeReview).toHaveBeenLastCalledWith({ decideOn: 2 });
});

it('shows the one of many structures that decisions are about', () => {
  const [structure] = state.structures;
  const structures = [1, 2, 3, 4].map(segmentIndex => ({ ...structure, segmentIndex }));
  show({ ...review, ...withState({ structures, decideOn: 2 }) });
  expect(screen.getAllByRole('slider')).toHaveLength(1);
  expect(screen.getByText('Slice 5: segmented, to decide, expected Dice 0.78')).toBeTruthy();
});

it('says what came out, how sure it is, and that nothing is written', () => {
  show();
  expect(screen.getByText('8 slices segmented, not found on 2.')).toBeTruthy();
  expect(screen.getByText('about 0.93')).toBeTruthy();
  expect(screen.getByText(/Nothing is written yet: 7 slices to look at/)).toBeTruthy();
  expect(screen.getByText('Slice 5: segmented, to decide, expected Dice 0.78')).toBeTruthy();
  expect(
    screen.getByRole('img', { name: /^Expected Dice per slice/ }).getAttribute('aria-label'),
  ).toBe('Expected Dice per slice: lowest 0.70 on slice 1, highest 0.88 on slice 10');
});

it('promises nothing where nothing was found', () => {
  const nothing = outcomes.map(outcome => (outcome === 'drawn' ? outcome : 'empty'));
  const [structure] = state.structures;
  show({ ...review, review: { ...state, structures: [{ ...structure, outcomes: nothing }] } });
  expect(screen.getByText('The structure was not found on any other slice.')).toBeTruthy();
  expect(screen.queryByText('about 0.93')).toBeNull();
});

it('decides by button: this slice, a range, all', () => {
  const { actions } = show();
  fireEvent.click(button('Accept'));
  expect(actions.accept).toHaveBeenLastCalledWith();
  fireEvent.click(button('Reject'));
  expect(actions.reject).toHaveBeenLastCalledWith();
  fireEvent.change(screen.getByLabelText('First slice of the range'), { target: { value: '2' } });
  fireEvent.change(screen.getByLabelText('Last slice of the range'), { target: { value: '6' } });
  fireEvent.click(screen.getByText('Reject range'));
  expect(actions.reject).toHaveBeenLastCalledWith({ from: 1, to: 5 });
  fireEvent.click(button('Finish: write 1 accepted slice'));
  expect(actions.finish).toHaveBeenCalledTimes(1);
  fireEvent.click(button('Accept all 7 and finish'));
  expect(actions.acceptAll).toHaveBeenCalledTimes(1);
});

describe('slices that were never shown', () => {
  const unseen = withState({ unseen: [5, 6, 8] });

  it('are accepted all only after a question', () => {
    const { actions } = show({ ...review, ...unseen });
    fireEvent.click(button('Accept all 7 and finish'));
    expect(actions.acceptAll).not.toHaveBeenCalled();
    screen.getByText(/3 of these 7 slices were never shown/);
    fireEvent.click(button('Cancel'));
    fireEvent.click(button('Accept all 7 and finish'));
    fireEvent.click(button('Accept and finish'));
    expect(actions.acceptAll).toHaveBeenCalledTimes(1);
  });

  it('are accepted in a range only after a question', () => {
    const { actions } = show({ ...review, ...unseen });
    fireEvent.change(screen.getByLabelText('First slice of the range'), { target: { value: '6' } });
    fireEvent.change(screen.getByLabelText('Last slice of the range'), { target: { value: '7' } });
    fireEvent.click(screen.getByText('Accept range'));
    expect(actions.accept).not.toHaveBeenCalled();
    screen.getByText(/None of these 2 slices was shown/);
    fireEvent.click(button('Accept unseen'));
    expect(actions.accept).toHaveBeenLastCalledWith({ from: 5, to: 6 });
  });
});

it.each([
  [4, 0, 'Accept'],
  [2, 0, 'Next slice that needs a look'],
  [3, 5, 'Next slice that needs a look'],
])('on slice %i with %i accepted, one button stands out: %s', (currentSlice, accepted, name) => {
  show({ ...review, ...withState({ accepted }), currentSlice });
  const primary = screen
    .getAllByRole('button')
    .filter(({ className }) => className.includes('fs-button-primary'));
  expect(primary).toEqual([button(name)]);
});

it.each([
  ['Enter', 'accept'],
  ['Delete', 'reject'],
  ['Backspace', 'reject'],
  ['Escape', 'leave'],
] as const)('%s: %s', (key, action) => {
  const { actions } = show();
  press(key);
  expect(actions[action]).toHaveBeenCalledTimes(1);
});

it('goes to the next slice by arrow, and hides the predictions by T', () => {
  const { actions } = show();
  press('ArrowRight');
  expect(actions.look).toHaveBeenLastCalledWith(1);
  press('ArrowLeft');
  expect(actions.look).toHaveBeenLastCalledWith(-1);
  press('t');
  expect(actions.changeReview).toHaveBeenLastCalledWith({ previewShown: false });
});

it('never accepts what is not seen: hidden predictions are shown first', () => {
  const { actions, change } = show();
  change(withState({ previewShown: false }));
  press('Enter');
  expect(actions.accept).not.toHaveBeenCalled();
  expect(actions.changeReview).toHaveBeenLastCalledWith({ previewShown: true });
  expect(button('Accept').getAttribute('aria-disabled')).toBe('true');
  expect(reasonOf(button('Accept'))).toContain('The predictions are hidden.');
});

it('on a slice without a prediction Enter goes to the next that needs a look', () => {
  const { actions } = show({ ...review, currentSlice: 2 });
  press('Enter');
  expect(actions.accept).not.toHaveBeenCalled();
  expect(actions.look).toHaveBeenCalledWith(1);
});

it('leaves keys to whom they belong', () => {
  const { actions } = show();
  const viewer = jest.fn();
  document.addEventListener('keydown', viewer);
  const field = document.body.appendChild(document.createElement('input'));
  press('Enter', field);
  press('Delete', field);
  press('Enter', document.body, { ctrlKey: true });
  press('Enter', document.body, { repeat: true });
  press('b');
  press('ArrowLeft', screen.getByRole('slider'));
  expect(actions.accept).not.toHaveBeenCalled();
  expect(actions.reject).not.toHaveBeenCalled();
  expect(actions.look).not.toHaveBeenCalled();
  expect(actions.goToSlice).toHaveBeenCalledWith(3);
  viewer.mockClear();
  press('b');
  expect(viewer).toHaveBeenCalledTimes(1);
  press('Enter');
  // Its own Enter must not run as well.
  expect(viewer).toHaveBeenCalledTimes(1);
  field.remove();
  document.removeEventListener('keydown', viewer);
});

it('hears no keys once the review is over', () => {
  const { actions, change } = show();
  change({ status: 'collecting', review: null });
  press('Enter');
  press('Escape');
  expect(actions.accept).not.toHaveBeenCalled();
  expect(actions.leave).not.toHaveBeenCalled();
});

it('takes a decision back', () => {
  const { actions } = show({ ...review, currentSlice: 3 });
  expect(screen.getByText('Slice 4: accepted')).toBeTruthy();
  fireEvent.click(button('Take back'));
  expect(actions.reopen).toHaveBeenCalledTimes(1);
});

it('leads to the button that writes once all is decided', () => {
  const { change } = show();
  change(withState({ toLookAt: [], accepted: 8 }));
  expect(document.activeElement).toBe(button('Finish: write 8 accepted slices'));
  expect(screen.queryByRole('button', { name: /^Accept all/ })).toBeNull();
});

it('says why a button is disabled, and does nothing then', () => {
  const { actions } = show({
    ...review,
    ...withState({
      accepted: 0,
      editObstacle: { message: 'Liver is locked.', remedy: 'Unlock it.' },
      refineObstacle: { message: 'There is nothing new.', remedy: 'Edit a slice.' },
    }),
  });
  fireEvent.click(button('Edit this slice'));
  fireEvent.click(button('Refine'));
  fireEvent.click(button('Finish'));
  expect(actions.editSlice).not.toHaveBeenCalled();
  expect(actions.refine).not.toHaveBeenCalled();
  expect(actions.finish).not.toHaveBeenCalled();
  expect(reasonOf(button('Edit this slice'))).toBe('Liver is locked. Unlock it.');
  expect(reasonOf(button('Refine'))).toBe('There is nothing new. Edit a slice.');
  expect(reasonOf(button('Finish'))).toBe(
    'No slice is accepted yet. Accept slices, or accept all.',
  );
});

it('corrects and refines', () => {
  const { actions } = show();
  fireEvent.click(button('Edit this slice'));
  expect(actions.editSlice).toHaveBeenCalledTimes(1);
  fireEvent.click(
    screen.getByRole('checkbox', { name: 'Learn from accepted slices too (1 slice)' }),
  );
  expect(actions.changeReview).toHaveBeenLastCalledWith({ useAccepted: true });
  fireEvent.click(button('Refine'));
  expect(actions.refine).toHaveBeenCalledTimes(1);
});

it('decides about one of several structures', () => {
  const { store, actions, change } = show();
  const [structure] = state.structures;
  change(
    withState({
      structures: [structure, { ...structure, segmentIndex: 2, label: 'Spleen' }],
    }),
  );
  expect(screen.getAllByRole('slider')).toHaveLength(2);
  fireEvent.click(screen.getByRole('radio', { name: 'Spleen' }));
  expect(actions.changeReview).toHaveBeenLastCalledWith({ decideOn: 2 });
  change({ review: { ...store.getSnapshot().review!, decideOn: 2 } });
  fireEvent.click(screen.getByRole('radio', { name: 'All' }));
  expect(actions.changeReview).toHaveBeenLastCalledWith({ decideOn: null });
});

it('while another series is shown nothing can be decided, and it says so', () => {
  const obstacle = { message: 'The viewport shows another series.', remedy: 'Show it again.' };
  const { actions } = show({
    ...review,
    currentSlice: null,
    ...withState({ obstacle, finishObstacle: obstacle }),
  });
  expect(screen.getByText('The viewport shows another series.')).toBeTruthy();
  fireEvent.click(button('Accept'));
  fireEvent.click(button(/^Finish/));
  expect(actions.accept).not.toHaveBeenCalled();
  expect(actions.finish).not.toHaveBeenCalled();
  press('Escape');
  expect(actions.leave).toHaveBeenCalledTimes(1);
});

it('says where an outline would help while slices are open, and no longer', () => {
  const hints: SessionSnapshot['hints'] = [{ sliceIndex: 5, reason: { kind: 'end' } }];
  const { change } = show({ ...review, hints });
  expect(screen.getByText('Another outline would help most on')).toBeTruthy();
  change(withState({ toLookAt: [] }));
  expect(screen.queryByText('Another outline would help most on')).toBeNull();
});
