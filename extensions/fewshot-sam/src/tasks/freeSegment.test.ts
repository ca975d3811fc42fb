import type { Collected, CollectedSegment } from '../session/collect';
import type { Series } from '../viewer/series';
import { freeSegment } from './freeSegment';

const seriesOf = (displaySetInstanceUID: string) => ({ displaySetInstanceUID }) as Series;
const [ct, mr] = ['ct', 'mr'].map(seriesOf);
const coronal = {
  displaySetInstanceUID: 'ct/coronal',
  reslice: { source: ct },
} as unknown as Series;

/** A viewer whose series have one segmentation each; its segments by how many slices they are on. */
class FakeViewer {
  active: Series | null = ct;
  shown = [ct, mr];
  readonly segments: Record<string, number[]> = { ct: [3], mr: [0] };
  adds = true;

  activate = (series: Series) => {
    const found = this.shown.find(
      each =>
        each.displaySetInstanceUID === (series.reslice?.source ?? series).displaySetInstanceUID,
    );
    if (found) this.active = found;
    return found !== undefined;
  };
  addSegment = () => {
    if (this.adds && this.active) this.segments[this.active.displaySetInstanceUID].push(0);
  };
  removeMade = jest.fn();

  readonly session = {
    refresh: async () => undefined,
    collected: () => {
      const uid = this.active?.displaySetInstanceUID ?? '';
      const counts = this.segments[uid] ?? [];
      const segments = counts.map((count, i) => ({
        segmentIndex: i + 1,
        locked: false,
        active: i === counts.length - 1,
        slices: new Map(Array.from({ length: count }, (_, slice) => [slice, {}])),
        labelmap: { segmentationId: uid },
      })) as unknown as CollectedSegment[];
      return { series: this.active, segmentation: {}, segments } as unknown as Collected;
    },
  };
}

describe('freeSegment', () => {
  const { signal } = new AbortController();

  it('is the active one where that is empty, else a new one', async () => {
    const viewer = new FakeViewer();
    const { segment, made } = await freeSegment(ct, viewer, viewer.session, signal);
    expect(segment.segmentIndex).toBe(2);
    expect(made).toEqual({ segmentationId: 'ct', segmentIndex: 2, withSegmentation: false });
    expect(await freeSegment(coronal, viewer, viewer.session, signal)).toMatchObject({
      segment: { segmentIndex: 2 },
      made: null,
    });
  });

  it('is of the series that the task was applied to, whichever was looked at since', async () => {
    const viewer = new FakeViewer();
    viewer.active = mr;
    const { made } = await freeSegment(ct, viewer, viewer.session, signal);
    expect(made).toMatchObject({ segmentationId: 'ct' });
    expect(viewer.segments.mr).toEqual([0]);
  });

  it('says so when the series is no longer shown, and changes nothing', async () => {
    const viewer = new FakeViewer();
    viewer.active = mr;
    viewer.shown = [mr];
    await expect(freeSegment(ct, viewer, viewer.session, signal)).rejects.toMatchObject({
      message: expect.stringContaining('no longer shown'),
    });
    expect(viewer.segments).toEqual({ ct: [3], mr: [0] });
  });

  it('takes away what was made when it is cancelled while it waits', async () => {
    const viewer = new FakeViewer();
    viewer.adds = false;
    const controller = new AbortController();
    const waiting = freeSegment(ct, viewer, viewer.session, controller.signal);
    await new Promise(resolve => setTimeout(resolve, 50));
    viewer.segments.ct.push(0);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    expect(viewer.removeMade).toHaveBeenCalledWith({
      ...{ segmentationId: 'ct', segmentIndex: 2, withSegmentation: false },
    });
  });
});
