import type { MaskCleanUpKind } from 'fewshot-sam';
import { useEffect, useRef } from 'react';
import type { Obstacle, SessionActions, SessionSnapshot } from '../session/state';
import { ActionButton } from './ActionButton';
import { ChevronIcon } from './icons';
import { Question } from './Question';
import { showOpened } from './scrollIntoView';
import { plural } from './words';

const KINDS: Record<MaskCleanUpKind, { words: string; hint: string }> = {
  smooth: { words: 'Smooth', hint: 'Smooths the border by about 1.5 mm, within and across slices' },
  holes: { words: 'Fill holes', hint: 'Fills holes that a slice encloses' },
  largest: { words: 'Largest piece', hint: 'Keeps the largest connected piece' },
  specks: {
    words: 'Remove specks',
    hint: 'Removes pieces with less than 2 % of the volume of the largest one',
  },
};
const ORDER = Object.keys(KINDS) as MaskCleanUpKind[];

/** Cleans up the whole result, with a preview. Folded, since most results need none of it. */
export function CleanUpSection(props: {
  snapshot: Pick<SessionSnapshot, 'cleanUp' | 'currentSlice'>;
  /** Why nothing can be cleaned up. */
  obstacle: Obstacle | null;
  actions: Pick<SessionActions, 'cleanUp' | 'applyCleanUp' | 'cancelCleanUp' | 'goToSlice'>;
}) {
  const { snapshot, obstacle, actions } = props;
  const { cleanUp, currentSlice } = snapshot;
  const busy =
    cleanUp.state === 'computing'
      ? { message: 'A clean-up is being computed.', remedy: 'Wait a moment.' }
      : null;
  const fold = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    if (cleanUp.state === 'preview' && fold.current) fold.current.open = true;
  }, [cleanUp.state]);
  return (
    <details ref={fold} className="fs-settings" onToggle={showOpened}>
      <summary className="fs-section-bar">
        <span>Clean up</span>
        <span className="fs-settings-summary">smooth, fill, remove</span>
        <ChevronIcon />
      </summary>
      <div className="fs-section-body">
        {cleanUp.state === 'preview' ? (
          <Question
            label="Preview of the clean-up"
            accept="Apply"
            onAccept={actions.applyCleanUp}
            onCancel={actions.cancelCleanUp}
          >
            {KINDS[cleanUp.kind].words}: {plural(cleanUp.slices.length, 'slice')}{' '}
            {cleanUp.slices.length === 1 ? 'changes' : 'change'}, {changeWords(cleanUp)}.{' '}
            <button
              type="button"
              className="fs-link fs-link-inline"
              onClick={() => actions.goToSlice(nextOf(cleanUp.slices, currentSlice))}
            >
              Show next
            </button>
          </Question>
        ) : (
          <>
            <div className="fs-clean-up">
              {ORDER.map(kind => (
                <ActionButton
                  key={kind}
                  hint={`${KINDS[kind].hint}; shows a preview first`}
                  obstacle={obstacle ?? busy}
                  onPress={() => actions.cleanUp(kind)}
                >
                  {KINDS[kind].words}
                </ActionButton>
              ))}
            </div>
            <p className="fs-reason" role="status">
              {cleanUp.state === 'computing' && `${KINDS[cleanUp.kind].words}: computing…`}
              {cleanUp.state === 'unchanged' && `${KINDS[cleanUp.kind].words}: nothing to change.`}
              {cleanUp.state === 'applied' &&
                `${KINDS[cleanUp.kind].words}: ${plural(cleanUp.slices, 'slice')} changed. Ctrl+Z takes it back.`}
              {cleanUp.state === 'idle' &&
                'Changes every segmented slice that is not rejected. Your outlines stay.'}
            </p>
          </>
        )}
      </div>
    </details>
  );
}

/** "523 voxels added, 12 removed". */
function changeWords({ added, removed }: { added: number; removed: number }): string {
  if (added === 0) return `${plural(removed, 'voxel')} removed`;
  return removed === 0
    ? `${plural(added, 'voxel')} added`
    : `${plural(added, 'voxel')} added, ${removed} removed`;
}

/** The changed slice after the one shown, in the order of the list. */
function nextOf(slices: readonly number[], current: number | null): number {
  return slices[(slices.indexOf(current ?? -1) + 1) % slices.length];
}
