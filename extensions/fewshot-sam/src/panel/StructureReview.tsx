import type { ReviewedStructure } from '../session/state';
import { css } from './color';
import { ConfidencePlot } from './ConfidencePlot';
import { Section } from './Section';
import { SliceLegend } from './SliceLegend';
import { SliceStrip } from './SliceStrip';
import { countStates, REVIEW_WORDS } from './sliceStates';
import { ThumbnailGrid } from './ThumbnailGrid';
import { diceWords, foundOn, plural, resultWords } from './words';

/** With fewer outlines none lies between two others, so none can be left out to see how it is found. */
const FEWEST_TO_JUDGE = 3;

/** One structure under review: how sure it is, slice by slice, and what was decided. */
export function StructureReview(props: {
  structure: ReviewedStructure;
  currentSlice: number | null;
  goToSlice(sliceIndex: number): void;
}) {
  const { structure, currentSlice, goToSlice } = props;
  const { label, color, outcomes, confidences, previews, expectedDice } = structure;
  const counts = countStates(outcomes);
  const notSearched = counts.get('not-searched') ?? 0;
  const leastSure = previews.some(({ confidence }) => confidence !== undefined);
  return (
    <Section
      title={label}
      aside={<span className="fs-swatch" style={{ background: css(color) }} />}
    >
      <p>{resultWords(outcomes)}</p>
      {expectedDice !== undefined && foundOn(outcomes) > 0 && (
        <p className="fs-muted">
          Expected Dice: <b>about {diceWords(expectedDice)}</b>,{' '}
          {(counts.get('drawn') ?? 0) < FEWEST_TO_JUDGE
            ? 'judging by other structures; once 3 slices are outlined, by your own.'
            : 'judging by your own slices.'}
        </p>
      )}
      <div>
        <ConfidencePlot confidences={confidences} />
        <SliceStrip
          label={`Slice shown, with the result for ${label}`}
          states={outcomes}
          confidences={confidences}
          words={REVIEW_WORDS}
          color={color}
          currentSlice={currentSlice}
          goToSlice={goToSlice}
        />
      </div>
      <SliceLegend counts={counts} color={color} confidences={confidences} states={outcomes} />
      {notSearched > 0 && (
        <p className="fs-muted">
          {plural(notSearched, 'slice')} beyond your outermost outlines{' '}
          {notSearched === 1 ? 'was' : 'were'} left empty. If the structure goes on there, outline
          its first and last slice.
        </p>
      )}
      {previews.length > 0 && (
        <>
          <p>{leastSure ? 'Least sure, look at these first:' : 'Next to look at:'}</p>
          <ThumbnailGrid
            label={`Next slices of ${label} to look at`}
            items={previews}
            color={color}
            currentSlice={currentSlice}
            goToSlice={goToSlice}
          />
        </>
      )}
    </Section>
  );
}
