import type { Series } from '../viewer/series';
import type { Viewer } from '../viewer/viewer';
import type { Collected } from './collect';
import type { OutlineCollector } from './outlineCollector';
import { DraftClaims } from './draftClaims';
import type { DraftStore } from './draftStore';
import { DraftManager } from './draftManager';
import type { ReviewController } from './reviewController';
import { SegmentationRecords } from './segmentationRecords';
import { INITIAL_SNAPSHOT } from './snapshot';
import { SnapshotStore } from './snapshotStore';

const axial = {
  ...{ displaySetInstanceUID: 'axial', seriesInstanceUID: '1.2.840.1', rows: 2, columns: 2 },
  instances: [{ SOPInstanceUID: '1.2.840.1.1' }],
} as unknown as Series;
const coronal = {
  ...{ ...axial, displaySetInstanceUID: 'coronal', instances: [{}] },
  reslice: { source: axial, plane: { name: 'coronal' } },
} as unknown as Series;

/** Longer than the rest before something is written down. */
const rest = () => new Promise(resolve => setTimeout(resolve, 900));

/** Files of the browser, which outlive a page. Writing can be held up. */
class Files {
  readonly texts = new Map<string, string>();
  begun = 0;
  holdUp: Promise<void> | null = null;

  get = async (key: string) => this.texts.get(key) ?? null;
  put = async (key: string, text: string) => {
    this.begun++;
    await this.holdUp;
    this.texts.set(key, text);
    return true;
  };
  remove = async (key: string) => void this.texts.delete(key);
}

/** A page of the viewer with one segmentation. */
class PageOfViewer {
  readonly store = new SnapshotStore(INITIAL_SNAPSHOT);
  readonly collecting = { collected: {} as Collected };
  /** Whether the segmentation is in the viewer. */
  private exists = true;
  private isForgotten = false;
  /** The viewer takes its time. */
  readonly segmentationFor = jest.fn(() => new Promise(() => undefined));
  private readonly keeping: DraftManager;

  constructor(files: Files, { isFromArchive = false } = {}) {
    const viewer = {
      segmentationExists: () => this.exists,
      isFromArchive: () => isFromArchive,
      readMask: () => Uint8Array.of(0, 1, 1, 0),
      segmentation: () => null,
      segmentationFor: this.segmentationFor,
    };
    const reviewing = {
      kept: () => null,
      canResume: () => false,
      // A review of it was left, and comes back from what was written down.
      forgetLost: () => {
        const isLost = !this.exists && !this.isForgotten;
        this.isForgotten = isLost;
        return isLost;
      },
    };
    this.keeping = new DraftManager(
      viewer as unknown as Viewer,
      this.store,
      this.collecting as unknown as OutlineCollector,
      reviewing as unknown as ReviewController,
      new SegmentationRecords(),
      files as unknown as DraftStore,
      new DraftClaims(undefined),
    );
    this.show(axial, []);
  }

  /** The viewer shows these slices with voxels. @param hash of each slice */
  show(series: Series, slices: number[], hash = 7): Collected {
    this.collecting.collected = {
      ...{ series, segmentation: { segmentationId: 'one' }, obstacle: null },
      segments: [
        {
          ...{ segmentIndex: 1, label: 'Liver', color: [1, 2, 3], outlined: slices, inSet: slices },
          slices: new Map(slices.map(slice => [slice, { count: 2, hash: hash + slice }])),
        },
      ],
    } as unknown as Collected;
    this.keeping.changed();
    return this.collecting.collected;
  }

  /** The segmentation is removed in the viewer. */
  remove(): void {
    this.exists = false;
    const { collected } = this.collecting;
    this.collecting.collected = { ...collected, segmentation: null, segments: [] };
    this.keeping.changed();
  }

  wasStored(collected: Collected): void {
    this.keeping.wasStored(collected);
  }

  /** Whether the browser would ask before the page is left. */
  asks(): boolean {
    return !window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
  }

  resume(): void {
    void this.keeping.resume();
  }

  close(): void {
    this.keeping.dispose();
  }
}

beforeAll(() => Object.assign(globalThis, { window: new EventTarget() }));
let files: Files;
let page: PageOfViewer;
beforeEach(() => {
  files = new Files();
  page = new PageOfViewer(files);
});
afterEach(() => page.close());

it('writes down what was drawn, and offers it to the next page', async () => {
  page.show(axial, [3, 4]);
  expect(page.asks()).toBe(true);
  await rest();
  expect(page.asks()).toBe(false);
  expect(files.texts.size).toBe(1);
  expect([...files.texts.values()][0]).not.toContain('1.2.840');
  page.close();
  page = new PageOfViewer(files);
  await rest();
  expect(page.store.get().resume).toEqual({ drawnSlices: 2, reviewSlices: 0 });
});

it('brings back once, however often that is pressed', async () => {
  page.show(axial, [3]);
  await rest();
  page.close();
  page = new PageOfViewer(files);
  await rest();
  page.resume();
  page.resume();
  await rest();
  expect(page.segmentationFor).toHaveBeenCalledTimes(1);
});

it('offers all that was drawn until its segmentation was removed', async () => {
  page.show(axial, [3]);
  await rest();
  page.show(axial, [3, 4]);
  page.remove();
  await rest();
  expect(page.store.get().resume).toEqual({ drawnSlices: 2, reviewSlices: 0 });
});

it('keeps what it has when an undo reaches a study that was closed', async () => {
  page.show(axial, [3]);
  await rest();
  page.close();
  const kept = [...files.texts];
  page.show(axial, []);
  await rest();
  expect([...files.texts]).toEqual(kept);
});

it('keeps nothing of what is empty, or in the archive', async () => {
  page.show(axial, [3]);
  await rest();
  page.show(axial, []);
  await rest();
  expect(files.texts.size).toBe(0);
  page.close();
  page = new PageOfViewer(files, { isFromArchive: true });
  page.show(axial, [3]);
  expect(page.asks()).toBe(false);
  await rest();
  expect(files.texts.size).toBe(0);
});

it('leaves nothing behind that was still being written when the archive had it', async () => {
  let goOn = () => {};
  files.holdUp = new Promise(resolve => (goOn = resolve));
  const drawn = page.show(axial, [3]);
  await rest();
  expect(files.begun).toBe(1);
  page.wasStored(drawn);
  await rest();
  goOn();
  await rest();
  expect(files.texts.size).toBe(0);
  expect(page.asks()).toBe(false);
});

it('keeps what was drawn while the rest was stored', async () => {
  const sent = page.show(axial, [3]);
  page.show(axial, [3, 4]);
  page.wasStored(sent);
  expect(page.asks()).toBe(true);
  await rest();
  expect(files.texts.size).toBe(1);
  expect([...files.texts.values()][0]).toContain('[4,[1,2]]');
});

it('does not take another plane of what was stored for something new', async () => {
  page.wasStored(page.show(axial, [3]));
  page.show(coronal, [0, 1]);
  await rest();
  expect(files.texts.size).toBe(0);
  page.show(coronal, [0, 1, 2]);
  await rest();
  expect(files.texts.size).toBe(1);
});
