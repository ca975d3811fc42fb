import { phaseReporter, type Progress } from './progress';

/** Reports `done` at each of some times, in seconds after the start. @returns the seconds left, each time */
function secondsLeft(total: number, reports: [done: number, seconds: number][]): (number | null)[] {
  let seconds = 0;
  const left: (number | null)[] = [];
  const onProgress = ({ etaSeconds }: Progress) => left.push(etaSeconds && Math.round(etaSeconds));
  const report = phaseReporter('propagate', total, onProgress, () => 1000 * seconds);
  for (const [done, at] of reports) {
    seconds = at;
    report(done);
  }
  return left;
}

describe('the time left', () => {
  it('is the mean time per unit times what is left', () => {
    const reports: [number, number][] = [
      [0, 0],
      [1, 4],
      [3, 12],
      [10, 20],
    ];
    expect(secondsLeft(10, reports)).toEqual([null, 36, 28, 0]);
  });

  it('stays sane when the computer slept for a night', () => {
    const reports: [number, number][] = [
      [1, 4],
      [2, 8],
      [3, 8 * 3600],
      [4, 8 * 3600 + 4],
    ];
    expect(secondsLeft(10, reports)).toEqual([36, 32, 28, 24]);
  });

  it('is not known after a first step during which it may have slept', () => {
    const reports: [number, number][] = [
      [1, 8 * 3600],
      [2, 8 * 3600 + 4],
    ];
    expect(secondsLeft(10, reports)).toEqual([null, 32]);
  });

  it('believes a machine that is slow', () => {
    const reports: [number, number][] = [
      [1, 70],
      [2, 150],
      [3, 220],
    ];
    expect(secondsLeft(4, reports)).toEqual([null, 150, 73]);
  });

  it('is never negative when the clock was set back', () => {
    const reports: [number, number][] = [
      [1, 4],
      [2, -3600],
      [3, -3596],
    ];
    const left = secondsLeft(10, reports);
    expect(left).toEqual([36, 16, 19]);
  });
});
