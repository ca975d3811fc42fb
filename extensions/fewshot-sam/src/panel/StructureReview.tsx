import type { ReviewedStructure } from '../session/state';
import { css } from './color';
import { ConfidencePlot } from './ConfidencePlot';
import { Section } from './Section';
import { SliceLegend } from './SliceLegend';
import { SliceStrip } from './SliceStrip';
import { countCaveats, countStates, REVIEW_WORDS } from './sliceStates';
import { ThumbnailGrid } from './ThumbnailGrid';
import { diceWords, foundOn, plural, resultWords } from './words';

/** With fewer outlines, none lies between two others, so none can be left out to measure accuracy. */
const FEWEST_TO_JUDGE = 3;

/** One structure under review: sureness and decision slice by slice. */
export function StructureReview(props: {
  structure: ReviewedStructure;
  /** A task found it: nothing is outlined here. */
  isOfTask: boolean;
  currentSlice: number | null;
  goToSlice(sliceIndex: number): void;
}) {
  const { structure, isOfTask, currentSlice, goToSlice } = props;
  const { label, color, outcomes, confidences, caveats, previews, expectedDice } = structure;
  const counts = countStates(outcomes);
  const notSearched = counts.get('not-searched') ?? 0;
  const beyond = countCaveats(caveats, outcomes, 'extrapolated');
  const unpromised = countCaveats(caveats, outcomes, 'no-promise');
  const leastSure = previews.some(({ confidence }) => confidence !== undefined);
  return (
    <Section
      title={label}
      aside={<span className="fs-swatch" style={{ background: css(color) }} />}
    >
      <p>{resultWords(outcomes, beyond)}</p>
      {expectedDice !== undefined && foundOn(outcomes) > 0 && (
        <p className="fs-muted">
          Expected Dice: <b>about {diceWords(expectedDice)}</b>,{' '}
          {isOfTask
            ? 'based on how well the task finds slices that it was not learned from.'
            : (counts.get('drawn') ?? 0) + (counts.get('given') ?? 0) < FEWEST_TO_JUDGE
              ? 'based on other structures; outline 3 slices to base it on yours.'
              : 'based on your outlines.'}
          {beyond > 0 && ' It does not cover slices beyond your outlines.'}
        </p>
      )}
      <div>
        <ConfidencePlot confidences={confidences} caveats={caveats} />
        <SliceStrip
          label={`Slice shown, with the result for ${label}`}
          states={outcomes}
          confidences={confidences}
          caveats={caveats}
          words={REVIEW_WORDS}
          color={color}
          currentSlice={currentSlice}
          goToSlice={goToSlice}
        />
      </div>
      <SliceLegend
        counts={counts}
        color={color}
        states={outcomes}
        confidences={confidences}
        caveats={caveats}
      />
      {beyond > 0 && (
        <p className="fs-muted">
          No outline shows where the structure ends beyond your outermost outlines, so no slice
          there counts as sure. Look at each, or outline the first and last slice of the structure.
        </p>
      )}
      {unpromised > 0 && (
        <p className="fs-muted">
          No Dice is promised for {plural(unpromised, 'slice')}, because the image is blank there.
          Look at {unpromised === 1 ? 'it' : 'each'}.
        </p>
      )}
      {notSearched > 0 && (
        <p className="fs-muted">
          {plural(notSearched, 'slice')} beyond your outermost outlines{' '}
          {notSearched === 1 ? 'was' : 'were'} left empty. If the structure continues there, outline
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
