import type { FewshotResult } from 'fewshot-sam';
import type { Series } from '../viewer/series';
import type { Viewer } from '../viewer/viewer';
import type { OutlineCollector } from './outlineCollector';
import type { OpenReview } from './openReview';
import { decide, reviewOf } from './review';
import { ReviewController } from './reviewController';
import { INITIAL_SNAPSHOT } from './snapshot';
import { SnapshotStore } from './snapshotStore';

const series = {
  ...{ displaySetInstanceUID: 'ct', description: '', imageIds: ['0', '1', '2', '3'] },
} as Series;
const LIVER = { segmentIndex: 1, label: 'Liver', color: [221, 84, 84] as [number, number, number] };

/** A review in which slice 1 to 3 were found and 2 is accepted. */
function openReview(seconds = 1): OpenReview {
  const slices = [1, 2, 3].map(index => ({
    index,
    mask: Uint8Array.of(1, 0),
    probability: () => Float32Array.of(1, 0),
  }));
  const found = reviewOf(
    [LIVER],
    [{ segmentIndex: 1, result: { slices } as unknown as FewshotResult }],
  );
  return {
    review: decide(found, [1], [2], 'accepted'),
    ...{ series, segmentationId: 'one', seconds, learnedFrom: '' },
  };
}

type OnHistory = (event: 'undone' | 'redone') => void;

/** A viewer with one segmentation, of which slice 0 was outlined. */
class Page {
  readonly store = new SnapshotStore(INITIAL_SNAPSHOT);
  readonly onDecided = jest.fn();
  exists = true;
  /** Slice shown in the viewer. */
  shown = 0;
  /** Looking at the viewer takes as long as the test wants. */
  look: Promise<void> = Promise.resolve();
  histories: OnHistory[] = [];
  readonly write = jest.fn(async (writes: unknown[], onHistory: OnHistory) => {
    this.histories.push(onHistory);
    return writes.map(() => new Map());
  });
  readonly reviewing: ReviewController;

  constructor() {
    const viewer = {
      segmentationExists: () => this.exists,
      showPreview: () => undefined,
      currentSlice: () => this.shown,
      goToSlice: (_: Series, slice: number) => (this.shown = slice),
      selectSegment: () => undefined,
      tools: { takeBrush: () => undefined },
      write: this.write,
    };
    const segment = {
      ...LIVER,
      ...{ locked: false, active: true, inSet: [0], outlined: [0] },
      slices: new Map([[0, { count: 1, hash: 1 }]]),
      labelmap: { segmentationId: 'one', segmentIndex: 1 },
    };
    const collecting = {
      collected: {
        series,
        segmentation: { segmentationId: 'one' },
        segments: [segment],
        obstacle: null,
      },
      refresh: () => this.look,
      changed: () => undefined,
      notePredicted: () => undefined,
      forgetPredicted: () => () => undefined,
      thumbnails: { of: () => null },
    };
    this.reviewing = new ReviewController(
      viewer as unknown as Viewer,
      this.store,
      collecting as unknown as OutlineCollector,
      this.onDecided,
    );
  }

  /** Finishes a review of its own. @returns what undo and redo tell it */
  async finished(open: OpenReview): Promise<OnHistory> {
    this.reviewing.show(open);
    await this.reviewing.finish();
    return this.histories.at(-1)!;
  }
}

describe('opening a review', () => {
  it('lands on the least sure slice that is open', () => {
    const page = new Page();
    const open = openReview();
    const [structure] = open.review.structures;
    const confidences = new Map([1, 2, 3].map(slice => [slice, 1 - slice / 10]));
    page.reviewing.show({
      ...open,
      review: { ...open.review, structures: [{ ...structure, confidences }] },
    });
    expect(page.shown).toBe(3);
  });

  it('tells which open slices were never shown', () => {
    const page = new Page();
    page.reviewing.show(openReview());
    page.reviewing.publish();
    expect(page.store.get().review!.unseen).toEqual([3]);
    page.reviewing.change({ previewShown: false });
    page.shown = 3;
    page.reviewing.publish();
    expect(page.store.get().review!.unseen).toEqual([3]);
    page.reviewing.change({ previewShown: true });
    expect(page.store.get().review!.unseen).toEqual([]);
  });
});

describe('the contact sheet', () => {
  it('decides on any slices, decided before or not, and takes decisions back', () => {
    const page = new Page();
    page.reviewing.show(openReview());
    const outcomes = () => page.store.get().review!.structures[0].outcomes.join(' ');
    page.reviewing.decideSlices([2, 3], 'rejected');
    expect(outcomes()).toBe('drawn predicted rejected rejected');
    page.reviewing.decideSlices([2], null);
    expect(outcomes()).toBe('drawn predicted predicted rejected');
    expect(page.shown).toBe(1);
    expect(page.onDecided).toHaveBeenCalledTimes(3);
  });

  it('lists every found slice, whatever was decided', () => {
    const page = new Page();
    page.reviewing.show(openReview());
    expect(page.store.get().review!.found).toEqual([1, 2, 3]);
    page.reviewing.decideSlices([1], 'rejected');
    expect(page.store.get().review!.found).toEqual([1, 2, 3]);
  });

  it('counts as shown what was in sight there', () => {
    const page = new Page();
    page.reviewing.show(openReview());
    page.reviewing.publish();
    expect(page.store.get().review!.unseen).toEqual([3]);
    page.reviewing.noteShown([3]);
    expect(page.store.get().review!.unseen).toEqual([]);
  });
});

describe('finishing a review', () => {
  it('is one step, however often it is pressed', async () => {
    const page = new Page();
    page.reviewing.show(openReview());
    let looked = () => {};
    page.look = new Promise(resolve => (looked = resolve));
    const finishing = [page.reviewing.finish(), page.reviewing.finish()];
    looked();
    await Promise.all(finishing);
    expect(page.write).toHaveBeenCalledTimes(1);
    expect(page.store.get().status).toBe('collecting');
  });

  it('gives way to a second run that began in between', async () => {
    const page = new Page();
    page.reviewing.show(openReview());
    let looked = () => {};
    page.look = new Promise(resolve => (looked = resolve));
    const finishing = page.reviewing.finish();
    page.store.update({ status: 'running' });
    looked();
    await finishing;
    expect(page.write).not.toHaveBeenCalled();
    expect(page.store.get().status).toBe('running');
  });

  it('hands over what was seen on each slice, so that what is drawn meanwhile stays', async () => {
    const page = new Page();
    await page.finished(openReview());
    const [write] = page.write.mock.calls[0][0] as { expected: Map<number, unknown> }[];
    expect([...write.expected]).toEqual([[0, { count: 1, hash: 1 }]]);
  });
});

describe('undo of a finished review', () => {
  it('brings the review back, and redo closes it', async () => {
    const page = new Page();
    const tell = await page.finished(openReview());
    expect(page.reviewing.kept()).toBeNull();
    tell('undone');
    expect(page.reviewing.kept()?.seconds).toBe(1);
    tell('redone');
    expect(page.reviewing.kept()).toBeNull();
  });

  it('does not lose another review that was left since', async () => {
    const page = new Page();
    const tell = await page.finished(openReview(1));
    page.reviewing.show(openReview(2));
    page.reviewing.leave();
    tell('undone');
    expect(page.reviewing.kept()?.seconds).toBe(2);
    tell('redone');
    expect(page.reviewing.kept()?.seconds).toBe(2);
  });

  it("is nobody's business once the study is closed", async () => {
    const page = new Page();
    const tell = await page.finished(openReview());
    page.reviewing.dispose();
    page.onDecided.mockClear();
    tell('undone');
    expect(page.reviewing.kept()).toBeNull();
    expect(page.onDecided).not.toHaveBeenCalled();
  });
});

it('does not end a second run whose segmentation is removed: that must be cancelled or end itself', () => {
  const page = new Page();
  page.reviewing.show(openReview());
  page.store.update({ status: 'running' });
  page.exists = false;
  page.reviewing.refresh();
  expect(page.store.get()).toMatchObject({ status: 'running', review: null });
});
