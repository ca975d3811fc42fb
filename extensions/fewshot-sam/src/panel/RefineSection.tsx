import type { ReviewState, SessionActions } from '../session/state';
import type { Drawing } from '../viewer/drawingTools';
import { ActionButton } from './ActionButton';
import { DrawTools } from './DrawTools';
import { EditIcon, RefineIcon } from './icons';
import { Section } from './Section';
import { plural } from './words';

/** Editing a slice by hand, and running again with the corrections. */
export function RefineSection(props: {
  review: ReviewState;
  drawing: Drawing | null;
  actions: SessionActions;
}) {
  const { review, drawing, actions } = props;
  const { accepted, useAccepted, editObstacle, refineObstacle } = review;
  return (
    <Section title="Correct and refine">
      <div className="fs-decision">
        <ActionButton
          hint="Copies this slice into your segment, in one undo step, so you can correct it with the brush. It then counts as outlined by you."
          obstacle={editObstacle}
          onPress={actions.editSlice}
        >
          <EditIcon /> Edit this slice
        </ActionButton>
        <ActionButton
          hint="Runs again with your corrections. Accepted slices stay as they are; all others are segmented again."
          obstacle={refineObstacle}
          onPress={actions.refine}
        >
          <RefineIcon /> Refine
        </ActionButton>
      </div>
      {drawing && <DrawTools drawing={drawing} actions={actions} />}
      {refineObstacle ? (
        <p className="fs-reason">
          To refine: {refineObstacle.message} {refineObstacle.remedy}
        </p>
      ) : (
        <p className="fs-reason">
          Refine learns from every slice you outlined or corrected, and segments the open and
          rejected slices again.
        </p>
      )}
      <label className="fs-choice fs-check">
        <input
          type="checkbox"
          checked={useAccepted}
          onChange={event => actions.changeReview({ useAccepted: event.target.checked })}
        />
        Learn from accepted slices too{accepted > 0 && ` (${plural(accepted, 'slice')})`}
      </label>
    </Section>
  );
}
