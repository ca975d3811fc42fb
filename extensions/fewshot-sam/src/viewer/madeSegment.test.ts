import { addSegment, removeMade } from './madeSegment';

type Service = Parameters<typeof removeMade>[0];

/** As OHIF's service: what is asked of it. */
function serviceWith(...indices: number[]) {
  const asked: unknown[][] = [];
  const segments = Object.fromEntries(indices.map(index => [index, { segmentIndex: index }]));
  const service = {
    getSegmentation: (id: string) => (id === 'id' ? { segments } : undefined),
    removeSegment: (...given: unknown[]) => asked.push(['removeSegment', ...given]),
    remove: (...given: unknown[]) => asked.push(['remove', ...given]),
  } as unknown as Service;
  return { service, asked };
}
const made = { segmentationId: 'id', segmentIndex: 2, withSegmentation: false };

describe('removeMade', () => {
  it('removes the segment, and nothing of it is to be undone', () => {
    const { service, asked } = serviceWith(1, 2);
    removeMade(service, made);
    expect(asked).toEqual([['removeSegment', 'id', 2, { skipRecordingHistory: true }]]);
  });

  it('removes the segmentation that was made for it, unless others use it', () => {
    const whole = { ...made, segmentIndex: 1, withSegmentation: true };
    const alone = serviceWith(1);
    removeMade(alone.service, whole);
    expect(alone.asked).toEqual([['remove', 'id']]);
    const used = serviceWith(1, 2);
    removeMade(used.service, whole);
    expect(used.asked).toEqual([['removeSegment', 'id', 1, { skipRecordingHistory: true }]]);
  });

  it('does nothing where it is gone already', () => {
    const { service, asked } = serviceWith(1);
    removeMade(service, made);
    removeMade(service, { ...made, segmentationId: 'other' });
    expect(asked).toEqual([]);
  });
});

/** As OHIF's service: segments by index. */
function serviceThatAdds(...indices: number[]) {
  const segments: Record<number, { segmentIndex: number }> = {};
  for (const segmentIndex of indices) segments[segmentIndex] = { segmentIndex };
  const added: number[] = [];
  const service = {
    addSegment: (_: string, { segmentIndex = Object.keys(segments).length + 1 } = {}) => {
      segments[segmentIndex] = { segmentIndex };
      added.push(segmentIndex);
    },
    getSegmentation: () => ({ segments }),
  } as unknown as Parameters<typeof addSegment>[0];
  return { service, segments, added };
}

describe('addSegment', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('adds once where the segment stays', () => {
    const { service, added } = serviceThatAdds(1);
    addSegment(service, 'id');
    jest.runAllTimers();
    expect(added).toEqual([2]);
  });

  it('leaves it away where it is removed on purpose', () => {
    const { service, segments, added } = serviceThatAdds(1);
    const stop = addSegment(service, 'id');
    delete segments[2];
    stop();
    jest.runAllTimers();
    expect(added).toEqual([2]);
  });

  it('adds the same one again where the viewer lost it', () => {
    const { service, segments, added } = serviceThatAdds(1);
    addSegment(service, 'id');
    delete segments[2];
    jest.runAllTimers();
    expect(added).toEqual([2, 2]);
    expect(Object.keys(segments)).toEqual(['1', '2']);
  });

  it('also where the viewer is slow to lose it', () => {
    const { service, segments, added } = serviceThatAdds(1);
    addSegment(service, 'id');
    jest.advanceTimersByTime(4000);
    delete segments[2];
    jest.runAllTimers();
    expect(added).toEqual([2, 2]);
  });
});
