import { useRef, useSyncExternalStore, type KeyboardEvent } from 'react';
import { isRunning } from '../session/snapshot';
import type { SessionStore } from '../session/state';
import { announcement } from './announcement';
import { CollectView } from './CollectView';
import { Notice } from './Notice';
import { ReviewView } from './ReviewView';
import { RunView } from './RunView';
import type { TaskStore } from '../tasks/state';
import { STYLES } from './styles';
import { useFocusFollowsStatus } from './focus';

/** Where the viewer's hotkeys ignore keys although nothing can be typed. */
const NOT_TYPED_IN = 'select, input:is([type="radio"], [type="checkbox"], [type="range"])';

/** Shift+P on an element on which the viewer does not listen to it. */
function isPropagateIgnored(event: KeyboardEvent): boolean {
  const { key, shiftKey, ctrlKey, altKey, metaKey, repeat, target } = event;
  if (key.toLowerCase() !== 'p' || !shiftKey || ctrlKey || altKey || metaKey || repeat)
    return false;
  return target instanceof Element && target.matches(NOT_TYPED_IN);
}

/** The panel: one view per status, with the last failure above it. Hides tasks if `tasks` is missing. */
export function FewshotPanel(props: { store: SessionStore; tasks?: TaskStore | null }) {
  const { store, tasks } = props;
  const snapshot = useSyncExternalStore(store.subscribe, store.getSnapshot);
  const { status, series, failure, unkept } = snapshot;
  const { actions } = store;
  const root = useRef<HTMLDivElement>(null);
  useFocusFollowsStatus(root, status);

  const key = (event: KeyboardEvent) => {
    // The viewer has hotkeys on the keys that press our buttons (Space resets the viewport).
    if (event.key === ' ' || event.key === 'Enter') event.stopPropagation();
    if (isPropagateIgnored(event) && status === 'collecting' && !snapshot.obstacle) {
      event.preventDefault();
      event.stopPropagation();
      actions.propagate();
    }
    if (event.key === 'Escape' && status === 'running') {
      event.stopPropagation();
      actions.cancel();
    }
  };

  return (
    <>
      <style>{STYLES}</style>
      <div ref={root} className="fewshot" role="region" aria-label="Few-shot" onKeyDown={key}>
        <p className="fs-hidden" aria-live="polite">
          {announcement(snapshot)}
        </p>
        {series && (
          <header className="fs-series">
            <h2 title={series.description}>{series.description || 'Series without description'}</h2>
            <span>
              {series.modality} · {series.sliceCount} {series.plane} slices
            </span>
          </header>
        )}
        {failure && (
          <Notice
            kind="failure"
            message={failure.message}
            remedy={failure.remedy}
            onDismiss={actions.dismissFailure}
          />
        )}
        {unkept && (
          <Notice
            kind="hint"
            message="This browser cannot save unfinished work."
            remedy="Store or download the segmentation before you reload or close the page."
          />
        )}
        {isRunning(snapshot) && <RunView snapshot={snapshot} actions={actions} />}
        {status === 'review' && (
          <ReviewView snapshot={snapshot} actions={actions} pictures={store.pictures} />
        )}
        {status === 'collecting' && (
          <CollectView
            snapshot={snapshot}
            actions={actions}
            kept={store.kept}
            results={store.results}
            tasks={tasks}
          />
        )}
        <p className="fs-research">Research use. Not a medical device.</p>
      </div>
    </>
  );
}
