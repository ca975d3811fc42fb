import { useState } from 'react';
import type { ReviewPictures } from '../session/sheetPictures';
import type { Obstacle, ReviewState, SessionActions, SessionSnapshot } from '../session/state';
import { ActionButton } from './ActionButton';
import { CleanUpSection } from './CleanUpSection';
import { ContactSheet } from './ContactSheet';
import { DecideOnField } from './DecideOnField';
import { GridIcon, HiddenIcon, ShownIcon } from './icons';
import { Notice } from './Notice';
import { OutlineHints } from './OutlineHints';
import { RangeDecision } from './RangeDecision';
import { RefineSection } from './RefineSection';
import { ReviewFooter } from './ReviewFooter';
import { decidedOn, decideObstacle, MOST_NAMED } from './reviewedSlice';
import { useReviewKeys, type ReviewKey } from './reviewKeys';
import { StructureReview } from './StructureReview';
import { durationWords, plural } from './words';

/** What is left to do. */
function leftWords({ toLookAt, structures }: ReviewState): string {
  if (toLookAt.length > 0) return `${plural(toLookAt.length, 'slice')} to look at.`;
  const isFound = structures.some(({ outcomes }) =>
    outcomes.some(outcome => outcome === 'accepted' || outcome === 'rejected'),
  );
  return isFound ? 'every slice is decided.' : 'there is nothing to decide.';
}

/** Why nothing can be done with the result as a whole; null if it can. */
function nothingFound({ obstacle, found }: ReviewState): Obstacle | null {
  if (obstacle || found.length > 0) return obstacle;
  return { message: 'Nothing was found.', remedy: 'Outline the structure on more slices.' };
}

/** View after a run: results, not written yet, and the decisions on them. */
export function ReviewView(props: {
  snapshot: SessionSnapshot;
  actions: SessionActions;
  pictures?: ReviewPictures;
}) {
  const { snapshot, actions, pictures } = props;
  const { review, currentSlice, series } = snapshot;

  const [isSheetOpen, setSheetOpen] = useState(false);
  const foundObstacle = review && nothingFound(review);
  const canOpenSheet = pictures !== undefined && !foundObstacle;

  const press = (key: ReviewKey) => {
    if (!review || review.writing) return;
    const { previewShown } = review;
    const undecidable = decideObstacle(review, currentSlice);
    const decide = (how: () => void) => {
      if (!undecidable) how();
      else if (!previewShown) actions.changeReview({ previewShown: true });
      else actions.look(1);
    };
    const pressed: Record<ReviewKey, () => void> = {
      accept: () => decide(() => actions.accept()),
      reject: () => decide(() => actions.reject()),
      next: () => actions.look(1),
      previous: () => actions.look(-1),
      toggle: () => actions.changeReview({ previewShown: !previewShown }),
      sheet: () => setSheetOpen(canOpenSheet),
      leave: actions.leave,
    };
    pressed[key]();
  };
  useReviewKeys(press);

  if (!review) return null;
  const { structures, previewShown } = review;
  const shown = structures.length > MOST_NAMED ? decidedOn(review) : structures;
  return (
    <>
      <div className="fs-review-head">
        <h3 className="fs-headline" tabIndex={-1} data-focus-first>
          Review the result
        </h3>
        <p className="fs-muted">
          Done in {durationWords(review.seconds)}. Nothing is written yet: {leftWords(review)}
        </p>
        {review.note && <Notice kind="hint" message={review.note} />}
        <ActionButton
          hint="Shows the slices with or without the predictions (T)"
          pressed={!previewShown}
          keys="T"
          onPress={() => actions.changeReview({ previewShown: !previewShown })}
        >
          {previewShown ? <ShownIcon /> : <HiddenIcon />}
          {previewShown ? 'Hide predictions' : 'Show predictions'}
        </ActionButton>
        {pictures && (
          <ActionButton
            hint="Shows all slices of the result as pictures; a click rejects one (A)"
            obstacle={foundObstacle}
            keys="A"
            onPress={() => setSheetOpen(true)}
          >
            <GridIcon /> All slices
          </ActionButton>
        )}
        <DecideOnField review={review} choose={decideOn => actions.changeReview({ decideOn })} />
      </div>
      {shown.map(structure => (
        <StructureReview
          key={structure.segmentIndex}
          structure={structure}
          isOfTask={review.note !== undefined}
          currentSlice={currentSlice}
          goToSlice={actions.goToSlice}
        />
      ))}
      <CleanUpSection snapshot={snapshot} obstacle={foundObstacle} actions={actions} />
      <RefineSection review={review} drawing={snapshot.drawing} actions={actions} />
      {snapshot.hints.length > 0 && review.toLookAt.length > 0 && (
        <OutlineHints hints={snapshot.hints} goToSlice={actions.goToSlice} />
      )}
      {series && (
        <RangeDecision
          sliceCount={series.sliceCount}
          currentSlice={currentSlice}
          obstacle={review.obstacle}
          toLookAt={review.toLookAt}
          unseen={review.unseen}
          accept={actions.accept}
          reject={actions.reject}
        />
      )}
      {pictures && isSheetOpen && (
        <ContactSheet
          review={review}
          currentSlice={currentSlice}
          pictures={pictures}
          actions={actions}
          onClose={() => setSheetOpen(false)}
        />
      )}
      <ReviewFooter review={review} currentSlice={currentSlice} actions={actions} />
    </>
  );
}
