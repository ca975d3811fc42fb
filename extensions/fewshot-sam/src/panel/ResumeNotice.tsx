import type { ResumeOffer, SessionActions } from '../session/state';
import { ActionButton } from './ActionButton';
import { HintIcon } from './icons';
import { plural } from './words';

/** Offers to restore a review that was left, or what was drawn before a reload. */
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
            : `Restore what you drew on ${plural(drawnSlices, 'slice')}?`}
        </p>
        {drawnSlices > 0 && (
          <p>
            {review ? `What you drew on ${plural(drawnSlices, 'slice')} is restored too. ` : ''}
            It was saved in this browser; it is not in the archive.
          </p>
        )}
        <div className="fs-decision">
          <ActionButton
            hint={
              review
                ? 'Shows the predictions and your decisions again'
                : 'Draws it again, in a new segmentation if needed'
            }
            onPress={actions.resume}
          >
            {review ? 'Continue' : 'Restore'}
          </ActionButton>
          <ActionButton
            hint={
              drawnSlices > 0
                ? 'Deletes it from this browser for good'
                : 'Deletes the predictions. Your outlines stay.'
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
