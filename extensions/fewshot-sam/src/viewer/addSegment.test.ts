import { addSegment } from './addSegment';

type Service = Parameters<typeof addSegment>[0];

/** As OHIF's service: segments by index. */
function serviceWith(...indices: number[]) {
  const segments: Record<number, { segmentIndex: number }> = {};
  for (const segmentIndex of indices) segments[segmentIndex] = { segmentIndex };
  const added: number[] = [];
  const service = {
    addSegment: (_: string, { segmentIndex = Object.keys(segments).length + 1 } = {}) => {
      segments[segmentIndex] = { segmentIndex };
      added.push(segmentIndex);
    },
    getSegmentation: () => ({ segments }),
  } as unknown as Service;
  return { service, segments, added };
}

describe('addSegment', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('adds once where the segment stays', () => {
    const { service, added } = serviceWith(1);
    addSegment(service, 'id');
    jest.runAllTimers();
    expect(added).toEqual([2]);
  });

  it('leaves it away where it is removed on purpose', () => {
    const { service, segments, added } = serviceWith(1);
    const stop = addSegment(service, 'id');
    delete segments[2];
    stop();
    jest.runAllTimers();
    expect(added).toEqual([2]);
  });

  it('adds the same one again where the viewer lost it', () => {
    const { service, segments, added } = serviceWith(1);
    addSegment(service, 'id');
    delete segments[2];
    jest.runAllTimers();
    expect(added).toEqual([2, 2]);
    expect(Object.keys(segments)).toEqual(['1', '2']);
  });

  it('also where the viewer is slow to lose it', () => {
    const { service, segments, added } = serviceWith(1);
    addSegment(service, 'id');
    jest.advanceTimersByTime(4000);
    delete segments[2];
    jest.runAllTimers();
    expect(added).toEqual([2, 2]);
  });
});
