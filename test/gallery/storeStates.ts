/** The states of the panel after a review is finished. */
import type { SessionSnapshot } from '../../extensions/fewshot-sam/src/session/state';

const storedAs = { state: 'stored', seriesDescription: 'Few-shot: Brain' } as const;

/** @param kept a snapshot with a finished result that is not stored yet */
export function storeStates(
  kept: SessionSnapshot,
): Record<string, { caption: string; snapshot: SessionSnapshot }> {
  return {
    kept: { caption: 'Kept', snapshot: kept },
    'kept-options': {
      caption: 'Kept, how it is stored',
      snapshot: {
        ...kept,
        storeOptions: { format: 'seg', encoding: 'labelmap', everySlice: true },
      },
    },
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
        store: {
          state: 'storing',
          step: { phase: 'waiting', attempt: 2, attempts: 4, seconds: 4 },
        },
      },
    },
    stored: {
      caption: 'Stored',
      snapshot: {
        ...kept,
        store: { ...storedAs, confirmed: true, isChanged: false },
      },
    },
    'stored-changed': {
      caption: 'Changed since it was stored',
      snapshot: { ...kept, store: { ...storedAs, confirmed: true, isChanged: true } },
    },
    'stored-unconfirmed': {
      caption: 'Stored, not found yet',
      snapshot: {
        ...kept,
        store: { ...storedAs, confirmed: false, isChanged: false },
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
  };
}
