/** @jest-environment jsdom */
import { act, fireEvent, render, screen, within } from '@testing-library/react';
import {
  INITIAL_TASKS,
  type TasksSnapshot,
  type TaskStore,
  type TaskSummary,
} from '../tasks/state';
import { TasksSection } from './TasksSection';

const liver: TaskSummary = {
  id: 'liver',
  name: 'Liver',
  modality: 'CT',
  plane: 'axial',
  slices: 5,
  studies: 2,
  leaveOneOut: 0.91,
  savedAt: Date.UTC(2026, 0, 5, 12),
  color: [221, 84, 84],
  thumbnail: null,
  examplesBytes: 50e6,
  fit: { refusal: null, warnings: [] },
};
const ready: TasksSnapshot = {
  ...INITIAL_TASKS,
  isLoaded: true,
  place: 'opfs',
  tasks: [liver],
  learnable: {
    obstacle: null,
    obstacleToAdd: null,
    name: 'Spleen',
    slices: 3,
    absent: 0,
    seconds: 107,
  },
  secondsToAdd: { liver: 130 },
};

function shown(change: Partial<TasksSnapshot> = {}) {
  let snapshot = { ...ready, ...change };
  const listeners = new Set<() => void>();
  const actions = {
    nameObstacle: jest.fn((name: string) =>
      name === 'Doe' ? { message: 'A patient.', remedy: 'Name the structure.' } : null,
    ),
    save: jest.fn(),
    apply: jest.fn(),
    addSlices: jest.fn(),
    rename: jest.fn(),
    remove: jest.fn(),
    exportFile: jest.fn(),
    importFiles: jest.fn(),
    dismissNotice: jest.fn(),
  };
  const store: TaskStore = {
    getSnapshot: () => snapshot,
    subscribe: listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    actions,
  };
  render(<TasksSection store={store} />);
  const become = (next: Partial<TasksSnapshot>) =>
    act(() => {
      snapshot = { ...snapshot, ...next };
      listeners.forEach(listener => listener());
    });
  return { actions, become };
}

// jsdom draws nothing.
beforeAll(() => {
  HTMLCanvasElement.prototype.getContext = () => null;
});

const button = (name: string | RegExp) => screen.getByRole('button', { name });
const item = (name: RegExp) => screen.getByRole('menuitem', { name });

describe('the list', () => {
  it('says in a sentence what tasks are for while there are none', () => {
    shown({ tasks: [] });
    expect(screen.getByText(/^Save an outlined structure as a task/)).toBeTruthy();
    expect(screen.queryByRole('list')).toBeNull();
  });

  it('says what each task is, and applies it', () => {
    const { actions } = shown();
    const row = within(screen.getByRole('listitem'));
    expect(row.getByText('CT · axial · 5 slices of 2 studies')).toBeTruthy();
    expect(row.getByText('Dice 0.91 on left-out slices')).toBeTruthy();
    expect(row.getByText(/2026/)).toBeTruthy();
    fireEvent.click(button('Apply Liver'));
    expect(actions.apply).toHaveBeenCalledWith('liver');
  });

  it('warns where task and series differ, and applies it only when asked again', () => {
    const fit = { refusal: null, warnings: ['It was learned on CT; this series is MR.'] };
    const { actions } = shown({ tasks: [{ ...liver, fit }] });
    fireEvent.click(button('Apply Liver'));
    expect(actions.apply).not.toHaveBeenCalled();
    expect(screen.getByText(/learned on CT; this series is MR/)).toBeTruthy();
    fireEvent.click(button('Apply anyway'));
    expect(actions.apply).toHaveBeenCalledWith('liver');
  });

  it('says why a task cannot be applied', () => {
    const fit = { refusal: { message: 'Uneven.', remedy: 'Choose another.' }, warnings: [] };
    const { actions } = shown({ tasks: [{ ...liver, fit }] });
    const apply = button('Apply Liver');
    expect(apply.getAttribute('aria-disabled')).toBe('true');
    expect(document.getElementById(apply.getAttribute('aria-describedby')!)?.textContent).toBe(
      'Uneven. Choose another.',
    );
    fireEvent.click(apply);
    expect(actions.apply).not.toHaveBeenCalled();
  });

  it('says where nothing is kept', () => {
    shown({ place: 'memory' });
    expect(screen.getByText(/lost when the page is closed/)).toBeTruthy();
  });
});

describe('the menu of a task', () => {
  it('is walked by arrow keys and closed by Escape', () => {
    shown();
    fireEvent.click(button('More for Liver'));
    expect(document.activeElement).toBe(item(/^Add the slices/));
    fireEvent.keyDown(document.activeElement!, { key: 'ArrowDown' });
    expect(document.activeElement).toBe(item(/^Rename/));
    fireEvent.keyDown(document.activeElement!, { key: 'End' });
    expect(document.activeElement).toBe(item(/^Delete.*Frees 50 MB/));
    fireEvent.keyDown(document.activeElement!, { key: 'Escape' });
    expect(screen.queryByRole('menu')).toBeNull();
    expect(document.activeElement).toBe(button('More for Liver'));
  });

  it('adds slices, and says how long that takes or why it cannot be', () => {
    const { actions, become } = shown();
    fireEvent.click(button('More for Liver'));
    expect(item(/3 slices; learning again takes about 2 min/)).toBeTruthy();
    become({ tasks: [{ ...liver, examplesBytes: 0 }] });
    expect(
      item(/learning on takes .* The imported file has none of the earlier slices/),
    ).toBeTruthy();
    const obstacle = { message: 'Nothing is outlined for Liver.', remedy: 'Outline it.' };
    become({ learnable: { ...ready.learnable, obstacle, obstacleToAdd: obstacle } });
    fireEvent.click(item(/^Add the slices.*Nothing is outlined/));
    expect(actions.addSlices).not.toHaveBeenCalled();
    // One slice is too few for a task of its own, not for one that knows others.
    become({ learnable: { ...ready.learnable, obstacle, slices: 1 } });
    fireEvent.click(item(/^Add the slices.*1 slice;/));
    expect(actions.addSlices).toHaveBeenCalledWith('liver');
  });

  it('renames, exports, and deletes when asked again', () => {
    const { actions } = shown();
    const choose = (name: RegExp) => {
      fireEvent.click(button('More for Liver'));
      fireEvent.click(item(name));
    };
    choose(/^Rename/);
    fireEvent.change(screen.getByLabelText('New name'), { target: { value: 'Liver, venous' } });
    fireEvent.click(button('Rename'));
    expect(actions.rename).toHaveBeenCalledWith('liver', 'Liver, venous');
    choose(/^Export/);
    expect(actions.exportFile).toHaveBeenCalledWith('liver');
    choose(/^Delete/);
    expect(actions.remove).not.toHaveBeenCalled();
    fireEvent.click(button('Keep it'));
    choose(/^Delete/);
    fireEvent.click(button('Delete'));
    expect(actions.remove).toHaveBeenCalledWith('liver');
  });
});

describe('saving', () => {
  it('asks for a name and says beforehand how long it takes', () => {
    const { actions } = shown();
    fireEvent.click(button('Save as task'));
    const name = screen.getByLabelText('Name of the task') as HTMLInputElement;
    expect(name.value).toBe('Spleen');
    expect(screen.getByText('about 2 min')).toBeTruthy();
    expect(screen.getByText(/“Not on this slice”/)).toBeTruthy();
    fireEvent.change(name, { target: { value: 'Doe' } });
    fireEvent.click(button('Learn and save'));
    expect(screen.getByText('A patient. Name the structure.')).toBeTruthy();
    expect(actions.save).not.toHaveBeenCalled();
    fireEvent.change(name, { target: { value: 'Spleen' } });
    fireEvent.click(button('Learn and save'));
    expect(actions.save).toHaveBeenCalledWith('Spleen');
  });

  it('counts the slices on which the structure is not', () => {
    shown({ learnable: { ...ready.learnable, absent: 4 } });
    fireEvent.click(button('Save as task'));
    expect(screen.getByText(/Learning 3 slices and 4 without it takes/)).toBeTruthy();
    expect(screen.queryByText(/“Not on this slice”/)).toBeNull();
  });

  it('says why there is nothing to save', () => {
    const obstacle = { message: 'Nothing is outlined.', remedy: 'Outline it.' };
    shown({ learnable: { ...ready.learnable, obstacle } });
    const save = button('Save as task');
    expect(save.getAttribute('aria-disabled')).toBe('true');
    fireEvent.click(save);
    expect(screen.queryByLabelText('Name of the task')).toBeNull();
  });
});

it('takes files that are dropped on it', () => {
  const { actions } = shown();
  const file = new File(['x'], 'liver.task');
  const dataTransfer = { types: ['Files'], files: [file] };
  const list = screen.getByRole('list');
  fireEvent.dragOver(list, { dataTransfer });
  fireEvent.drop(list, { dataTransfer });
  expect(actions.importFiles).toHaveBeenCalledWith([file]);
});
