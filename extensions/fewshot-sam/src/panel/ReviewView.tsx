import type { ResultSummary, SessionActions, SessionSnapshot } from '../session/state';
import { css } from './color';
import { Notice } from './Notice';
import { Section } from './Section';
import { SliceLegend } from './SliceLegend';
import { SliceStrip } from './SliceStrip';
import { countStates } from './sliceStates';
import { ThumbnailGrid } from './ThumbnailGrid';
import { diceWords, durationWords, plural, resultWords } from './words';

function StructureResult(props: {
  structure: ResultSummary['structures'][number];
  currentSlice: number | null;
  goToSlice(sliceIndex: number): void;
}) {
  const { structure, currentSlice, goToSlice } = props;
  const { label, color, outcomes, previews, expectedDice } = structure;
  const counts = countStates(outcomes);
  const notSearched = counts.get('not-searched') ?? 0;
  const leastSure = previews.some(({ confidence }) => confidence !== undefined);
  return (
    <Section
      title={label}
      aside={<span className="fs-swatch" style={{ background: css(color) }} />}
    >
      <p>{resultWords(outcomes)}</p>
      {expectedDice !== undefined && (
        <p className="fs-muted">
          Expected overlap with your own outline: <b>{diceWords(expectedDice)}</b> (Dice)
        </p>
      )}
      <SliceStrip
        label={`Slice shown, with the result for ${label}`}
        states={outcomes}
        color={color}
        currentSlice={currentSlice}
        goToSlice={goToSlice}
      />
      <SliceLegend counts={counts} color={color} />
      {notSearched > 0 && (
        <p className="fs-muted">
          {plural(notSearched, 'slice')} beyond your outermost outlines{' '}
          {notSearched === 1 ? 'was' : 'were'} left empty. If the structure goes on there, outline
          its first and last slice.
        </p>
      )}
      {leastSure && <p>Least sure, look at these first:</p>}
      {previews.length > 0 && (
        <ThumbnailGrid
          label={`${leastSure ? 'Least sure' : 'Some'} segmented slices of ${label}`}
          items={previews}
          color={color}
          currentSlice={currentSlice}
          goToSlice={goToSlice}
        />
      )}
    </Section>
  );
}

/** After a run: what came out, and the decision. */
export function ReviewView(props: { snapshot: SessionSnapshot; actions: SessionActions }) {
  const { snapshot, actions } = props;
  const { result, currentSlice } = snapshot;
  if (!result) return null;
  return (
    <>
      <div className="fs-review-head">
        <h3 className="fs-headline" tabIndex={-1} data-focus-first>
          Review the result
        </h3>
        <p className="fs-muted">
          Done in {durationWords(result.seconds)}. Scroll through the slices, then decide.
        </p>
        {result.note && <Notice kind="hint" message={result.note} />}
      </div>
      {result.structures.map(structure => (
        <StructureResult
          key={structure.segmentIndex}
          structure={structure}
          currentSlice={currentSlice}
          goToSlice={actions.goToSlice}
        />
      ))}
      <div className="fs-footer">
        <div className="fs-decision">
          <button type="button" className="fs-button fs-button-primary" onClick={actions.keep}>
            Keep
          </button>
          <button type="button" className="fs-button" onClick={actions.discard}>
            Discard
          </button>
        </div>
        <p className="fs-muted">
          Your outlines were not changed. Undo (Ctrl+Z) takes the result back in one step.
        </p>
      </div>
    </>
  );
}
