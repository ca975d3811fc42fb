import type { TaskMetadata } from 'fewshot-sam';
import { taskFit, type StudyFacts } from './taskFit';

const task: TaskMetadata = {
  version: 1,
  name: 'Liver',
  modality: 'CT',
  model: { id: 'mobile-sam', sha256: 'abc' },
  method: 'paper',
  axis: 'axial',
  window: { kind: 'clip', low: -160, high: 240 },
  spacingMm: [0.8, 0.8],
  fieldOfViewMm: 300,
  offsetMm: [0, 0],
  shots: 3,
  iterations: 60,
  seed: 0,
  leaveOneOut: null,
};
const study: StudyFacts = {
  modality: 'CT',
  plane: 'axial',
  resliceObstacle: null,
  spacingMm: [0.7, 0.7],
  extentMm: 360,
};

describe('task and study', () => {
  it('go together', () => {
    expect(taskFit(task, study)).toEqual({ refusal: null, warnings: [] });
  });

  it.each<[string, Partial<StudyFacts>, string]>([
    ['modality', { modality: 'MR' }, 'It was learned on CT; this series is MR.'],
    [
      'plane',
      { plane: 'coronal' },
      'It was learned on axial slices; this series has coronal ones and will be resliced.',
    ],
    [
      'pixel spacing',
      { spacingMm: [7, 0.7] },
      'It was learned on pixels 0.8 mm wide; here they are 7 mm.',
    ],
    [
      'field of view',
      { extentMm: 180 },
      'Its field of view is 300 mm; this series shows only 180 mm.',
    ],
  ])('differ in %s: it can be tried', (_, change, warning) => {
    expect(taskFit(task, { ...study, ...change })).toEqual({ refusal: null, warnings: [warning] });
  });

  it('do not match if the study cannot be resliced to the plane of the task', () => {
    const resliceObstacle = { message: 'The slices are unevenly spaced.', remedy: 'Stay.' };
    const { refusal } = taskFit(task, { ...study, plane: 'coronal', resliceObstacle });
    expect(refusal?.message).toBe(
      'The task was learned on axial slices; this series has coronal ones. The slices are unevenly spaced.',
    );
    expect(taskFit(task, { ...study, resliceObstacle }).refusal).toBeNull();
  });

  it('of the command line, without a modality, is told by its window', () => {
    const unknown = { ...task, modality: undefined };
    expect(taskFit(unknown, { ...study, modality: 'MR' }).warnings).toHaveLength(1);
    const percentiles = { kind: 'percentile', low: 0.5, high: 99.5 } as const;
    expect(taskFit({ ...unknown, window: percentiles }, study).warnings).toEqual([]);
  });
});
