import { useId, type ReactNode } from 'react';

/** A radio group. */
export function RadioField<T extends string>(props: {
  legend: string;
  /** Choice -> label, in display order. */
  words: Record<T, string>;
  value: T;
  choose(value: T): void;
  children?: ReactNode;
}) {
  const { legend, words, value, choose, children } = props;
  const name = useId();
  return (
    <fieldset className="fs-field">
      <legend>{legend}</legend>
      <div className="fs-choices">
        {(Object.keys(words) as T[]).map(choice => (
          <label key={choice} className="fs-choice">
            <input
              type="radio"
              name={name}
              checked={choice === value}
              onChange={() => choose(choice)}
            />
            {words[choice]}
          </label>
        ))}
      </div>
      {children}
    </fieldset>
  );
}
