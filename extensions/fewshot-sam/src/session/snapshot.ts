import { DEFAULT_STORE_OPTIONS } from './storeOptions';
import type { SessionSnapshot, Settings } from './state';

export const INITIAL_SETTINGS: Settings = {
  intensity: 'mr',
  method: 'context',
  scope: 'active',
  from: 0,
  to: 0,
};

/** What the panel shows before anything is known of the viewer. */
export const INITIAL_SNAPSHOT: SessionSnapshot = {
  status: 'collecting',
  series: null,
  currentSlice: null,
  segmentations: [],
  segments: [],
  fewshotSet: [],
  obstacle: {
    message: 'No series is shown in the active viewport.',
    remedy: 'Drag a CT or MR series into the viewport.',
  },
  settings: INITIAL_SETTINGS,
  compute: { state: 'idle', model: 'MobileSAM', device: '' },
  run: null,
  hints: [],
  outlineWarnings: [],
  misread: null,
  review: null,
  resume: null,
  unkept: false,
  result: null,
  failure: null,
  corrected: false,
  store: { state: 'idle' },
  storeOptions: DEFAULT_STORE_OPTIONS,
  canStore: false,
};
