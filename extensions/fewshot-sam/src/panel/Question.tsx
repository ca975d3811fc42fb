import { useRef, type ReactNode } from 'react';
import { AlertIcon } from './icons';
import { useScrolledIntoView } from './scrollIntoView';

interface Answers {
  /** Text of the button that goes ahead. */
  accept: string;
  onAccept(): void;
  /** Text of the button that does not. */
  cancel?: string;
  onCancel(): void;
}

/** The two answers to a question; the first one takes the focus. */
export function AnswerButtons({ accept, onAccept, cancel = 'Cancel', onCancel }: Answers) {
  return (
    <div className="fs-decision">
      <button type="button" className="fs-button" autoFocus onClick={onAccept}>
        {accept}
      </button>
      <button type="button" className="fs-button" onClick={onCancel}>
        {cancel}
      </button>
    </div>
  );
}

/** Asks before something goes ahead. Escape cancels. */
export function Question(props: Answers & { label: string; children: ReactNode }) {
  const { label, children, ...answers } = props;
  const root = useRef<HTMLDivElement>(null);
  useScrolledIntoView(root);
  return (
    <div
      ref={root}
      className="fs-question"
      role="alertdialog"
      aria-label={label}
      onKeyDown={event => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        answers.onCancel();
      }}
    >
      <p>
        <AlertIcon /> {children}
      </p>
      <AnswerButtons {...answers} />
    </div>
  );
}
