import { useId, useState } from 'react';
import type { Obstacle, SliceRange } from '../session/state';
import { ActionButton } from './ActionButton';
import { ChevronIcon } from './icons';
import { typedRange } from './sliceRange';
import { sliceNumber } from './words';

/** Accept or reject all open slices from one to another. Folded: most decide slice by slice. */
export function RangeDecision(props: {
  sliceCount: number;
  currentSlice: number | null;
  obstacle: Obstacle | null;
  accept(range: SliceRange): void;
  reject(range: SliceRange): void;
}) {
  const { sliceCount, currentSlice, obstacle, accept, reject } = props;
  const id = useId();
  const [typed, setTyped] = useState({ from: '1', to: String(sliceCount) });
  const range = typedRange(typed.from, typed.to, sliceCount);
  const problem = 'problem' in range ? range.problem : '';
  const unready = obstacle ?? (problem ? { message: problem, remedy: 'Correct the range.' } : null);
  const decide = (how: (range: SliceRange) => void) => {
    if (!('problem' in range)) how(range);
  };
  const field = (end: 'from' | 'to', name: string) => (
    <span className="fs-range-end">
      <input
        className="fs-input"
        type="number"
        inputMode="numeric"
        min={1}
        max={sliceCount}
        aria-label={name}
        aria-invalid={problem !== ''}
        aria-describedby={problem ? id : undefined}
        value={typed[end]}
        onChange={event => setTyped({ ...typed, [end]: event.target.value })}
      />
      {currentSlice !== null && (
        <button
          type="button"
          className="fs-link"
          aria-label={`${name}: use slice ${sliceNumber(currentSlice)}`}
          onClick={() => setTyped({ ...typed, [end]: String(sliceNumber(currentSlice)) })}
        >
          Use slice {sliceNumber(currentSlice)}
        </button>
      )}
    </span>
  );
  return (
    <details className="fs-settings">
      <summary className="fs-section-bar">
        <span>Decide on a range</span>
        <span className="fs-settings-summary">several at once</span>
        <ChevronIcon />
      </summary>
      <div className="fs-section-body">
        <div className="fs-range">
          {field('from', 'First slice of the range')}
          <span aria-hidden="true">to</span>
          {field('to', 'Last slice of the range')}
        </div>
        <p id={id} className="fs-problem" role="status">
          {problem}
        </p>
        <div className="fs-decision">
          <ActionButton
            hint="Accepts every slice of the range that is not decided yet"
            obstacle={unready}
            onPress={() => decide(accept)}
          >
            Accept range
          </ActionButton>
          <ActionButton
            hint="Rejects every slice of the range that is not decided yet"
            obstacle={unready}
            onPress={() => decide(reject)}
          >
            Reject range
          </ActionButton>
        </div>
      </div>
    </details>
  );
}
