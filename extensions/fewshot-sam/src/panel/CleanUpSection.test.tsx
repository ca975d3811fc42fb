/** @jest-environment jsdom */
import { fireEvent, render, screen } from '@testing-library/react';
import type { CleanUpState } from '../session/state';
import { CleanUpSection } from './CleanUpSection';

function show(cleanUp: CleanUpState, currentSlice = 0) {
  const actions = {
    ...{ cleanUp: jest.fn(), applyCleanUp: jest.fn(), cancelCleanUp: jest.fn() },
    goToSlice: jest.fn(),
  };
  const { container } = render(
    <CleanUpSection snapshot={{ cleanUp, currentSlice }} obstacle={null} actions={actions} />,
  );
  container.querySelector('details')!.open = true;
  return actions;
}
const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }));
const preview: CleanUpState = {
  ...{ state: 'preview', kind: 'smooth', slices: [7, 3], added: 5, removed: 1 },
};

it('previews the clean-up that is pressed', () => {
  const actions = show({ state: 'idle' });
  press('Remove specks');
  expect(actions.cleanUp.mock.calls).toEqual([['specks']]);
});

it('says what a preview would change, walks through the slices, and applies or cancels', () => {
  const actions = show(preview, 7);
  const question = screen.getByRole('alertdialog', { name: 'Preview of the clean-up' });
  expect(question.textContent).toContain('Smooth: 2 slices change, 5 voxels added, 1 removed.');
  press('Show next');
  expect(actions.goToSlice.mock.calls).toEqual([[3]]);
  press('Apply');
  press('Cancel');
  expect(actions.applyCleanUp).toHaveBeenCalledTimes(1);
  expect(actions.cancelCleanUp).toHaveBeenCalledTimes(1);
});

it('counts one slice and one voxel as one', () => {
  show({ ...preview, kind: 'holes', slices: [7], added: 1, removed: 0 } as CleanUpState);
  expect(screen.getByRole('alertdialog').textContent).toContain(
    'Fill holes: 1 slice changes, 1 voxel added.',
  );
});

it('takes one at a time', () => {
  const actions = show({ state: 'computing', kind: 'holes' });
  press('Smooth');
  expect(actions.cleanUp).not.toHaveBeenCalled();
  expect(screen.getByRole('status').textContent).toBe('Fill holes: computing…');
});

it('says what was done', () => {
  show({ state: 'applied', kind: 'largest', slices: 1 });
  expect(screen.getByRole('status').textContent).toBe(
    'Largest piece: 1 slice changed. Ctrl+Z takes it back.',
  );
});
