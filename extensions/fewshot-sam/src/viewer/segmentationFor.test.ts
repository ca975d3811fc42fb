import type { Types } from '@cornerstonejs/tools';
import { segmentationFor } from './segmentationFor';

const named = (segmentationId: string) => ({ segmentationId }) as Types.Segmentation;

/** A viewer that names what it makes `new`, and shows one of another series while that is made. */
function viewerOf(shown: (string | null)[]) {
  const segments: Record<string, string[]> = { other: ['Spleen'] };
  let looks = 0;
  const viewer = {
    segmentation() {
      const id = shown[Math.min(looks++, shown.length - 1)];
      if (id) segments[id] ??= ['Segment 1'];
      return id ? named(id) : null;
    },
    segments: ({ segmentationId }: Types.Segmentation) =>
      segments[segmentationId].map((_, i) => ({ segmentIndex: i + 1 })),
    createSegmentation: jest.fn(),
  };
  const service = {
    addSegment: (id: string, config?: { label?: string }) =>
      void segments[id].push(config?.label ?? ''),
    setSegmentLabel: (id: string, index: number, label: string) =>
      void (segments[id][index - 1] = label),
  };
  return { viewer, service, segments };
}

describe('segmentationFor', () => {
  const isOfSeries = ({ segmentationId }: Types.Segmentation) => segmentationId !== 'other';

  it('makes one with a segment for each label', async () => {
    const { viewer, service, segments } = viewerOf([null, null, 'new']);
    const made = await segmentationFor(['Liver', 'Aorta'], null, isOfSeries, viewer, service);
    expect(made.segmentationId).toBe('new');
    expect(viewer.createSegmentation).toHaveBeenCalledTimes(1);
    expect(segments.new).toEqual(['Liver', 'Aorta']);
  });

  it('leaves that of another series alone, whose viewport the user turns to meanwhile', async () => {
    const { viewer, service, segments } = viewerOf([null, 'other', 'other', 'new']);
    await segmentationFor(['Liver'], null, isOfSeries, viewer, service);
    expect(segments).toEqual({ other: ['Spleen'], new: ['Liver'] });
  });
});
