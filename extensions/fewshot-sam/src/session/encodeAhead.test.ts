import type { Slice } from 'fewshot-sam';
import type { Continuation } from 'fewshot-sam';
import type { Series } from '../viewer/series';
import type { AheadJob } from '../worker/protocol';
import type { Collected, CollectedSegment } from './collect';
import { EncodeAhead, EncodeAheadChoice, nearest } from './encodeAhead';
import { SegmentationRecords } from './segmentationRecords';
import { INITIAL_SETTINGS, INITIAL_SNAPSHOT } from './snapshot';
import { SnapshotStore } from './snapshotStore';
import type { SessionSnapshot, Settings } from './state';

const SLICES = 9;
const CT: Settings = { ...INITIAL_SETTINGS, intensity: 'ct-soft-tissue', to: SLICES - 1 };
const labelmap = { segmentationId: 'one', segmentIndex: 1 } as CollectedSegment['labelmap'];

function collectedWith(inSet: number[]): Collected {
  const targets = Array.from({ length: SLICES }, (_, i) => i).filter(i => !inSet.includes(i));
  const segment = { active: true, locked: false, segmentIndex: 1, labelmap, inSet, targets };
  return {
    series: { imageIds: [], displaySetInstanceUID: 'a' } as unknown as Series,
    segmentation: null,
    segments: [segment as unknown as CollectedSegment],
    obstacle: null,
  };
}

/** A page in which nothing happens but what the test lets happen. */
function setUp(settings = CT, encode: () => Promise<void> = async () => undefined) {
  const store = new SnapshotStore<SessionSnapshot>({ ...INITIAL_SNAPSHOT, settings });
  const records = new SegmentationRecords();
  const jobs: AheadJob[] = [];
  const encoded: number[] = [];
  let input: () => void = () => undefined;
  const page = { mayCompute: true, loads: 0, view: { encoderSize: 512 } as Continuation };
  const ahead = new EncodeAhead(
    {
      loadSlice: async (_, index) => ({ index }) as Slice,
      readMask: () => Uint8Array.of(1),
      displayedRange: () => null,
    },
    {
      viewAhead: async job => {
        jobs.push(job);
        return page.view;
      },
      encodeAhead: async ({ index }) => {
        encoded.push(index);
        await encode();
      },
    },
    store,
    records,
    () => settings,
    async () => void page.loads++,
    {
      mayCompute: async () => page.mayCompute,
      whenIdle: work => setTimeout(work, 0),
      onInput: listener => {
        input = listener;
        return () => undefined;
      },
    },
  );
  return { ahead, store, records, jobs, encoded, page, input: () => input() };
}

const settle = (milliseconds = 500) => new Promise(resolve => setTimeout(resolve, milliseconds));

describe('EncodeAhead', () => {
  it('loads the model and encodes around the first outline, the nearest slices first', async () => {
    const { ahead, store, encoded, page } = setUp();
    ahead.follow(collectedWith([4]));
    await settle();
    expect(page.loads).toBeGreaterThan(0);
    expect(encoded).toEqual([4, 3, 5, 2, 6, 1, 7, 0, 8]);
    expect(store.get().encodedAhead).toBe(SLICES);
  });

  it('hands the run what it continues from', async () => {
    const { ahead, page, records } = setUp();
    ahead.follow(collectedWith([4]));
    await settle();
    expect(records.plane(labelmap, undefined).ahead).toBe(page.view);
  });

  it('goes on as before with another outline, and begins anew where the crop becomes another one', async () => {
    const { ahead, encoded, jobs, page } = setUp();
    const first = page.view;
    ahead.follow(collectedWith([4]));
    await settle();
    ahead.follow(collectedWith([4, 6]));
    await settle();
    expect(jobs.map(({ continues }) => continues)).toEqual([undefined, first]);
    expect(encoded.length).toBe(SLICES);
    page.view = { encoderSize: 1024 } as Continuation;
    ahead.follow(collectedWith([4, 6, 8]));
    await settle();
    expect(encoded.length).toBe(2 * SLICES);
  });

  it('reads all slices where percentiles are taken over them, and only once', async () => {
    const { ahead, jobs } = setUp({ ...CT, intensity: 'mr' });
    ahead.follow(collectedWith([4]));
    await settle();
    ahead.follow(collectedWith([4, 6]));
    await settle();
    expect(jobs.map(({ slices }) => slices.length)).toEqual([SLICES, 1]);
  });

  it('stops at any input, and goes on in the next pause', async () => {
    const setup = setUp(CT, async () => {
      if (setup.encoded.length === 2) setup.input();
    });
    setup.ahead.follow(collectedWith([4]));
    await settle(300);
    expect(setup.encoded).toEqual([4, 3]);
    await settle(900);
    expect(setup.encoded.length).toBe(SLICES);
  });

  it('does nothing during a run, on battery, without an outline, and when it is turned off', async () => {
    const running = setUp();
    running.store.update({ status: 'running' });
    const onBattery = setUp();
    onBattery.page.mayCompute = false;
    const off = setUp();
    off.store.update({ encodesAhead: false });
    const untouched = setUp();
    for (const { ahead } of [running, onBattery, off]) ahead.follow(collectedWith([4]));
    untouched.ahead.follow(collectedWith([]));
    await settle();
    for (const { encoded, page } of [running, onBattery, off, untouched]) {
      expect([encoded, page.loads]).toEqual([[], 0]);
    }
  });

  it('does not try again what failed', async () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation();
    const { ahead, encoded } = setUp(CT, async () => {
      throw new Error('the graphics card went away');
    });
    ahead.follow(collectedWith([4]));
    await settle();
    ahead.follow(collectedWith([4, 6]));
    await settle();
    expect(encoded).toEqual([4]);
    expect(warn).toHaveBeenCalledTimes(1);
    warn.mockRestore();
  });
});

describe('nearest', () => {
  const segment = { inSet: [50, 60], targets: Array.from({ length: 100 }, (_, i) => i) };

  it('goes no further beyond the outlines than 20 slices, and stays in the range', () => {
    const all = new Set<number>();
    for (;;) {
      const next = nearest(segment, { from: 40, to: 99 }, all);
      if (next === null) break;
      all.add(next);
    }
    expect([Math.min(...all), Math.max(...all)]).toEqual([40, 80]);
  });
});

describe('EncodeAheadChoice', () => {
  it('is what the user chose last, else what the site wants', () => {
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    };
    expect(new EncodeAheadChoice(storage, true).get()).toBe(true);
    expect(new EncodeAheadChoice(null, false).get()).toBe(false);
    new EncodeAheadChoice(storage, true).change(false);
    expect(new EncodeAheadChoice(storage, true).get()).toBe(false);
  });
});
