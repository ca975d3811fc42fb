import { useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { ReviewPictures } from '../session/sheetPictures';
import type { ReviewState, SessionActions } from '../session/state';
import { ActionButton } from './ActionButton';
import { DecideOnField } from './DecideOnField';
import { CheckIcon, CloseIcon } from './icons';
import { RadioField } from './RadioField';
import { decidedOn, decisionOnSlice } from './reviewedSlice';
import { SheetGrid } from './SheetGrid';
import { UnseenQuestion } from './UnseenQuestion';
import { plural } from './words';

type Order = 'sureness' | 'position';
const ORDERS: Record<Order, string> = { sureness: 'Least sure first', position: 'By position' };

/** The cell that Tab reaches. */
const TAB_STOP = '[role="gridcell"][tabindex="0"]';

/**
 * All slices of the result as pictures, over the whole window. A click rejects a slice or takes that back;
 * Enter accepts the rest.
 */
export function ContactSheet(props: {
  review: ReviewState;
  currentSlice: number | null;
  pictures: ReviewPictures;
  actions: Pick<SessionActions, 'decideSlices' | 'noteShown' | 'goToSlice' | 'changeReview'>;
  onClose(): void;
}) {
  const { review, currentSlice, pictures, actions, onClose } = props;
  const { found, toLookAt, unseen } = review;
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const [order, setOrder] = useState<Order>('sureness');
  /** Open slices never shown, while the sheet asks about them. */
  const [asksOf, setAsksOf] = useState(0);
  const structures = decidedOn(review);
  const slices = order === 'position' ? [...found].sort((a, b) => a - b) : found;
  const shown = useShown(actions.noteShown);

  useLayoutEffect(() => {
    const element = dialog.current!;
    element.showModal();
    element.querySelector<HTMLElement>(TAB_STOP)?.focus();
    // Closing returns the focus to where it was, which a removed dialog does not.
    return () => element.close();
  }, []);

  const rejected = found.filter(slice => decisionOnSlice(structures, slice) === 'rejected').length;
  const open = toLookAt.length;
  const acceptRest = () => {
    actions.decideSlices(toLookAt, 'accepted');
    onClose();
  };
  const askOrAccept = () => {
    if (open === 0) return;
    const never = toLookAt.filter(slice => unseen.includes(slice) && !shown.has(slice)).length;
    if (never > 0) setAsksOf(never);
    else acceptRest();
  };
  const back = () => {
    setAsksOf(0);
    dialog.current?.querySelector<HTMLElement>(TAB_STOP)?.focus();
  };

  /** Before the question inside, too: else the browser closes the dialog without telling React. */
  const escape = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    if (asksOf > 0) back();
    else onClose();
  };
  const key = (event: KeyboardEvent) => {
    // The viewer's hotkeys rest while the sheet is open.
    event.stopPropagation();
    if (event.key === 'Enter' && !event.repeat && !isControl(event.target)) {
      event.preventDefault();
      askOrAccept();
    }
  };
  const goTo = (slice: number) => {
    actions.goToSlice(slice);
    onClose();
  };

  return (
    <dialog
      ref={dialog}
      className="fs-sheet"
      aria-modal="true"
      aria-labelledby={id}
      onKeyDownCapture={escape}
      onKeyDown={key}
      onCancel={event => {
        event.preventDefault();
        onClose();
      }}
    >
      <header className="fs-sheet-bar">
        <h2 id={id}>
          All slices
          {structures.length === 1 && <span className="fs-muted"> {structures[0].label}</span>}
        </h2>
        <DecideOnField review={review} choose={decideOn => actions.changeReview({ decideOn })} />
        <RadioField legend="Order" words={ORDERS} value={order} choose={setOrder} />
        <button
          type="button"
          className="fs-icon-button"
          aria-label="Close"
          title="Back to the review (Esc)"
          onClick={() => onClose()}
        >
          <CloseIcon />
        </button>
      </header>
      <SheetGrid
        // Another order or another choice of structures begins at the top.
        key={`${order} ${review.decideOn}`}
        review={review}
        slices={slices}
        currentSlice={currentSlice}
        pictures={pictures}
        onShown={inSight => inSight.forEach(slice => shown.add(slice))}
        decideSlices={actions.decideSlices}
        onOpen={goTo}
      />
      <footer className="fs-sheet-bar">
        <div className="fs-sheet-words">
          <p role="status">
            {plural(found.length, 'slice')}: {rejected} rejected, {open} to decide.
          </p>
          <p className="fs-muted">
            Click or Space rejects a slice and takes it back. Double-click or O shows it in the
            viewport.
          </p>
        </div>
        {asksOf > 0 ? (
          <UnseenQuestion
            unseen={asksOf}
            open={open}
            accept="Accept unseen"
            onAccept={acceptRest}
            onCancel={back}
          />
        ) : (
          <ActionButton
            kind="primary"
            hint="Accepts every slice that is not rejected (Enter)"
            obstacle={
              open === 0
                ? { message: 'Every slice is decided.', remedy: 'Close the sheet, then finish.' }
                : null
            }
            keys="Enter"
            onPress={askOrAccept}
          >
            <CheckIcon /> {rejected > 0 ? `Accept the other ${open}` : `Accept all ${open}`}
          </ActionButton>
        )}
      </footer>
    </dialog>
  );
}

/** Whether the element handles Enter itself. */
function isControl(target: EventTarget): boolean {
  return target instanceof Element && target.closest('button, select, input') !== null;
}

/** Slices that were in sight. The review is told of them when the sheet closes: it has no other use before. */
function useShown(tell: (slices: number[]) => void): Set<number> {
  const [shown] = useState(() => new Set<number>());
  const latest = useRef(tell);
  useEffect(() => {
    latest.current = tell;
  });
  useEffect(
    () => () => {
      if (shown.size > 0) latest.current([...shown]);
    },
    [shown],
  );
  return shown;
}
