/** @jest-environment jsdom */
import { fireEvent, render, screen } from '@testing-library/react';
import type { OutlineWarning } from '../session/state';
import { FewshotPanel } from './FewshotPanel';
import { ready, storeOf } from './testStore';

// jsdom draws nothing; what the canvas shows is looked at in a browser.
beforeAll(() => {
  HTMLCanvasElement.prototype.getContext = () => null;
});

const holes: OutlineWarning = {
  ...{ segmentIndex: 1, label: 'Liver', kind: 'holes', locked: false, isRing: false },
  slices: [
    { sliceIndex: 2, count: 1, pixels: 38, areaMm2: 33.9 },
    { sliceIndex: 7, count: 3, pixels: 3, areaMm2: 2.64 },
  ],
};

function show(...outlineWarnings: OutlineWarning[]) {
  const made = storeOf({ ...ready, outlineWarnings });
  render(<FewshotPanel store={made.store} />);
  return made;
}

const notice = (name: string | RegExp) => screen.getByRole('region', { name });
const press = (name: string | RegExp) => fireEvent.click(screen.getByRole('button', { name }));

it('says on which slices the holes are, and shows a slice at a click', () => {
  const { actions } = show(holes);
  const { textContent } = notice('Outlines of Liver have holes.');
  expect(textContent).toContain('Slice 3: 1 hole, 34 mm²');
  expect(textContent).toContain('Slice 8: 3 holes, 2.6 mm² in total');
  press('Slice 8');
  expect(actions.goToSlice).toHaveBeenCalledWith(7);
});

it('changes nothing before a button is pressed', () => {
  const { actions } = show(holes);
  expect(actions.fixOutlines).not.toHaveBeenCalled();
  press('Fill holes');
  expect(actions.fixOutlines).toHaveBeenCalledWith(1, 'holes');
  press('They belong there');
  expect(actions.keepOutlines).toHaveBeenCalledWith(1, 'holes');
});

it('does not keep anybody from propagating', () => {
  const { actions } = show(holes);
  press(/^Few-shot propagate/);
  expect(actions.propagate).toHaveBeenCalled();
});

it('asks of a ring whether it is one', () => {
  show({ ...holes, isRing: true });
  expect(notice('Every outline of Liver has a large hole.').textContent).toContain(
    'If it is a ring',
  );
});

it('removes specks', () => {
  const { actions } = show({ ...holes, kind: 'specks', slices: [holes.slices[0]] });
  notice('An outline of Liver has specks beside the structure.');
  press('Remove specks');
  expect(actions.fixOutlines).toHaveBeenCalledWith(1, 'specks');
});

it('does not change a locked segment, and says why', () => {
  const { actions } = show({ ...holes, locked: true });
  press('Fill holes');
  expect(actions.fixOutlines).not.toHaveBeenCalled();
  expect(screen.getByRole('button', { name: 'Fill holes' }).title).toContain('Liver is locked.');
});

it('names other segments with holes, and selects one at a click', () => {
  const { actions } = show({ ...holes, segmentIndex: 2, label: 'Spleen' });
  expect(screen.queryByRole('button', { name: 'Fill holes' })).toBeNull();
  screen.getByText(/^Holes or specks in the outlines of/);
  fireEvent.click(screen.getByTitle('Selects Spleen and shows what was found'));
  expect(actions.selectSegment).toHaveBeenCalledWith(2);
});
