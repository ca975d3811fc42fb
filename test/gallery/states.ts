/** A plausible snapshot for every state of the panel. */
import { segmentObstacle } from '../../extensions/fewshot-sam/src/session/fewshotSet';
import { INITIAL_SNAPSHOT } from '../../extensions/fewshot-sam/src/session/snapshot';
import type {
  ReviewState,
  SegmentSummary,
  SessionSnapshot,
} from '../../extensions/fewshot-sam/src/session/state';
import type { Review } from '../../extensions/fewshot-sam/src/session/review';
import { termById } from '../../extensions/fewshot-sam/src/terminology/terms';
import { picture, SLICE_COUNT } from './pictures';
import { outlineStates } from './outlineStates';
import { runStates } from './runStates';
import { storeStates } from './storeStates';
import { decided, sampleReview, stateOf } from './sampleReview';
import { sheetStates, type GalleryState } from './sheetStates';

const DRAWN = [5, 9, 14];
const RED: [number, number, number] = [221, 84, 84];
const GREEN: [number, number, number] = [94, 196, 102];

const series = { description: 'FSE PD AXIAL OBL', modality: 'MR', sliceCount: SLICE_COUNT };
const settings = {
  intensity: 'mr',
  method: 'context',
  scope: 'active',
  from: 0,
  to: SLICE_COUNT - 1,
} as const;

function segment(change: Partial<SegmentSummary> = {}): SegmentSummary {
  return {
    segmentIndex: 1,
    label: 'Brain',
    color: RED,
    locked: false,
    active: true,
    labeledSlices: DRAWN,
    ...change,
  };
}
const head = segment({ segmentIndex: 2, label: 'Head', color: GREEN, active: false });
const set = (slices: number[]) => slices.map(index => picture('brain', index));

/** What the session says about a structure that cannot be propagated. */
const obstacle = (label: string, outlined: number[], locked = false) =>
  segmentObstacle({ label, locked, outlined, inSet: outlined, targets: [0] });

const empty: SessionSnapshot = {
  ...INITIAL_SNAPSHOT,
  series,
  currentSlice: 9,
  settings,
  canStore: true,
  obstacle: {
    message: 'There is no structure yet.',
    remedy: 'Press Add structure, then outline it on at least 2 slices.',
  },
};

const ready: SessionSnapshot = {
  ...empty,
  segments: [segment(), head],
  fewshotSet: set(DRAWN),
  drawing: {
    available: ['brush', 'eraser', 'threshold', 'circle'],
    active: null,
    radius: 12.5,
    range: { low: 120, high: 860 },
  },
  obstacle: null,
};

const compute = { state: 'ready', model: 'MobileSAM', device: 'WebGPU' } as const;
const running: SessionSnapshot = { ...ready, status: 'running', compute };

const FOUND = [4, 6, 7, 8, 10, 11, 12, 13, 15, 16];
const brain = sampleReview({ brain: FOUND }, { drawn: DRAWN, notSearched: [18], empty: [17] });
const beyond = sampleReview(
  { brain: [1, 2, 3, 4, 6, 7, 8, 10, 11, 12, 13, 15, 16, 17] },
  { drawn: DRAWN, notSearched: [18], blank: [10, 11] },
);
const halfway = decided(decided(brain, 'accepted', 4, 6, 8, 10), 'rejected', 15, 16);
const both = sampleReview(
  { brain: FOUND, head: [1, 2, 4, 6, 7, 8, 10, 11, 12, 13, 15, 16] },
  { drawn: DRAWN, empty: [17] },
);
const unsure = sampleReview({ brain: FOUND }, { drawn: DRAWN, isSure: false });
const nothing = sampleReview({ brain: [] }, { drawn: DRAWN, empty: FOUND });

const hints: SessionSnapshot['hints'] = [
  { sliceIndex: 17, reason: { kind: 'end' } },
  { sliceIndex: 12, reason: { kind: 'gap', after: 9, before: 14 } },
];

const RIBS = Array.from(
  { length: 24 },
  (_, i) => `${i < 12 ? 'Left' : 'Right'} rib ${(i % 12) + 1}`,
);

/** A state of the review of this series. */
function reviewing(
  review: Review,
  currentSlice: number,
  change: Parameters<typeof stateOf>[3] = {},
): SessionSnapshot {
  return {
    ...ready,
    status: 'review',
    compute,
    currentSlice,
    review: stateOf(review, SLICE_COUNT, DRAWN, { currentSlice, ...change }),
  };
}

const ofEachRib = (review: ReviewState): ReviewState => ({
  ...review,
  structures: RIBS.map((label, i) => ({
    ...review.structures[i % 2],
    segmentIndex: i + 1,
    label,
    color: [(70 * i) % 256, 221 - 7 * i, (40 + 90 * i) % 256],
  })),
});

const kept: SessionSnapshot = {
  ...ready,
  compute,
  settings: { ...settings, from: 4, to: 17 },
  segments: [segment({ labeledSlices: Array.from({ length: 12 }, (_, i) => i + 4) }), head],
  result: { structures: [] },
};

const LONG = 412;
const longDrawn = [120, 171, 208, 260, 301];
const longSeries = {
  ...series,
  description: 'CHEST ABDOMEN PELVIS VENOUS PHASE 1.0 B30f ax',
  modality: 'CT',
  sliceCount: LONG,
};

/** The pictures are repeated to fill a long series. */
const longShown = (slice: number) => 4 + (slice % 12);
const longFound = Array.from({ length: 180 }, (_, i) => i + 110).filter(
  slice => !longDrawn.includes(slice),
);
const longReview = sampleReview(
  { brain: longFound },
  { drawn: longDrawn, notSearched: [300, 301, 302], shownAs: longShown },
);

export const STATES: Record<string, GalleryState> = {
  'no-series': { caption: 'No series', snapshot: INITIAL_SNAPSHOT },
  'no-structure': { caption: 'No structure yet', snapshot: empty },
  'nothing-drawn': {
    caption: 'Nothing drawn',
    snapshot: {
      ...empty,
      segments: [segment({ labeledSlices: [] })],
      obstacle: obstacle('Brain', []),
    },
  },
  'one-drawn': {
    caption: 'One slice drawn',
    snapshot: {
      ...empty,
      segments: [segment({ labeledSlices: [9] })],
      fewshotSet: set([9]),
      obstacle: obstacle('Brain', [9]),
    },
  },
  ready: { caption: 'Ready', snapshot: ready },
  tools: {
    caption: 'Drawing by threshold',
    snapshot: { ...ready, drawing: { ...ready.drawing!, active: 'threshold' } },
  },
  'confirm-many': { caption: 'Very many slices', snapshot: { ...ready, confirmSlices: 479 } },
  hints: { caption: 'Where the next outline helps', snapshot: { ...ready, hints } },
  ...outlineStates(ready),
  'left-out': {
    caption: 'One outline left out',
    snapshot: {
      ...ready,
      fewshotSet: set(DRAWN).map((item, i) => ({ ...item, excluded: i === 1 })),
    },
  },
  'resume-review': {
    caption: 'A review was left',
    snapshot: { ...ready, resume: { reviewSlices: 11, drawnSlices: 0 } },
  },
  'resume-after-reload': {
    caption: 'The page was reloaded during a review',
    snapshot: { ...empty, resume: { reviewSlices: 11, drawnSlices: 3 } },
  },
  'resume-drawing': {
    caption: 'The page was reloaded while drawing',
    snapshot: { ...empty, resume: { reviewSlices: 0, drawnSlices: 3 } },
  },
  term: {
    caption: 'With a term',
    snapshot: {
      ...ready,
      segments: [segment({ term: { term: termById('12738006')!, chosen: false } }), head],
    },
  },
  'two-segmentations': {
    caption: 'Several segmentations',
    snapshot: {
      ...ready,
      segmentations: [
        { segmentationId: 'organs', label: 'Organs', active: true },
        { segmentationId: 'lesions', label: 'Lesions', active: false },
      ],
    },
  },
  locked: {
    caption: 'Locked structure',
    snapshot: {
      ...ready,
      segments: [segment({ locked: true }), head],
      obstacle: obstacle('Brain', DRAWN, true),
    },
  },
  'long-series': {
    caption: 'Long series, many structures, a range',
    snapshot: {
      ...ready,
      series: longSeries,
      currentSlice: 233,
      settings: { intensity: 'ct-soft-tissue', method: 'context', scope: 'all', from: 90, to: 330 },
      segments: [
        segment({ label: 'Liver', labeledSlices: longDrawn }),
        ...[
          'Right kidney',
          'Left kidney',
          'Inferior vena cava with hepatic veins, right and left',
          'Spleen',
          'Pancreas',
          'Aorta',
        ].map((label, i) =>
          segment({
            segmentIndex: i + 2,
            label,
            active: false,
            locked: i === 1,
            labeledSlices: i < 3 ? [150, 170] : [],
            color: [90 + 20 * i, 210 - 25 * i, 120 + 20 * i],
          }),
        ),
      ],
      fewshotSet: longDrawn.map((slice, i) => picture('brain', 4 + 2 * i, slice)),
    },
  },
  ...runStates(running),
  review: { caption: 'Review', snapshot: reviewing(brain, 8), review: brain },
  'review-halfway': {
    caption: 'Review: some decided',
    snapshot: { ...reviewing(halfway, 15), hints },
    review: halfway,
  },
  'review-decided': {
    caption: 'Review: all decided',
    snapshot: reviewing(decided(halfway, 'accepted', 7, 11, 12, 13), 12),
    review: decided(halfway, 'accepted', 7, 11, 12, 13),
  },
  'review-beyond': {
    caption: 'Review: slices beyond the outlines, and without a promise',
    snapshot: reviewing(beyond, 16),
    review: beyond,
  },
  'review-beyond-decided': {
    caption: 'Review: some of these accepted',
    snapshot: reviewing(decided(beyond, 'accepted', 1, 2, 10, 12, 13, 16), 2),
    review: decided(beyond, 'accepted', 1, 2, 10, 12, 13, 16),
  },
  'review-hidden': {
    caption: 'Review: predictions hidden',
    snapshot: reviewing(halfway, 7, { previewShown: false }),
    review: halfway,
  },
  'review-elsewhere': {
    caption: 'Review: another series is shown',
    snapshot: reviewing(halfway, 7, { sameSeries: false, shown: false, currentSlice: null }),
    review: halfway,
  },
  'review-locked': {
    caption: 'Review: the segment is locked',
    snapshot: reviewing(halfway, 7, {
      segments: [
        {
          segmentIndex: 1,
          label: 'Brain',
          locked: true,
          inSet: DRAWN,
          slices: new Map(),
        },
      ],
    }),
    review: halfway,
  },
  'review-writing': {
    caption: 'Review: writing',
    snapshot: reviewing(halfway, 7, { writing: true }),
    review: halfway,
  },
  'review-several': {
    caption: 'Review of two structures',
    snapshot: reviewing(decided(both, 'accepted', 6, 7), 8),
    review: both,
  },
  'review-many': {
    caption: 'Review of many structures',
    snapshot: { ...reviewing(both, 8), review: ofEachRib(reviewing(both, 8).review!) },
    review: both,
  },
  'review-unknown': {
    caption: 'Review: no confidence known',
    snapshot: reviewing(unsure, 8),
    review: unsure,
  },
  'review-long': {
    caption: 'Review of a long series',
    snapshot: {
      ...ready,
      status: 'review',
      compute,
      currentSlice: 233,
      series: longSeries,
      segments: [segment({ label: 'Brain', labeledSlices: longDrawn })],
      fewshotSet: longDrawn.map((slice, i) => picture('brain', 4 + 2 * i, slice)),
      review: stateOf(longReview, LONG, longDrawn, {
        currentSlice: 233,
        picture: (_, slice) => picture('brain', longShown(slice), slice),
      }),
    },
    review: longReview,
    shownAs: longShown,
  },
  ...sheetStates(ready, beyond, DRAWN),
  'review-nothing': {
    caption: 'Review: nothing found',
    snapshot: reviewing(nothing, 8),
    review: nothing,
  },
  ...storeStates(kept),
  unkept: {
    caption: 'No draft can be kept',
    snapshot: { ...ready, unkept: true },
  },
  failed: {
    caption: 'Run failed',
    snapshot: {
      ...ready,
      compute: { state: 'failed', model: 'MobileSAM', device: '' },
      failure: {
        message: 'The model file does not match its checksum.',
        remedy: 'Reload the page. If it stays, ask whoever runs this viewer to install it again.',
      },
    },
  },
};
