import type { MisreadOutlines, SessionActions } from '../session/state';
import { ActionButton } from './ActionButton';
import { AlertIcon, HintIcon } from './icons';
import { plural } from './words';

const REMEDY =
  'To keep it right in OHIF, store it as a label map with the tool that made it. The command line (--labels) reads the file as it is.';

/** "Liver on 3 slices, Spleen on 1 slice". */
function segmentsWords({ segments }: MisreadOutlines): string {
  return segments
    .map(({ label, slices }) => `${label} on ${plural(slices.length, 'slice')}`)
    .join(', ');
}

/** What OHIF shows otherwise than the file holds it, and how to put it right; nothing changes by itself. */
export function MisreadNotice(props: { misread: MisreadOutlines; actions: SessionActions }) {
  const { misread, actions } = props;
  if (misread.state === 'comparing') {
    const message = 'OHIF may read this segmentation wrong. It is being compared with its file …';
    return (
      <section className="fs-notice fs-notice-hint" aria-label={message}>
        <HintIcon />
        <p className="fs-notice-text fs-notice-message">{message}</p>
      </section>
    );
  }
  const isWrong = misread.state === 'wrong';
  const message = isWrong
    ? `OHIF shows this segmentation wrong: ${segmentsWords(misread)}.`
    : 'OHIF may show this segmentation wrong.';
  const locked = misread.segments.find(segment => segment.locked);
  return (
    <section className="fs-notice fs-notice-failure" aria-label={message}>
      <AlertIcon />
      <div className="fs-notice-text" role="alert">
        <p className="fs-notice-message">{message}</p>
        <p>
          {isWrong
            ? 'The file is right, but this viewer takes it apart in the wrong bit order. '
            : 'Some versions of it take such files apart in the wrong bit order, and this one could not be compared with what is shown: check the outlines. '}
          {REMEDY}
        </p>
        {isWrong && (
          <div className="fs-decision">
            <ActionButton
              hint="Puts the outlines of the file in the place of those shown, in one undo step; slices that you changed stay as they are"
              obstacle={
                locked && {
                  message: `${locked.label} is locked.`,
                  remedy: 'Unlock it in the segment list.',
                }
              }
              onPress={() => actions.showAsStored()}
            >
              Show it as stored
            </ActionButton>
          </div>
        )}
      </div>
    </section>
  );
}

/** Beside the button that learns from outlines: that they may be wrong; null where they are not. */
export function misreadWords(misread: MisreadOutlines | null): string | null {
  if (!misread) return null;
  return misread.state === 'wrong'
    ? 'OHIF shows outlines wrong (see above): what is learned from them is wrong, too.'
    : 'OHIF may show outlines wrong (see above).';
}
