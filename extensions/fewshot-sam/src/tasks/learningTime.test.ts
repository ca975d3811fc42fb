import { learningWork } from 'fewshot-sam';
import { learningSeconds, measuredSpeeds } from './learningTime';

const speeds = { encode: 2, step: 0.5 };

describe('time that learning takes', () => {
  it('grows with slices, their copies and updates', () => {
    const work = learningWork({ slices: 3, earlier: 0, outlined: 3 });
    expect(work).toEqual({ encodings: 15, steps: 240 });
    expect(learningSeconds(work, speeds)).toBe(150);
  });

  it('counts a training more for each slice that is left out', () => {
    const work = learningWork({ slices: 3, earlier: 0, outlined: 3, measures: true });
    expect(work.steps).toBe(4 * 240);
    expect(learningWork({ slices: 2, earlier: 0, outlined: 2, measures: true }).steps).toBe(240);
  });

  it('does not encode again what was learned before', () => {
    expect(learningWork({ slices: 2, earlier: 3, outlined: 5 }).encodings).toBe(10);
  });

  it('is measured, except for what the cache held', () => {
    const work = { encodings: 10, steps: 100 };
    expect(measuredSpeeds(work, { encode: 30, fit: 20 }, speeds)).toEqual({ encode: 3, step: 0.2 });
    expect(measuredSpeeds(work, { encode: 0.1, fit: 20 }, speeds).encode).toBe(2);
  });
});
