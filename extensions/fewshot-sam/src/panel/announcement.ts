import type { SessionSnapshot } from '../session/state';
import { countCaveats } from './sliceStates';
import { phaseWords, resultWords, storeWords } from './words';

/** Text for screen readers. Changes with the phase, not with every step of the progress. */
export function announcement(snapshot: SessionSnapshot): string {
  const { status, run, review, store } = snapshot;
  switch (status) {
    case 'running': {
      if (!run) return 'Preparing.';
      const { position, count, label } = run.structure;
      const structure = count > 1 ? `Structure ${position} of ${count}, ${label}: ` : '';
      return `${structure}${phaseWords(run)}.`;
    }
    case 'cancelling':
      return 'Stopping.';
    case 'review':
      return `Result to review. ${(review?.structures ?? [])
        .map(({ label, outcomes, caveats }) => {
          const beyond = countCaveats(caveats, outcomes, 'extrapolated');
          return `${label}: ${resultWords(outcomes, beyond)}`;
        })
        .join(' ')}`;
    case 'collecting':
      if (store.state === 'storing') return `${storeWords(store.step)}.`;
      if (store.state === 'stored' && !store.isChanged) {
        if (store.hasOtherUids) {
          return `Stored as ${store.seriesDescription}; the archive changed its UIDs.`;
        }
        return `${store.confirmed ? 'Stored' : 'Accepted'} as ${store.seriesDescription}.`;
      }
      return store.state === 'stopped' ? 'Storing was stopped.' : '';
  }
}
