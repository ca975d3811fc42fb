import { Question } from './Question';
import { plural } from './words';

/** "9 of these 10 slices were never shown." */
function unseenWords(unseen: number, open: number): string {
  if (open === 1) return 'This slice was never shown.';
  if (unseen >= open) return `None of these ${open} slices was shown.`;
  return `${unseen} of these ${plural(open, 'slice')} ${unseen === 1 ? 'was' : 'were'} never shown.`;
}

/** Asks before slices are accepted that were never shown. */
export function UnseenQuestion(props: {
  /** Number of slices never shown, and number of all slices that would be accepted. */
  unseen: number;
  open: number;
  /** Text of the button that accepts. */
  accept: string;
  onAccept(): void;
  onCancel(): void;
}) {
  const { unseen, open, ...answers } = props;
  return (
    <Question label="Accept slices never shown" {...answers}>
      {unseenWords(unseen, open)} Accept unseen?
    </Question>
  );
}
