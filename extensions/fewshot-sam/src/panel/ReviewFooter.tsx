import { useEffect, useRef, useState, type RefObject } from 'react';
import type { ReviewState, SessionActions } from '../session/state';
import { ActionButton } from './ActionButton';
import { CheckIcon, CloseIcon, LeftIcon, RightIcon } from './icons';
import { Notice } from './Notice';
import {
  decideObstacle,
  isDecided,
  openWithCaveat,
  primaryAction,
  sliceWords,
} from './reviewedSlice';
import { UnseenQuestion } from './UnseenQuestion';
import { plural } from './words';

/** Buttons to decide on the slice shown, and to finish or leave the review. */
export function ReviewFooter(props: {
  review: ReviewState;
  currentSlice: number | null;
  actions: SessionActions;
}) {
  const { review, currentSlice, actions } = props;
  const { toLookAt, unseen, accepted, writing, finishObstacle, obstacle } = review;
  const undecidable = decideObstacle(review, currentSlice);
  const open = toLookAt.length;
  const busy = writing
    ? { message: 'The accepted slices are being written.', remedy: 'Wait a moment.' }
    : null;
  const nothingOpen =
    open === 0
      ? { message: 'No slices are left to look at.', remedy: 'Finish, or leave the review.' }
      : null;
  const nothingAccepted =
    accepted === 0
      ? { message: 'No slice is accepted yet.', remedy: 'Accept slices, or accept all.' }
      : null;
  const beyond = openWithCaveat(review, 'extrapolated');
  const unpromised = openWithCaveat(review, 'no-promise');
  const done = open === 0 && accepted > 0;
  const primary = primaryAction(review, currentSlice);
  const kindOf = (action: typeof primary) => (primary === action ? 'primary' : 'plain');
  const [isAsking, setAsking] = useState(false);
  const footer = useRef<HTMLDivElement>(null);
  useFocusOnFinish(footer, done);
  return (
    <div ref={footer} className="fs-footer">
      {(obstacle ?? finishObstacle) && <Notice kind="hint" {...(obstacle ?? finishObstacle!)} />}
      <div className="fs-slice-line">
        <span>{sliceWords(review, currentSlice)}</span>
        {isDecided(review, currentSlice) && !busy && (
          <ActionButton
            kind="link"
            hint="Takes back the decision on this slice"
            onPress={actions.reopen}
          >
            Take back
          </ActionButton>
        )}
      </div>
      <div className="fs-decision">
        <ActionButton
          kind="icon"
          label="Previous slice that needs a look"
          hint="Goes to the previous slice that needs a look (left arrow)"
          obstacle={obstacle ?? nothingOpen}
          keys="ArrowLeft"
          onPress={() => actions.look(-1)}
        >
          <LeftIcon />
        </ActionButton>
        <ActionButton
          kind={kindOf('accept')}
          hint="Accepts this slice and goes to the next that needs a look (Enter)"
          obstacle={undecidable}
          keys="Enter"
          onPress={() => actions.accept()}
        >
          <CheckIcon /> Accept
        </ActionButton>
        <ActionButton
          hint="Rejects this slice: your segment stays as it is there (Delete)"
          obstacle={undecidable}
          keys="Delete Backspace"
          onPress={() => actions.reject()}
        >
          <CloseIcon /> Reject
        </ActionButton>
        <ActionButton
          kind={primary === 'next' && !obstacle ? 'primary-icon' : 'icon'}
          label="Next slice that needs a look"
          hint="Goes to the next slice that needs a look (right arrow)"
          obstacle={obstacle ?? nothingOpen}
          keys="ArrowRight"
          onPress={() => actions.look(1)}
        >
          <RightIcon />
        </ActionButton>
      </div>
      <ActionButton
        kind={kindOf('finish')}
        hint="Writes the accepted slices into your segment, in one undo step. Your outlines stay as they are."
        obstacle={busy ?? finishObstacle ?? nothingAccepted}
        focusFirst={done}
        onPress={actions.finish}
      >
        {writing
          ? 'Writing…'
          : accepted > 0
            ? `Finish: write ${plural(accepted, 'accepted slice')}`
            : 'Finish'}
      </ActionButton>
      {!done && beyond + unpromised > 0 && (
        <p className="fs-reason">{uncheckedWords(open, beyond, unpromised)}</p>
      )}
      {!done && isAsking && unseen.length > 0 ? (
        <UnseenQuestion
          unseen={unseen.length}
          open={open}
          accept="Accept and finish"
          onAccept={actions.acceptAll}
          onCancel={() => setAsking(false)}
        />
      ) : (
        !done && (
          <ActionButton
            hint="Accepts every undecided slice and writes all accepted slices, in one undo step"
            obstacle={busy ?? finishObstacle ?? nothingOpen}
            onPress={() => {
              if (unseen.length > 0) setAsking(true);
              else actions.acceptAll();
            }}
          >
            {open > 0 ? `Accept all ${open} and finish` : 'Accept all and finish'}
          </ActionButton>
        )
      )}
      <div className="fs-links">
        <ActionButton
          kind="link"
          hint="Leaves the review; you can continue it later (Esc)"
          obstacle={busy}
          keys="Escape"
          onPress={actions.leave}
        >
          Leave, decide later
        </ActionButton>
        <ActionButton
          kind="link"
          hint="Deletes the predictions. Your outlines stay."
          obstacle={busy}
          onPress={actions.discard}
        >
          Discard
        </ActionButton>
      </div>
    </div>
  );
}

/** What "Accept all" would accept unseen: "Of these 14, 6 lie beyond your outlines. Look at them first." */
function uncheckedWords(open: number, beyond: number, unpromised: number): string {
  const parts = [
    ...(beyond ? [`${beyond} ${beyond === 1 ? 'lies' : 'lie'} beyond your outlines`] : []),
    ...(unpromised ? [`${unpromised} ${unpromised === 1 ? 'has' : 'have'} no promise`] : []),
  ];
  return `Of these ${open}, ${parts.join(' and ')}. Look at them first.`;
}

/** Focuses the Finish button after the last decision, unless the focus is outside the panel. */
function useFocusOnFinish(footer: RefObject<HTMLElement | null>, done: boolean): void {
  useEffect(() => {
    if (!done) return;
    const { activeElement } = document;
    const idle = !activeElement || activeElement === document.body;
    if (!idle && !activeElement.closest('.fewshot')) return;
    footer.current?.querySelector<HTMLElement>('[data-focus-first]')?.focus();
  }, [footer, done]);
}
