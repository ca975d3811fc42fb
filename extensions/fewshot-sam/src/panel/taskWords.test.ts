import type { TaskSummary } from '../tasks/state';
import {
  aboutWords,
  factWords,
  runWords,
  scoreWords,
  sizeWords,
  tasksComeFirst,
} from './taskWords';

const task = { modality: 'CT', plane: 'axial', slices: 5, studies: 2 } as TaskSummary;
const structure = { position: 1, count: 1, label: 'Liver' };

it('says what a task is', () => {
  expect(factWords(task)).toBe('CT · axial · 5 slices of 2 studies');
  expect(factWords({ ...task, modality: '', slices: 1, studies: 1 })).toBe('axial · 1 slice');
  expect(scoreWords(0.914)).toBe('Dice 0.91 on left-out slices');
  expect(scoreWords(1)).toBe('Dice 0.99 on left-out slices');
  expect(scoreWords(null)).toBe('accuracy not measured');
});

it('says what a run does', () => {
  expect(runWords({ structure })).toBe('Propagating Liver');
  expect(runWords({ activity: 'learn', structure })).toBe('Learning Liver');
  expect(runWords({ activity: 'apply', structure })).toBe('Looking for Liver');
});

it('says times and sizes no more precisely than they are known', () => {
  expect([3, 41, 56, 200].map(aboutWords)).toEqual([
    'about 10 s',
    'about 50 s',
    'about 1 min',
    'about 3 min',
  ]);
  expect([10, 52_300_000].map(sizeWords)).toEqual(['1 MB', '52 MB']);
});

it('puts tasks first where one can be applied and nothing is outlined', () => {
  const fits = { fit: { refusal: null, warnings: [] } };
  const refused = { fit: { refusal: { message: 'Other plane.', remedy: 'Turn.' }, warnings: [] } };
  expect(tasksComeFirst([refused, fits], false)).toBe(true);
  expect(tasksComeFirst([fits], true)).toBe(false);
  expect(tasksComeFirst([refused, { fit: null }], false)).toBe(false);
});
