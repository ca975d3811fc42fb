import { NO_SERIES } from '../viewer/series';
import { DEFAULT_STORE_OPTIONS } from './storeOptions';
import type { SessionSnapshot, Settings } from './state';

export const INITIAL_SETTINGS: Settings = {
  intensity: 'mr',
  method: 'context',
  scope: 'active',
  from: 0,
  to: 0,
};

/** Whether a run is going on, even if it is being cancelled. */
export function isRunning({ status }: Pick<SessionSnapshot, 'status'>): boolean {
  return status === 'running' || status === 'cancelling';
}

/** Snapshot before the viewer was read. */
export const INITIAL_SNAPSHOT: SessionSnapshot = {
  status: 'collecting',
  series: null,
  currentSlice: null,
  drawing: null,
  segmentations: [],
  segments: [],
  fewshotSet: [],
  absent: [],
  obstacle: NO_SERIES,
  settings: INITIAL_SETTINGS,
  compute: { state: 'idle', model: 'MobileSAM', device: '' },
  encodesAhead: true,
  encodedAhead: 0,
  confirmSlices: null,
  run: null,
  hints: [],
  outlineWarnings: [],
  contourNote: null,
  misread: null,
  review: null,
  cleanUp: { state: 'idle' },
  resume: null,
  unkept: false,
  result: null,
  failure: null,
  corrected: false,
  store: { state: 'idle' },
  storeOptions: DEFAULT_STORE_OPTIONS,
  canStore: false,
};
