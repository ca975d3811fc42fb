/** What the tests of the panel share: a session without a viewer, and a plausible snapshot. */
import { act } from '@testing-library/react';
import { INITIAL_SNAPSHOT } from '../session/snapshot';
import type {
  SegmentSummary,
  SessionActions,
  SessionSnapshot,
  SessionStore,
} from '../session/state';

const ACTIONS = [
  'propagate',
  'confirmPropagate',
  'cancel',
  'accept',
  'reject',
  'reopen',
  'decideSlices',
  'noteShown',
  'cleanUp',
  'applyCleanUp',
  'cancelCleanUp',
  'look',
  'finish',
  'acceptAll',
  'editSlice',
  'refine',
  'changeReview',
  'leave',
  'discard',
  'resume',
  'dismissResume',
  'exclude',
  'markAbsent',
  'fixOutlines',
  'keepOutlines',
  'showAsStored',
  'changeSettings',
  'goToSlice',
  'selectSegmentation',
  'selectSegment',
  'addSegment',
  'chooseTool',
  'setBrushRadius',
  'setThresholdRange',
  'chooseTerm',
  'renameSegment',
  'storeSeg',
  'changeStoreOptions',
  'cancelStore',
  'downloadSeg',
  'dismissFailure',
] as const;

/** A store that the test moves from one snapshot to the next. */
export function storeOf(snapshot: SessionSnapshot) {
  const listeners = new Set<() => void>();
  const actions = Object.fromEntries(ACTIONS.map(name => [name, jest.fn()])) as {
    [name in keyof SessionActions]: jest.Mock;
  };
  const store: SessionStore = {
    getSnapshot: () => snapshot,
    subscribe: listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    actions,
  };
  const change = (next: Partial<SessionSnapshot>) =>
    act(() => {
      snapshot = { ...snapshot, ...next };
      listeners.forEach(listener => listener());
    });
  return { store, actions, change };
}

export const liver: SegmentSummary = {
  segmentIndex: 1,
  label: 'Liver',
  color: [221, 84, 84],
  locked: false,
  active: true,
  labeledSlices: [2, 7],
};
export const spleen = {
  ...liver,
  segmentIndex: 2,
  label: 'Spleen',
  active: false,
  labeledSlices: [],
};
export const thumbnail = { width: 1, height: 1, gray: new Uint8Array(1), mask: new Uint8Array(1) };

export const ready: SessionSnapshot = {
  ...INITIAL_SNAPSHOT,
  series: { description: 'Abdomen', modality: 'CT', sliceCount: 12 },
  currentSlice: 4,
  segments: [liver, spleen],
  fewshotSet: [2, 7].map(sliceIndex => ({ sliceIndex, thumbnail })),
  absent: [],
  settings: { intensity: 'ct-soft-tissue', method: 'context', scope: 'active', from: 0, to: 11 },
  obstacle: null,
  canStore: true,
};
