import type { MisreadOutlines, SessionActions } from '../session/state';
import { ActionButton } from './ActionButton';
import { AlertIcon, HintIcon } from './icons';
import { plural } from './words';

const REMEDY =
  'To fix it for good, store it as a label map with the tool that made it. The command line (--labels) reads the file correctly.';

/** "Liver on 3 slices, Spleen on 1 slice". */
function segmentsWords({ segments }: MisreadOutlines): string {
  return segments
    .map(({ label, slices }) => `${label} on ${plural(slices.length, 'slice')}`)
    .join(', ');
}

/** Reports outlines that OHIF misread, and offers to correct them. */
export function MisreadNotice(props: { misread: MisreadOutlines; actions: SessionActions }) {
  const { misread, actions } = props;
  if (misread.state === 'comparing') {
    const message = 'OHIF may have misread this segmentation. Comparing it with its file …';
    return (
      <section className="fs-notice fs-notice-hint" aria-label={message}>
        <HintIcon />
        <p className="fs-notice-text fs-notice-message">{message}</p>
      </section>
    );
  }
  const isWrong = misread.state === 'wrong';
  const message = isWrong
    ? `OHIF misread this segmentation: ${segmentsWords(misread)}.`
    : 'OHIF may have misread this segmentation.';
  const locked = misread.segments.find(segment => segment.locked);
  return (
    <section className="fs-notice fs-notice-failure" aria-label={message}>
      <AlertIcon />
      <div className="fs-notice-text" role="alert">
        <p className="fs-notice-message">{message}</p>
        <p>
          {isWrong
            ? 'The file is correct, but this viewer decodes it in the wrong bit order. '
            : 'Some OHIF versions decode such files in the wrong bit order, and the file could not be compared: check the outlines. '}
          {REMEDY}
        </p>
        {isWrong && (
          <div className="fs-decision">
            <ActionButton
              hint="Replaces the outlines with those of the file, in one undo step; slices that you changed stay as they are"
              obstacle={
                locked && {
                  message: `${locked.label} is locked.`,
                  remedy: 'Unlock it in the segment list.',
                }
              }
              onPress={() => actions.showAsStored()}
            >
              Show as stored
            </ActionButton>
          </div>
        )}
      </div>
    </section>
  );
}

/** Warning beside the Propagate button; null if the outlines are right. */
export function misreadWords(misread: MisreadOutlines | null): string | null {
  if (!misread) return null;
  return misread.state === 'wrong'
    ? 'OHIF misread the outlines (see above): results learned from them will be wrong too.'
    : 'OHIF may have misread the outlines (see above).';
}
