import type { OutlineWarning, SessionActions, SessionSnapshot } from '../session/state';
import { ActionButton } from './ActionButton';
import { HintIcon } from './icons';
import { areaWords, plural, sliceNumber } from './words';

const NOUNS = { holes: 'hole', specks: 'speck' };

/** "1 hole, 34 mm²", "3 specks, 9 mm² in total". */
function foundWords({ kind }: OutlineWarning, { count, areaMm2 }: OutlineWarning['slices'][0]) {
  return `${plural(count, NOUNS[kind])}, ${areaWords(areaMm2)}${count > 1 ? ' in total' : ''}`;
}

/** Message and advice for a warning. */
function questionWords({ kind, label, isRing, slices }: OutlineWarning): [string, string] {
  if (isRing) {
    return [
      `Every outline of ${label} has a large hole.`,
      'If it is a ring, such as a vessel wall, keep the holes. If it is solid, fill them.',
    ];
  }
  const outlines = slices.length === 1 ? 'An outline' : 'Outlines';
  const has = slices.length === 1 ? 'has' : 'have';
  return kind === 'holes'
    ? [
        `${outlines} of ${label} ${has} holes.`,
        'Results will have holes too. Fill them, unless they belong there.',
      ]
    : [
        `${outlines} of ${label} ${has} specks beside the structure.`,
        'Propagation treats specks as part of the structure. Remove them, unless they belong there.',
      ];
}

/**
 * Holes and specks in the outlines of the active segment, with buttons to fix or keep them, and links to
 * other segments that have some.
 */
export function OutlineWarnings(props: { snapshot: SessionSnapshot; actions: SessionActions }) {
  const { snapshot, actions } = props;
  const { segments, outlineWarnings } = snapshot;
  const active = segments.find(segment => segment.active)?.segmentIndex;
  const others = new Map(
    outlineWarnings
      .filter(({ segmentIndex }) => segmentIndex !== active)
      .map(({ segmentIndex, label }) => [segmentIndex, label]),
  );
  if (outlineWarnings.length === 0) return null;
  return (
    <div className="fs-warnings">
      {outlineWarnings
        .filter(({ segmentIndex }) => segmentIndex === active)
        .map(warning => (
          <OutlineWarningNotice key={warning.kind} warning={warning} actions={actions} />
        ))}
      {others.size > 0 && (
        <p className="fs-muted">
          Holes or specks in the outlines of{' '}
          {[...others].map(([segmentIndex, label], i) => (
            <span key={segmentIndex}>
              {i > 0 && ', '}
              <button
                type="button"
                className="fs-link fs-link-inline"
                title={`Selects ${label} and shows what was found`}
                onClick={() => actions.selectSegment(segmentIndex)}
              >
                {label}
              </button>
            </span>
          ))}
        </p>
      )}
    </div>
  );
}

function OutlineWarningNotice(props: { warning: OutlineWarning; actions: SessionActions }) {
  const { warning, actions } = props;
  const { segmentIndex, label, kind, slices, locked } = warning;
  const [message, advice] = questionWords(warning);
  const obstacle = locked
    ? { message: `${label} is locked.`, remedy: 'Unlock it in the segment list.' }
    : null;
  return (
    <section className="fs-notice fs-notice-hint" aria-label={message}>
      <HintIcon />
      <div className="fs-notice-text">
        <p className="fs-notice-message">{message}</p>
        <ul className="fs-warning-slices">
          {slices.map(slice => (
            <li key={slice.sliceIndex}>
              <button
                type="button"
                className="fs-link fs-link-inline"
                title={`Shows slice ${sliceNumber(slice.sliceIndex)}`}
                onClick={() => actions.goToSlice(slice.sliceIndex)}
              >
                Slice {sliceNumber(slice.sliceIndex)}
              </button>
              : {foundWords(warning, slice)}
            </li>
          ))}
        </ul>
        <p>{advice}</p>
        <div className="fs-decision">
          <ActionButton
            hint={
              kind === 'holes'
                ? 'Fills the holes on these slices, in one undo step'
                : 'Removes the specks on these slices, in one undo step'
            }
            obstacle={obstacle}
            onPress={() => actions.fixOutlines(segmentIndex, kind)}
          >
            {kind === 'holes' ? 'Fill holes' : 'Remove specks'}
          </ActionButton>
          <ActionButton
            hint="Keeps your outlines as they are, and does not ask again"
            onPress={() => actions.keepOutlines(segmentIndex, kind)}
          >
            They belong there
          </ActionButton>
        </div>
      </div>
    </section>
  );
}
