import type { Obstacle, Thumbnail } from '../session/state';
import type { TaskFit } from './taskFit';
import type { TaskPlace } from './taskFiles';

/** A task as the panel lists it. */
export interface TaskSummary {
  id: string;
  name: string;
  /** E.g. 'CT'; empty when unknown. */
  modality: string;
  plane: string;
  /** Outlined slices, and the studies they come from; null if unknown. */
  slices: number;
  studies: number | null;
  /** Dice of left-out slices, 0..1; null if not measured. */
  leaveOneOut: number | null;
  savedAt: number;
  color: [number, number, number];
  /** Its shape; null if it was imported. */
  thumbnail: Thumbnail | null;
  /** Bytes of stored slices that it was learned from; 0 after an import, which brings none. */
  examplesBytes: number;
  /** Whether it fits the series shown; null while none is shown. */
  fit: TaskFit | null;
}

/** What it takes to save the active structure as a task, or to add it to one. */
export interface Learnable {
  /** Why it cannot be saved now; null if it can. */
  obstacle: Obstacle | null;
  /** Why it cannot be added to a task now; null if it can. One slice is enough. */
  obstacleToAdd: Obstacle | null;
  /** Suggested name. */
  name: string;
  /** Outlined slices, and those on which it is known not to be. */
  slices: number;
  absent: number;
  /** Seconds to learn. */
  seconds: number;
}

export interface TasksSnapshot {
  /** False until the library was read. */
  isLoaded: boolean;
  place: TaskPlace;
  tasks: TaskSummary[];
  learnable: Learnable;
  /** Seconds to learn a task again with the slices outlined here, by id. */
  secondsToAdd: Record<string, number>;
  isImporting: boolean;
  /** Outcome of the last action, until dismissed. */
  notice: (Obstacle & { kind: 'success' | 'failure' }) | null;
}

export interface TaskActions {
  /** Why a name cannot be used; null if it can. @param id task that may keep the name */
  nameObstacle(name: string, id?: string): Obstacle | null;
  save(name: string): void;
  apply(id: string): void;
  addSlices(id: string): void;
  rename(id: string, name: string): void;
  remove(id: string): void;
  exportFile(id: string): void;
  importFiles(files: readonly File[]): void;
  dismissNotice(): void;
}

/** Tasks as a store for React's useSyncExternalStore. */
export interface TaskStore {
  getSnapshot(): TasksSnapshot;
  subscribe(listener: () => void): () => void;
  actions: TaskActions;
}

const NO_STRUCTURE: Obstacle = {
  message: 'There is no structure yet.',
  remedy: 'Add a structure and outline it.',
};

export const INITIAL_TASKS: TasksSnapshot = {
  isLoaded: false,
  place: 'memory',
  tasks: [],
  learnable: {
    obstacle: NO_STRUCTURE,
    obstacleToAdd: NO_STRUCTURE,
    name: '',
    slices: 0,
    absent: 0,
    seconds: 0,
  },
  secondsToAdd: {},
  isImporting: false,
  notice: null,
};
