import { useEffect, useId, useState } from 'react';
import type { Settings } from '../session/state';
import { typedRange } from './sliceRange';
import { sliceNumber } from './words';

/**
 * First and last slice to segment. Taken over when a field is left or Enter is pressed; a range that
 * makes no sense is said and not taken over.
 */
export function RangeFields(props: {
  settings: Settings;
  sliceCount: number;
  currentSlice: number | null;
  changeSettings(change: Partial<Settings>): void;
}) {
  const { settings, sliceCount, currentSlice, changeSettings } = props;
  const id = useId();
  const { from, to } = settings;
  const [typed, setTyped] = useState({ from: '', to: '' });
  const [problem, setProblem] = useState('');
  useEffect(() => {
    setTyped({ from: String(sliceNumber(from)), to: String(sliceNumber(to)) });
    setProblem('');
  }, [from, to]);

  const takeOver = (range: typeof typed) => {
    const wanted = typedRange(range.from, range.to, sliceCount);
    setProblem('problem' in wanted ? wanted.problem : '');
    if (!('problem' in wanted) && (wanted.from !== from || wanted.to !== to))
      changeSettings(wanted);
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
        onBlur={() => takeOver(typed)}
        onKeyDown={event => event.key === 'Enter' && takeOver(typed)}
      />
      {currentSlice !== null && (
        <button
          type="button"
          className="fs-link"
          aria-label={`${name}: use slice ${sliceNumber(currentSlice)}`}
          onClick={() => {
            const range = { ...typed, [end]: String(sliceNumber(currentSlice)) };
            setTyped(range);
            takeOver(range);
          }}
        >
          Use slice {sliceNumber(currentSlice)}
        </button>
      )}
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
