import type { ResumeOffer, SessionActions } from '../session/state';
import { ActionButton } from './ActionButton';
import { HintIcon } from './icons';
import { plural } from './words';

/** What was left or lost, and the offer to bring it back. */
export function ResumeNotice(props: { offer: ResumeOffer; actions: SessionActions }) {
  const { offer, actions } = props;
  const { reviewSlices, drawnSlices } = offer;
  const review = reviewSlices > 0;
  return (
    <div className="fs-notice fs-notice-hint" role="status">
      <HintIcon />
      <div className="fs-notice-text">
        <p className="fs-notice-message">
          {review
            ? `Continue the review of ${plural(reviewSlices, 'slice')}?`
            : `Bring back what you drew on ${plural(drawnSlices, 'slice')}?`}
        </p>
        {drawnSlices > 0 && (
          <p>
            {review ? `What you drew on ${plural(drawnSlices, 'slice')} comes back too. ` : ''}
            It was kept in this browser; it is not stored in the archive.
          </p>
        )}
        <div className="fs-decision">
          <ActionButton
            hint={
              review
                ? 'Shows the predictions and your decisions again'
                : 'Puts what you drew back, as a new segmentation where needed'
            }
            onPress={actions.resume}
          >
            {review ? 'Continue' : 'Bring back'}
          </ActionButton>
          <ActionButton
            hint={
              drawnSlices > 0
                ? 'Deletes it from this browser for good'
                : 'Drops the predictions. What you outlined stays.'
            }
            onPress={actions.dismissResume}
          >
            Discard
          </ActionButton>
        </div>
      </div>
    </div>
  );
}
