/** The states of the panel while something runs. */
import type { SessionSnapshot } from '../../extensions/fewshot-sam/src/session/state';
import { picture } from './pictures';

const one = { position: 1, count: 1, label: 'Brain' };

/** @param running a snapshot with a run that has just begun */
export function runStates(
  running: SessionSnapshot,
): Record<string, { caption: string; snapshot: SessionSnapshot }> {
  return {
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
    'first-results': {
      caption: 'Running: first results',
      snapshot: {
        ...running,
        run: {
          method: 'context',
          phase: 'propagate',
          done: 6,
          total: 16,
          etaSeconds: 14,
          structure: one,
          found: {
            count: 5,
            color: [221, 84, 84],
            latest: [6, 7, 8].map((slice, i) => ({
              ...picture('brain', slice),
              confidence: 0.9 + 0.02 * i,
            })),
          },
        },
      },
    },
    'first-look': {
      caption: 'Running: a first look',
      snapshot: {
        ...running,
        run: {
          method: 'context',
          phase: 'propagate',
          done: 2,
          total: 16,
          etaSeconds: 21,
          structure: one,
          found: { count: 0, color: [221, 84, 84], latest: [picture('brain', 6)] },
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
  };
}
