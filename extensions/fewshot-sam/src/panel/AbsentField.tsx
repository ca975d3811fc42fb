import { useId } from 'react';
import { slicesWords, sliceNumber } from './words';

/**
 * Says of the slice shown that the structure is not there: runs end there, and tasks learn where it is absent.
 */
export function AbsentField(props: {
  label: string;
  /** Slices that contain the structure, and those of which the user says that it is not there. */
  labeled: readonly number[];
  absent: readonly number[];
  currentSlice: number | null;
  markAbsent(sliceIndex: number, absent: boolean): void;
}) {
  const { label, labeled, absent, currentSlice, markAbsent } = props;
  const reason = useId();
  const isMarked = currentSlice !== null && absent.includes(currentSlice);
  const why =
    currentSlice === null
      ? 'The viewer shows no slice of this series.'
      : labeled.includes(currentSlice)
        ? `Slice ${sliceNumber(currentSlice)} contains ${label}.`
        : '';
  return (
    <div className="fs-absent-field">
      <button
        type="button"
        className="fs-small-button"
        aria-pressed={isMarked}
        aria-disabled={why !== ''}
        aria-describedby={why ? reason : undefined}
        title={
          why ||
          (isMarked
            ? 'Segments this slice again'
            : 'The search ends here, and a task learns that the structure is not on this slice')
        }
        onClick={() => {
          if (!why) markAbsent(currentSlice!, !isMarked);
        }}
      >
        {isMarked ? 'Undo “not on this slice”' : 'Not on this slice'}
      </button>
      {absent.length > 0 && (
        <span className="fs-muted">
          {label} is not on {slicesWords(absent)}.
        </span>
      )}
      {why && (
        <span id={reason} className="fs-hidden">
          {why}
        </span>
      )}
    </div>
  );
}
