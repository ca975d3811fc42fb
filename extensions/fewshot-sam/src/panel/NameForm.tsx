import { useId, useRef, useState, type ReactNode } from 'react';
import type { Obstacle } from '../session/state';
import { useScrolledIntoView } from './scrollIntoView';

/** Asks for a name. Enter submits, Escape cancels. */
export function NameForm(props: {
  label: string;
  initial: string;
  submit: string;
  /** Why a name cannot be used; null if it can. */
  obstacle(name: string): Obstacle | null;
  onSubmit(name: string): void;
  onCancel(): void;
  children?: ReactNode;
}) {
  const [name, setName] = useState(props.initial);
  const [tried, setTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useScrolledIntoView(form);
  const field = useId();
  const problem = useId();
  const obstacle = tried ? props.obstacle(name) : null;
  return (
    <form
      ref={form}
      className="fs-form"
      onSubmit={event => {
        event.preventDefault();
        setTried(true);
        if (!props.obstacle(name)) props.onSubmit(name);
      }}
      onKeyDown={event => {
        // The viewer has hotkeys on letters.
        event.stopPropagation();
        if (event.key === 'Escape') props.onCancel();
      }}
    >
      <div className="fs-field">
        <label htmlFor={field}>{props.label}</label>
        <input
          id={field}
          className="fs-input"
          value={name}
          maxLength={80}
          autoFocus
          autoComplete="off"
          aria-invalid={obstacle !== null}
          aria-describedby={problem}
          onFocus={event => event.target.select()}
          onChange={event => setName(event.target.value)}
        />
        <p id={problem} className="fs-problem" role="status">
          {obstacle && `${obstacle.message} ${obstacle.remedy}`}
        </p>
      </div>
      {props.children}
      <div className="fs-decision">
        <button type="submit" className="fs-button">
          {props.submit}
        </button>
        <button type="button" className="fs-button" onClick={props.onCancel}>
          Cancel
        </button>
      </div>
    </form>
  );
}
