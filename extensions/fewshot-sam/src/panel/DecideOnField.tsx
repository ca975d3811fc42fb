import { useId } from 'react';
import type { ReviewState } from '../session/state';
import { RadioField } from './RadioField';
import { MOST_NAMED } from './reviewedSlice';

/** Chooses the structure to decide on, or all. A drop-down list if there are many. */
export function DecideOnField(props: {
  review: ReviewState;
  choose(decideOn: ReviewState['decideOn']): void;
}) {
  const { structures, decideOn } = props.review;
  const id = useId();
  if (structures.length < 2) return null;
  const words: Record<string, string> = { all: 'All' };
  // Avoid numeric keys: an object would move them to the front.
  for (const { segmentIndex, label } of structures) words[`segment ${segmentIndex}`] = label;
  const value = decideOn === null ? 'all' : `segment ${decideOn}`;
  const choose = (choice: string) =>
    props.choose(choice === 'all' ? null : Number(choice.replace('segment ', '')));
  if (structures.length <= MOST_NAMED) {
    return <RadioField legend="Decide on" words={words} value={value} choose={choose} />;
  }
  return (
    <div className="fs-field">
      <label htmlFor={id}>Decide on</label>
      <select
        id={id}
        className="fs-input"
        title="Structure that Accept and Reject apply to"
        value={value}
        onChange={event => choose(event.target.value)}
      >
        {Object.entries(words).map(([choice, word]) => (
          <option key={choice} value={choice}>
            {choice === 'all' ? `All ${structures.length} structures` : word}
          </option>
        ))}
      </select>
    </div>
  );
}
