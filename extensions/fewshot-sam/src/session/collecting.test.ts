import type { SegmentLabelmap } from '../viewer/labelmap';
import type { Viewer } from '../viewer/viewer';
import { Collecting } from './collecting';
import { SnapshotStore } from './snapshotStore';

/** Of a viewer that shows nothing. */
function collectingOf(): Collecting {
  const viewer = { subscribe: () => () => undefined } as unknown as Viewer;
  const archive = {} as ConstructorParameters<typeof Collecting>[2];
  const collecting = new Collecting(
    viewer,
    new SnapshotStore(),
    archive,
    () => new Map(),
    jest.fn(),
    jest.fn(),
  );
  collecting.dispose();
  return collecting;
}

describe('what a propagation wrote', () => {
  it.each([undefined, 'coronal' as const])('counts as drawn once it is taken over (%s)', plane => {
    const collecting = collectingOf();
    const cut = plane && { plane: { name: plane } };
    const labelmap = { segmentationId: 'one', segmentIndex: 1, cut } as SegmentLabelmap;
    const isPredicted = (slice: number, of = plane) =>
      collecting.predictedSlices('one', 1, of).has(slice);
    const digest = { count: 2, hash: 7 };
    collecting.notePredicted(
      labelmap,
      [3, 4],
      new Map([
        [3, digest],
        [4, digest],
      ]),
    );
    expect(isPredicted(3)).toBe(true);
    expect(isPredicted(3, 'sagittal' as never)).toBe(false);
    const back = collecting.forgetPredicted(labelmap, 3);
    expect([isPredicted(3), isPredicted(4)]).toEqual([false, true]);
    back();
    expect(isPredicted(3)).toBe(true);
  });
});
