import type { FewshotResult, Mask } from 'fewshot-sam';
import type { Preview } from '../viewer/previewLayer';
import type { Series } from '../viewer/series';
import type { Viewer } from '../viewer/viewer';
import { CleanUpController } from './cleanUpController';
import type { OpenReview } from './openReview';
import type { OutlineCollector } from './outlineCollector';
import { reviewOf } from './review';
import { ReviewController } from './reviewController';
import { INITIAL_SNAPSHOT } from './snapshot';
import { SnapshotStore } from './snapshotStore';

const COLUMNS = 6;
const read = (drawing: string) =>
  Uint8Array.from(drawing.replace(/\s/g, ''), mark => (mark === '.' ? 0 : 1));
const shown = (mask: Mask | undefined | null) =>
  mask &&
  [...mask]
    .map((v, i) => (v ? '#' : '.') + (i % COLUMNS === 5 ? ' ' : ''))
    .join('')
    .trim();

const RING = '###... #.#... ###...';
const FILLED = '###... ###... ###...';
const SPECK = '.....# ...... ......';

const series = {
  ...{ displaySetInstanceUID: 'ct', description: '', imageIds: ['0', '1', '2', '3'] },
  ...{ columns: COLUMNS, rows: 3, columnSpacing: 1, rowSpacing: 1, sliceSpacing: 5 },
} as Series;
const liver = { segmentIndex: 1, label: 'Liver', color: [1, 2, 3] as [number, number, number] };

/** A review of slice 1 to 3 of one structure; slice 0 was drawn. All show a ring, if not told otherwise. */
function page(results: Record<number, string> = { 1: RING, 2: RING, 3: RING }) {
  const store = new SnapshotStore(INITIAL_SNAPSHOT);
  const histories: ((event: 'undone' | 'redone') => void)[] = [];
  const state = { preview: null as Preview | null, shown: 0 };
  const viewer = {
    segmentationExists: () => true,
    showPreview: (preview: Preview | null) => (state.preview = preview),
    currentSlice: () => state.shown,
    goToSlice: (_: Series, slice: number) => (state.shown = slice),
    readMask: () => read(RING),
    remember: (onHistory: (event: 'undone' | 'redone') => void) => histories.push(onHistory),
  } as unknown as Viewer;
  const segment = {
    ...{ ...liver, locked: false, active: true, inSet: [0], outlined: [0] },
    slices: new Map([[0, { count: 8, hash: 1 }]]),
    labelmap: { segmentationId: 'one', segmentIndex: 1 },
  };
  const collecting = {
    collected: {
      ...{ series, segmentation: { segmentationId: 'one' } },
      ...{ segments: [segment], obstacle: null },
    },
    changed: () => undefined,
    thumbnails: { of: () => null },
  } as unknown as OutlineCollector;
  const reviewing = new ReviewController(viewer, store, collecting, () => undefined);
  const cleaning = new CleanUpController(viewer, store, collecting, reviewing);
  const slices = Object.entries(results).map(([index, drawing]) => ({
    index: Number(index),
    mask: read(drawing),
    probability: () => new Float32Array(18),
  }));
  const found = reviewOf(
    [liver],
    [{ segmentIndex: 1, result: { slices } as unknown as FewshotResult }],
  );
  const open: OpenReview = {
    ...{ review: found, series, segmentationId: 'one', seconds: 1, learnedFrom: '' },
  };
  reviewing.show(open);
  const masks = () =>
    Object.fromEntries(
      [...reviewing.kept()!.review.structures[0].masks].map(([slice, mask]) => [
        slice,
        shown(mask),
      ]),
    );
  return { store, reviewing, cleaning, histories, state, masks, open };
}

it('previews without changing anything, and changes the results when applied', async () => {
  const { store, cleaning, state, masks, histories } = page();
  await cleaning.preview('holes');
  expect(store.get().cleanUp).toEqual({
    ...{ state: 'preview', kind: 'holes', slices: [1, 2, 3], added: 3, removed: 0 },
  });
  expect(masks()).toEqual({ 1: RING, 2: RING, 3: RING });
  expect(state.preview!.shapesOn(2).map(({ mask, look }) => [shown(mask), look])).toEqual([
    [RING, 'before'],
    [FILLED, 'predicted'],
  ]);
  cleaning.apply();
  expect(masks()).toEqual({ 1: FILLED, 2: FILLED, 3: FILLED });
  expect(state.preview!.shapesOn(2)).toHaveLength(1);
  expect(histories).toHaveLength(1);
  histories[0]('undone');
  expect(masks()).toEqual({ 1: RING, 2: RING, 3: RING });
  histories[0]('redone');
  expect(masks()).toEqual({ 1: FILLED, 2: FILLED, 3: FILLED });
});

it('leaves rejected slices alone', async () => {
  const { reviewing, cleaning, masks } = page();
  reviewing.decideSlices([2], 'rejected');
  await cleaning.preview('holes');
  cleaning.apply();
  expect(masks()).toEqual({ 1: FILLED, 2: RING, 3: FILLED });
});

it('takes a slice that it empties out of the review, and undo brings it back', async () => {
  const { store, reviewing, cleaning, masks, histories } = page({ 1: FILLED, 3: SPECK });
  reviewing.decideSlices([3], 'accepted');
  await cleaning.preview('largest');
  cleaning.apply();
  const outcomes = () => store.get().review!.structures[0].outcomes;
  expect(masks()).toEqual({ 1: FILLED });
  expect(outcomes()).toEqual(['drawn', 'predicted', 'outside-range', 'empty']);
  histories[0]('undone');
  expect(masks()).toEqual({ 1: FILLED, 3: SPECK });
  expect(outcomes()[3]).toBe('predicted');
});

it('says so when nothing would change; cancel and a newer one stop it', async () => {
  const { store, cleaning, state, masks } = page();
  await cleaning.preview('largest');
  expect(store.get().cleanUp).toEqual({ state: 'unchanged', kind: 'largest' });
  const first = cleaning.preview('holes');
  const second = cleaning.preview('largest');
  await Promise.all([first, second]);
  expect(store.get().cleanUp).toEqual({ state: 'unchanged', kind: 'largest' });
  await cleaning.preview('holes');
  cleaning.cancel();
  expect(state.preview!.shapesOn(1)).toHaveLength(1);
  cleaning.apply();
  expect(masks()).toEqual({ 1: RING, 2: RING, 3: RING });
});

it('undo leaves what changed since', async () => {
  const { reviewing, cleaning, masks, histories } = page();
  await cleaning.preview('holes');
  cleaning.apply();
  const other = read(SPECK);
  reviewing.edit(review => ({
    ...review,
    structures: review.structures.map(found => ({
      ...found,
      masks: new Map([...found.masks, [2, other]]),
    })),
  }));
  histories[0]('undone');
  expect(masks()).toEqual({ 1: RING, 2: SPECK, 3: RING });
});

it('ends when the review is left, and undo reaches the review that was left', async () => {
  const { store, reviewing, cleaning, masks, histories } = page();
  await cleaning.preview('holes');
  cleaning.apply();
  await cleaning.preview('specks');
  reviewing.leave();
  expect(store.get().cleanUp).toEqual({ state: 'idle' });
  histories[0]('undone');
  expect(masks()).toEqual({ 1: RING, 2: RING, 3: RING });
});
