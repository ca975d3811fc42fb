import { useState } from 'react';
import type { Obstacle, SliceRange } from '../session/state';
import { ActionButton } from './ActionButton';
import { ChevronIcon } from './icons';
import { showOpened } from './scrollIntoView';
import { RangeInputs } from './RangeInputs';
import { typedRange } from './sliceRange';
import { UnseenQuestion } from './UnseenQuestion';

/** Accepts or rejects all open slices of a range. Folded, since most readers decide slice by slice. */
export function RangeDecision(props: {
  sliceCount: number;
  currentSlice: number | null;
  obstacle: Obstacle | null;
  /** Slices that await a decision, and those of them that were never shown. */
  toLookAt: readonly number[];
  unseen: readonly number[];
  accept(range: SliceRange): void;
  reject(range: SliceRange): void;
}) {
  const { sliceCount, currentSlice, obstacle, toLookAt, unseen, accept, reject } = props;
  const [typed, setTyped] = useState({ from: '1', to: String(sliceCount) });
  const range = typedRange(typed.from, typed.to, sliceCount);
  const problem = 'problem' in range ? range.problem : '';
  const unready = obstacle ?? (problem ? { message: problem, remedy: 'Correct the range.' } : null);
  const [isAsking, setAsking] = useState(false);
  const inRange = (slices: readonly number[]) =>
    'problem' in range ? 0 : slices.filter(at => at >= range.from && at <= range.to).length;
  const decide = (how: (range: SliceRange) => void) => {
    setAsking(false);
    if (!('problem' in range)) how(range);
  };
  return (
    <details className="fs-settings" onToggle={showOpened}>
      <summary className="fs-section-bar">
        <span>Decide on a range</span>
        <span className="fs-settings-summary">several at once</span>
        <ChevronIcon />
      </summary>
      <div className="fs-section-body">
        <RangeInputs
          names={{ from: 'First slice of the range', to: 'Last slice of the range' }}
          typed={typed}
          problem={problem}
          sliceCount={sliceCount}
          currentSlice={currentSlice}
          onType={next => {
            setTyped(next);
            setAsking(false);
          }}
        />
        <div className="fs-decision">
          <ActionButton
            hint="Accepts every undecided slice of the range"
            obstacle={unready}
            onPress={() => {
              if (inRange(unseen) > 0) setAsking(true);
              else decide(accept);
            }}
          >
            Accept range
          </ActionButton>
          <ActionButton
            hint="Rejects every undecided slice of the range"
            obstacle={unready}
            onPress={() => decide(reject)}
          >
            Reject range
          </ActionButton>
        </div>
        {isAsking && (
          <UnseenQuestion
            unseen={inRange(unseen)}
            open={inRange(toLookAt)}
            accept="Accept unseen"
            onAccept={() => decide(accept)}
            onCancel={() => setAsking(false)}
          />
        )}
      </div>
    </details>
  );
}
