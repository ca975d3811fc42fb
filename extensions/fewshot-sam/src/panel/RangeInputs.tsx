import { useId } from 'react';
import { sliceNumber } from './words';

/** First and last slice as typed by a person. */
export interface TypedEnds {
  from: string;
  to: string;
}

/** Two number fields for a slice range, with the problem of what was typed below them. */
export function RangeInputs(props: {
  /** Accessible names of the two fields. */
  names: TypedEnds;
  typed: TypedEnds;
  /** Why the typed range cannot be used; empty when it can. */
  problem: string;
  sliceCount: number;
  currentSlice: number | null;
  onType(typed: TypedEnds): void;
  /** A field was left, Enter was pressed, or the slice shown was taken. */
  onDone?(typed: TypedEnds): void;
}) {
  const { names, typed, problem, sliceCount, currentSlice, onType, onDone } = props;
  const id = useId();
  const field = (end: keyof TypedEnds) => (
    <span className="fs-range-end">
      <input
        className="fs-input"
        type="number"
        inputMode="numeric"
        min={1}
        max={sliceCount}
        aria-label={names[end]}
        aria-invalid={problem !== ''}
        aria-describedby={problem ? id : undefined}
        value={typed[end]}
        onChange={event => onType({ ...typed, [end]: event.target.value })}
        onBlur={() => onDone?.(typed)}
        onKeyDown={event => event.key === 'Enter' && onDone?.(typed)}
      />
      {currentSlice !== null && (
        <button
          type="button"
          className="fs-link"
          aria-label={`${names[end]}: use slice ${sliceNumber(currentSlice)}`}
          onClick={() => {
            const range = { ...typed, [end]: String(sliceNumber(currentSlice)) };
            onType(range);
            onDone?.(range);
          }}
        >
          Use slice {sliceNumber(currentSlice)}
        </button>
      )}
    </span>
  );
  return (
    <>
      <div className="fs-range">
        {field('from')}
        <span aria-hidden="true">to</span>
        {field('to')}
      </div>
      <p id={id} className="fs-problem" role="status">
        {problem}
      </p>
    </>
  );
}
