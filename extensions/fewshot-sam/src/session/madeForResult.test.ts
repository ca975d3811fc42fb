import type { MadeSegment } from '../viewer/madeSegment';
import { MadeForResult } from './madeForResult';

const made: MadeSegment = { segmentationId: 'id', segmentIndex: 2, withSegmentation: false };

/** @param used once the viewer has been looked at again */
function madeWith({ used }: { used: boolean }) {
  const removed: MadeSegment[] = [];
  let isLooked = false;
  const collecting = {
    refresh: async () => {
      isLooked = true;
    },
    isUnused: () => !isLooked || !used,
  };
  const segment = new MadeForResult({ removeMade: one => void removed.push(one) }, collecting);
  return { segment, removed };
}

describe('a segment that was added for a result', () => {
  it('goes with the result, once', async () => {
    const { segment, removed } = madeWith({ used: false });
    await segment.remove();
    segment.note(made);
    await segment.remove();
    await segment.remove();
    expect(removed).toEqual([made]);
  });

  it('stays when something was drawn in it, be it a moment ago', async () => {
    const { segment, removed } = madeWith({ used: true });
    segment.note(made);
    await segment.remove();
    expect(removed).toEqual([]);
  });
});
