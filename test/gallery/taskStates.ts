/** A plausible snapshot for every state of the tasks, and a library without a browser. */
import {
  silhouetteOf,
  thumbnailOfSilhouette,
} from '../../extensions/fewshot-sam/src/tasks/silhouette';
import {
  INITIAL_TASKS,
  type TaskActions,
  type TasksSnapshot,
  type TaskStore,
  type TaskSummary,
} from '../../extensions/fewshot-sam/src/tasks/state';
import type { SessionSnapshot } from '../../extensions/fewshot-sam/src/session/state';
import { appliedNote } from '../../extensions/fewshot-sam/src/tasks/applying';
import type { Review } from '../../extensions/fewshot-sam/src/session/review';
import { picture } from './pictures';
import { STATES } from './states';

/** A library that keeps what the panel asked for. */
export class GalleryTasks implements TaskStore {
  readonly asked: string[] = [];

  constructor(private readonly snapshot: TasksSnapshot) {}

  getSnapshot = (): TasksSnapshot => this.snapshot;
  subscribe = () => () => undefined;

  private note = (action: string) => (argument?: unknown) => {
    this.asked.push(argument === undefined ? action : `${action} ${String(argument)}`);
  };

  readonly actions: TaskActions = {
    nameObstacle: name =>
      name.trim() ? null : { message: 'The task has no name.', remedy: 'Name the structure.' },
    save: this.note('save'),
    apply: this.note('apply'),
    addSlices: this.note('addSlices'),
    rename: this.note('rename'),
    remove: this.note('remove'),
    exportFile: this.note('exportFile'),
    importFiles: this.note('importFiles'),
    dismissNotice: this.note('dismissNotice'),
  };
}

const brain: TaskSummary = {
  id: 'brain',
  name: 'Brain',
  modality: 'MR',
  plane: 'axial',
  slices: 5,
  studies: 2,
  leaveOneOut: 0.93,
  savedAt: Date.UTC(2026, 10, 25, 12),
  color: [221, 84, 84],
  thumbnail: thumbnailOfSilhouette(silhouetteOf(picture('brain', 9).thumbnail)),
  examplesBytes: 52_400_000,
  fit: { refusal: null, warnings: [] },
};
const vein: TaskSummary = {
  ...brain,
  id: 'vein',
  name: 'Inferior vena cava with hepatic veins, right and left',
  modality: 'CT',
  slices: 3,
  studies: 1,
  leaveOneOut: null,
  thumbnail: null,
  examplesBytes: 0,
  color: [94, 196, 102],
  fit: { refusal: null, warnings: ['It was learned on CT; this series is MR.'] },
};
const unfit: TaskSummary = {
  ...brain,
  id: 'unfit',
  name: 'Hippocampus',
  plane: 'coronal',
  fit: {
    refusal: {
      message:
        'The task was learned on coronal slices; this series has axial ones. The slices of this series are unevenly spaced.',
      remedy: 'Choose a series with coronal slices.',
    },
    warnings: [],
  },
};

const ready = STATES.ready.snapshot;
const some: TasksSnapshot = {
  ...INITIAL_TASKS,
  isLoaded: true,
  place: 'opfs',
  tasks: [brain, unfit, vein],
  learnable: {
    obstacle: null,
    obstacleToAdd: null,
    name: 'Brain',
    slices: 3,
    absent: 0,
    seconds: 107,
  },
  secondsToAdd: { brain: 130, vein: 130, unfit: 130 },
};
const one = { position: 1, count: 1, label: 'Brain' };
const running = (
  activity: 'learn' | 'apply',
  phase: 'encode' | 'fit' | 'propagate',
): SessionSnapshot => ({
  ...STATES.looking.snapshot,
  run: {
    method: 'context',
    activity,
    phase,
    done: 9,
    total: 19,
    etaSeconds: 41,
    structure: one,
  },
});

export const TASK_STATES: Record<
  string,
  { caption: string; snapshot: SessionSnapshot; review?: Review; tasks: TasksSnapshot }
> = {
  'tasks-none': {
    caption: 'No tasks yet',
    snapshot: STATES['no-structure'].snapshot,
    tasks: { ...INITIAL_TASKS, isLoaded: true, place: 'opfs' },
  },
  'tasks-some': { caption: 'Tasks', snapshot: ready, tasks: some },
  'tasks-elsewhere': {
    caption: 'Another study: nothing drawn, tasks to apply',
    snapshot: STATES['no-structure'].snapshot,
    tasks: { ...some, learnable: INITIAL_TASKS.learnable },
  },
  'tasks-saved': {
    caption: 'Task saved, browser that keeps nothing',
    snapshot: ready,
    tasks: {
      ...some,
      place: 'memory',
      tasks: [brain],
      notice: {
        kind: 'success',
        message: 'Saved “Brain”.',
        remedy: 'Open another study and press Apply to find it there.',
      },
    },
  },
  'tasks-refused': {
    caption: 'A file that is no task',
    snapshot: ready,
    tasks: {
      ...some,
      tasks: [brain],
      notice: {
        kind: 'failure',
        message: '“liver.task”: The task file cannot be used: its header is cut off.',
        remedy: 'Use a .task file as exported, or learn the task again.',
      },
    },
  },
  'task-learning': { caption: 'Learning a task', snapshot: running('learn', 'fit'), tasks: some },
  'task-applying': {
    caption: 'Applying a task',
    snapshot: running('apply', 'propagate'),
    tasks: some,
  },
  'task-review': {
    caption: 'Review of an applied task',
    snapshot: {
      ...STATES['review-unknown'].snapshot,
      review: { ...STATES['review-unknown'].snapshot.review!, note: appliedNote({}) },
    },
    review: STATES['review-unknown'].review,
    tasks: some,
  },
};
