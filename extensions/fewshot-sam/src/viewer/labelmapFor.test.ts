import type { ExtensionContext } from '../host/ohif';
import { labelmapFor } from './labelmapFor';
import type { Series } from './series';

const series = { displaySetInstanceUID: 'ct' } as Series;
const liver = { label: 'Liver', color: [1, 2, 3] as [number, number, number] };
const aorta = { label: 'Aorta', color: [4, 5, 6] as [number, number, number] };

/** A viewer with two viewports. @param shown display set in each of them */
function viewerWith(shown: [string, string]) {
  const segmentations = new Map<string, Record<number, { label: string }>>();
  const colors: unknown[] = [];
  let activeViewport = 'left';
  const activated: string[] = [];
  const service = {
    EVENTS: {},
    subscribe: () => ({ unsubscribe: () => undefined }),
    getSegmentation: (id: string) => {
      const segments = segmentations.get(id);
      return segments && { segmentationId: id, segments };
    },
    setActiveSegmentation: (viewportId: string, id: string) =>
      void activated.push(`${id} in ${viewportId}`),
    setActiveSegment: () => undefined,
    addSegment: (id: string) => {
      const segments = segmentations.get(id)!;
      segments[Math.max(0, ...Object.keys(segments).map(Number)) + 1] = { label: '' };
    },
    setSegmentLabel: (id: string, index: number, label: string) =>
      void (segmentations.get(id)![index].label = label),
    setSegmentColor: (...color: unknown[]) => void colors.push(color),
    remove: (id: string) => void segmentations.delete(id),
  };
  const runCommand = jest.fn(
    async (_: string, { options }: { options: { segmentationId: string } }) => {
      segmentations.set(options.segmentationId, { 1: { label: 'Segment 1' } });
    },
  );
  const viewports = new Map(
    ['left', 'right'].map((id, i) => [id, { displaySetInstanceUIDs: [shown[i]] }]),
  );
  const context = {
    commandsManager: { runCommand },
    servicesManager: {
      services: {
        segmentationService: service,
        panelService: { activatePanel: () => undefined },
        viewportGridService: {
          getActiveViewportId: () => activeViewport,
          setActiveViewportId: (id: string) => void (activeViewport = id),
          getState: () => ({ viewports }),
        },
      },
    },
  } as unknown as ExtensionContext;
  return { context, segmentations, colors, activated, runCommand, service };
}

beforeEach(() => jest.useFakeTimers({ doNotFake: ['performance'] }));
afterEach(() => jest.useRealTimers());

describe('labelmapFor', () => {
  it('makes a named one where the series is shown, with a segment for each structure', async () => {
    const { context, segmentations, activated, runCommand } = viewerWith(['mr', 'ct']);
    const wanted = { name: 'Organs', segments: [liver, aorta] };
    const made = await labelmapFor(context, wanted, series, 'new', () => true);
    expect(made).toMatchObject({ segmentIndices: [1, 2], isNew: true });
    expect(segmentations.get('new')).toEqual({ 1: { label: 'Liver' }, 2: { label: 'Aorta' } });
    expect(activated).toEqual(['new in right']);
    expect(runCommand.mock.calls[0][1]).toMatchObject({
      viewportId: 'right',
      options: { displaySetInstanceUID: 'ct', label: 'Organs', segmentationId: 'new' },
    });
  });

  it('uses one that is there, and adds what it lacks', async () => {
    const { context, segmentations, runCommand } = viewerWith(['ct', 'mr']);
    segmentations.set('old', { 3: { label: 'Leber' } });
    const segments = [{ ...liver, segmentIndex: 3 }, aorta];
    const wanted = { name: 'Organs', segmentationId: 'old', segments };
    const made = await labelmapFor(context, wanted, series, 'new', () => true);
    expect(made).toMatchObject({ segmentIndices: [3, 4], isNew: false });
    // The user's own name stays.
    expect(segmentations.get('old')).toEqual({ 3: { label: 'Leber' }, 4: { label: 'Aorta' } });
    expect(runCommand).not.toHaveBeenCalled();
  });

  it('makes another one when that was removed', async () => {
    const { context } = viewerWith(['ct', 'mr']);
    const segments = [{ ...liver, segmentIndex: 3 }];
    const wanted = { name: 'Organs', segmentationId: 'gone', segments };
    const made = await labelmapFor(context, wanted, series, 'new', () => true);
    expect(made).toMatchObject({ segmentIndices: [1], isNew: true });
  });

  it('refuses where the series is no longer shown, and leaves nothing after a failure', async () => {
    const wanted = { name: 'Organs', segments: [liver] };
    const elsewhere = viewerWith(['mr', 'mr']).context;
    await expect(labelmapFor(elsewhere, wanted, series, 'new', () => true)).rejects.toThrow(
      'The series that was outlined is no longer shown.',
    );
    const { context, segmentations, service } = viewerWith(['ct', 'mr']);
    service.setSegmentColor = () => {
      throw new Error('No representation.');
    };
    await expect(labelmapFor(context, wanted, series, 'new', () => true)).rejects.toThrow();
    expect(segmentations.size).toBe(0);
  });
});
