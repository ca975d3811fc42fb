import { headLearningWork, learningWork } from 'fewshot-sam';
import { learningSeconds, measuredSpeeds } from './learningTime';

const speeds = { encode: 2, step: 0.5 };

describe('time that learning takes', () => {
  it('grows with slices, their copies and updates', () => {
    const work = learningWork({ slices: 3 });
    expect(work).toEqual({ encodings: 15, steps: 480 });
    expect(learningSeconds(work, speeds)).toBe(270);
  });

  it('does not encode again what was learned before', () => {
    expect(learningWork({ slices: 2, earlier: 3 }).encodings).toBe(10);
  });

  it('is longer for a task that was learned at 1024 pixels', () => {
    const settings = { slices: 1, earlier: 4, continues: true };
    expect(learningWork({ ...settings, encoderSize: 1024 })).toEqual({
      encodings: 20,
      steps: 4 * 24 * 4,
    });
    expect(learningWork(settings)).toEqual({ encodings: 5, steps: 48 * 4 });
  });

  it('counts what heads learn: changed copies of outlined slices, and slices without the structure', () => {
    expect(headLearningWork({ outlined: 3, absent: 2 })).toEqual({
      encodings: 2 + 3 * 7,
      steps: 3 * 100 * 8,
    });
    // Many outlines need fewer copies; heads are five at most.
    expect(headLearningWork({ outlined: 10, earlier: 10 })).toEqual({
      encodings: 10 * 4,
      steps: 5 * 100 * 8,
    });
    expect(headLearningWork({ outlined: 1, earlier: 9, continues: true })).toEqual({
      encodings: 7,
      steps: 5 * 24 * 8,
    });
  });

  it('is measured, except for what the cache held', () => {
    const work = { encodings: 10, steps: 100 };
    expect(measuredSpeeds(work, { encode: 30, fit: 20 }, speeds)).toEqual({ encode: 3, step: 0.2 });
    expect(measuredSpeeds(work, { encode: 0.1, fit: 20 }, speeds).encode).toBe(2);
  });
});
