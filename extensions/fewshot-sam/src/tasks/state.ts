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
  /** Labelled slices, and the studies they come from; null when unknown. */
  slices: number;
  studies: number | null;
  /** Dice of slices that were left out, 0..1; null when it was not measured. */
  leaveOneOut: number | null;
  savedAt: number;
  color: [number, number, number];
  /** Its shape; null when it came from a file. */
  thumbnail: Thumbnail | null;
  /** Bytes of what is here of the slices it was learned from; 0: nothing, as after an import. */
  examplesBytes: number;
  /** Whether it suits the series shown; null while none is shown. */
  fit: TaskFit | null;
}

/** What saving the active structure as a task, or adding it to one, takes. */
export interface Learnable {
  /** Why it cannot be saved now; null when it can. */
  obstacle: Obstacle | null;
  /** Why it cannot be added to a task now, for which one slice will do; null when it can. */
  obstacleToAdd: Obstacle | null;
  /** The name to begin with. */
  name: string;
  slices: number;
  /** Seconds, without and with measuring left-out slices; null where there are too few to measure. */
  seconds: number;
  secondsMeasured: number | null;
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
  /** What happened last, until dismissed. */
  notice: (Obstacle & { kind: 'success' | 'failure' }) | null;
}

export interface TaskActions {
  /** Why a name cannot be used; `id` of the task that has it now. */
  nameObstacle(name: string, id?: string): Obstacle | null;
  save(name: string, measures: boolean): void;
  apply(id: string): void;
  addSlices(id: string): void;
  rename(id: string, name: string): void;
  remove(id: string): void;
  exportFile(id: string): void;
  importFiles(files: readonly File[]): void;
  dismissNotice(): void;
}

/** How a component follows the tasks: the contract of React's useSyncExternalStore. */
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
    seconds: 0,
    secondsMeasured: null,
  },
  secondsToAdd: {},
  isImporting: false,
  notice: null,
};
