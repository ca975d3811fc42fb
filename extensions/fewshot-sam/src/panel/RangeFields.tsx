import { useEffect, useId, useState } from 'react';
import type { Settings } from '../session/state';
import { typedRange } from './sliceRange';
import { sliceNumber } from './words';

/** First and last slice to segment. A range that makes no sense is said and not taken over. */
export function RangeFields(props: {
  settings: Settings;
  sliceCount: number;
  currentSlice: number | null;
  changeSettings(change: Partial<Settings>): void;
}) {
  const { settings, sliceCount, currentSlice, changeSettings } = props;
  const id = useId();
  const [typed, setTyped] = useState({ from: '', to: '' });
  const { from, to } = settings;
  useEffect(
    () => setTyped({ from: String(sliceNumber(from)), to: String(sliceNumber(to)) }),
    [from, to],
  );

  const range = typedRange(typed.from, typed.to, sliceCount);
  const problem = 'problem' in range && typed.from !== '' ? range.problem : '';
  const change = (edit: Partial<typeof typed>) => {
    const next = { ...typed, ...edit };
    setTyped(next);
    const wanted = typedRange(next.from, next.to, sliceCount);
    if (!('problem' in wanted)) changeSettings(wanted);
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
        onChange={event => change({ [end]: event.target.value })}
      />
      <button
        type="button"
        className="fs-link"
        disabled={currentSlice === null}
        aria-label={`${name}: use the slice shown`}
        onClick={() => change({ [end]: String(sliceNumber(currentSlice!)) })}
      >
        Use shown
      </button>
    </span>
  );

  return (
    <fieldset className="fs-field">
      <legend>Slices to segment</legend>
      <div className="fs-range">
        {field('from', 'First slice')}
        <span aria-hidden="true">to</span>
        {field('to', 'Last slice')}
      </div>
      <p id={id} className="fs-problem" role="status">
        {problem}
      </p>
    </fieldset>
  );
}
