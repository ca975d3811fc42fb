/** A plausible snapshot for every state of the panel. */
import { segmentObstacle } from '../../extensions/fewshot-sam/src/session/fewshotSet';
import { INITIAL_SNAPSHOT } from '../../extensions/fewshot-sam/src/session/snapshot';
import type {
  SegmentSummary,
  SessionSnapshot,
  SliceOutcome,
} from '../../extensions/fewshot-sam/src/session/state';
import { termById } from '../../extensions/fewshot-sam/src/terminology/terms';
import { picture, SLICE_COUNT } from './pictures';

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
    labelledSlices: DRAWN,
    ...change,
  };
}
const head = segment({ segmentIndex: 2, label: 'Head', color: GREEN, active: false });
const set = (slices: number[]) => slices.map(index => picture('brain', index));

/** What the session says about a structure that cannot be propagated. */
const obstacle = (label: string, outlined: number[], locked = false) =>
  segmentObstacle({ label, locked, outlined, targets: [0] });

const empty: SessionSnapshot = {
  ...INITIAL_SNAPSHOT,
  series,
  currentSlice: 9,
  settings,
  canStore: true,
  obstacle: {
    message: 'There is no segment yet.',
    remedy: 'Add a segment, then outline the structure on at least 2 slices.',
  },
};

const ready: SessionSnapshot = {
  ...empty,
  segments: [segment(), head],
  fewshotSet: set(DRAWN),
  obstacle: null,
};

const compute = { state: 'ready', model: 'MobileSAM', device: 'WebGPU' } as const;
const one = { position: 1, count: 1, label: 'Brain' };
const running: SessionSnapshot = { ...ready, status: 'running', compute };

/** Drawn slices as given, the last two not searched, nothing found before them, the rest segmented. */
function outcomes(drawn: number[], count: number, from = 0, to = count - 1): SliceOutcome[] {
  return Array.from({ length: count }, (_, index) => {
    if (drawn.includes(index)) return 'drawn';
    if (index < from || index > to) return 'outside-range';
    if (index > to - 2) return 'not-searched';
    return index > to - 3 ? 'empty' : 'predicted';
  });
}

const brainResult = {
  segmentIndex: 1,
  label: 'Brain',
  color: RED,
  outcomes: outcomes(DRAWN, SLICE_COUNT, 4, 17),
  expectedDice: 0.931,
  previews: set([4, 6, 8, 11, 12, 15]).map((item, i) => ({
    ...item,
    confidence: [0.81, 0.93, 0.94, 0.92, 0.9, 0.72][i],
  })),
};
const headResult = {
  segmentIndex: 2,
  label: 'Head',
  color: GREEN,
  outcomes: outcomes([3, 16], SLICE_COUNT),
  previews: [1, 5, 8, 10, 13, 15].map(index => picture('head', index)),
};
const review: SessionSnapshot = {
  ...ready,
  status: 'review',
  compute,
  result: { structures: [brainResult], seconds: 47.8 },
};
const kept: SessionSnapshot = {
  ...ready,
  compute,
  settings: { ...settings, from: 4, to: 17 },
  segments: [segment({ labelledSlices: Array.from({ length: 12 }, (_, i) => i + 4) }), head],
  result: review.result,
};

const LONG = 412;
const longDrawn = [120, 171, 208, 260, 301];
const longSeries = {
  ...series,
  description: 'CHEST ABDOMEN PELVIS VENOUS PHASE 1.0 B30f ax',
  modality: 'CT',
  sliceCount: LONG,
};

export const STATES: Record<string, { caption: string; snapshot: SessionSnapshot }> = {
  'no-series': { caption: 'No series', snapshot: INITIAL_SNAPSHOT },
  'no-structure': { caption: 'No structure yet', snapshot: empty },
  'nothing-drawn': {
    caption: 'Nothing drawn',
    snapshot: {
      ...empty,
      segments: [segment({ labelledSlices: [] })],
      obstacle: obstacle('Brain', []),
    },
  },
  'one-drawn': {
    caption: 'One slice drawn',
    snapshot: {
      ...empty,
      segments: [segment({ labelledSlices: [9] })],
      fewshotSet: set([9]),
      obstacle: obstacle('Brain', [9]),
    },
  },
  ready: { caption: 'Ready', snapshot: ready },
  term: {
    caption: 'With a term',
    snapshot: {
      ...ready,
      segments: [segment({ term: { term: termById('12738006')!, chosen: false } }), head],
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
        segment({ label: 'Liver', labelledSlices: longDrawn }),
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
            labelledSlices: i < 3 ? [150, 170] : [],
            color: [90 + 20 * i, 210 - 25 * i, 120 + 20 * i],
          }),
        ),
      ],
      fewshotSet: longDrawn.map((slice, i) => picture('brain', 4 + 2 * i, slice)),
    },
  },
  preparing: { caption: 'Running: preparing', snapshot: running },
  'loading-model': {
    caption: 'Running: model',
    snapshot: {
      ...running,
      compute: { state: 'loading', model: 'MobileSAM', device: '' },
      run: {
        method: 'context',
        phase: 'model',
        done: 17_300_000,
        total: 38_900_000,
        etaSeconds: 4.4,
        structure: one,
      },
    },
  },
  looking: {
    caption: 'Running: slices',
    snapshot: {
      ...running,
      run: {
        method: 'context',
        phase: 'encode',
        done: 7,
        total: 19,
        etaSeconds: 132,
        structure: one,
      },
    },
  },
  learning: {
    caption: 'Running: learning, several structures',
    snapshot: {
      ...running,
      run: {
        method: 'paper',
        phase: 'fit',
        done: 84,
        total: 200,
        etaSeconds: 38,
        structure: { position: 2, count: 3, label: 'Head' },
      },
    },
  },
  stopping: {
    caption: 'Stopping',
    snapshot: {
      ...running,
      status: 'cancelling',
      run: {
        method: 'context',
        phase: 'propagate',
        done: 5,
        total: 16,
        etaSeconds: 11,
        structure: one,
      },
    },
  },
  review: { caption: 'Review', snapshot: review },
  'review-several': {
    caption: 'Review of two structures',
    snapshot: {
      ...review,
      result: { structures: [brainResult, headResult], seconds: 125 },
    },
  },
  'review-long': {
    caption: 'Review of a long series',
    snapshot: {
      ...review,
      series: longSeries,
      currentSlice: 233,
      result: {
        structures: [
          {
            ...brainResult,
            label: 'Liver',
            outcomes: outcomes(longDrawn, LONG, 90, 330),
            previews: brainResult.previews.map((item, i) => ({
              ...item,
              sliceIndex: 95 + 44 * i,
            })),
          },
        ],
        seconds: 305,
      },
    },
  },
  'review-nothing': {
    caption: 'Review: nothing found',
    snapshot: {
      ...review,
      result: {
        structures: [
          {
            ...brainResult,
            outcomes: brainResult.outcomes.map(outcome =>
              outcome === 'predicted' ? 'empty' : outcome,
            ),
            previews: [],
          },
        ],
        seconds: 31,
      },
    },
  },
  kept: { caption: 'Kept', snapshot: kept },
  'kept-download': { caption: 'Kept, no archive', snapshot: { ...kept, canStore: false } },
  storing: {
    caption: 'Storing',
    snapshot: {
      ...kept,
      store: {
        state: 'storing',
        step: { phase: 'sending', attempt: 1, attempts: 4, fraction: 0.4 },
      },
    },
  },
  'storing-again': {
    caption: 'Storing, once more',
    snapshot: {
      ...kept,
      store: { state: 'storing', step: { phase: 'waiting', attempt: 2, attempts: 4, seconds: 4 } },
    },
  },
  stored: {
    caption: 'Stored',
    snapshot: {
      ...kept,
      store: { state: 'stored', seriesDescription: 'Few-shot: Brain', confirmed: true },
    },
  },
  'stored-unconfirmed': {
    caption: 'Stored, not found yet',
    snapshot: {
      ...kept,
      store: { state: 'stored', seriesDescription: 'Few-shot: Brain', confirmed: false },
    },
  },
  'store-stopped': {
    caption: 'Storing stopped',
    snapshot: { ...kept, store: { state: 'stopped' } },
  },
  'store-failed': {
    caption: 'Storing failed',
    snapshot: {
      ...kept,
      store: {
        state: 'failed',
        message: 'The archive refused the segmentation (HTTP 413).',
        remedy: 'Ask for a higher upload limit, or download the file.',
      },
    },
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
