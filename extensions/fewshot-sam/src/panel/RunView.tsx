import type { SessionActions, SessionSnapshot } from '../session/state';
import { CheckIcon } from './icons';
import { ThumbnailGrid } from './ThumbnailGrid';
import { runWords } from './taskWords';
import { doneWords, phasesOf, phaseWords, plural, TASK_PHASES, timeLeftWords } from './words';

/** View during a run: step, progress, time left, and Cancel. */
export function RunView(props: { snapshot: SessionSnapshot; actions: SessionActions }) {
  const { run, status } = props.snapshot;
  const stopping = status === 'cancelling';
  const phases = run?.activity
    ? TASK_PHASES[run.activity]
    : phasesOf(run?.method ?? props.snapshot.settings.method);
  const at = run ? phases.findIndex(({ phase }) => phase === run.phase) : 0;
  const fraction = run && run.total > 0 ? Math.min(1, run.done / run.total) : null;
  const several = run !== null && run.structure.count > 1;

  return (
    <div className="fs-run">
      <h3 className="fs-headline" tabIndex={-1}>
        {stopping ? 'Stopping…' : run ? runWords(run) : 'Preparing…'}
      </h3>
      {several && (
        <p className="fs-muted">
          Structure {run.structure.position} of {run.structure.count}
        </p>
      )}
      <ol className="fs-phases" aria-label="Steps">
        {phases.map(({ phase, words }, i) => (
          <li
            key={phase}
            className={i < at ? 'fs-phase-done' : i === at ? 'fs-phase-now' : undefined}
            aria-current={i === at ? 'step' : undefined}
          >
            <span className="fs-phase-mark">{i < at ? <CheckIcon /> : i + 1}</span>
            <div className="fs-phase-text">
              <span>
                {i === at && run ? phaseWords(run) : words}
                {i < at && <span className="fs-hidden">, done</span>}
              </span>
              {i === at && (
                <>
                  <div
                    className={fraction === null ? 'fs-bar fs-bar-unknown' : 'fs-bar'}
                    role="progressbar"
                    aria-label={run ? phaseWords(run) : words}
                    aria-valuemin={0}
                    aria-valuemax={100}
                    aria-valuenow={fraction === null ? undefined : Math.round(fraction * 100)}
                    aria-valuetext={run ? doneWords(run) || undefined : undefined}
                  >
                    <span style={fraction === null ? undefined : { width: `${fraction * 100}%` }} />
                  </div>
                  <span className="fs-phase-figures">
                    <span>{run ? doneWords(run) : ''}</span>
                    <span>{run && !stopping ? timeLeftWords(run.etaSeconds) : ''}</span>
                  </span>
                </>
              )}
            </div>
          </li>
        ))}
      </ol>
      {run?.found && (
        <section className="fs-found">
          <p className="fs-muted">
            {run.found.count > 0
              ? `${plural(run.found.count, 'slice')} found so far. Not final: parts not connected to any outline are removed at the end.`
              : 'A first look, from one side only. Not final.'}
          </p>
          <ThumbnailGrid
            label="Found so far"
            items={run.found.latest}
            color={run.found.color}
            currentSlice={props.snapshot.currentSlice}
            goToSlice={props.actions.goToSlice}
          />
        </section>
      )}
      <div className="fs-footer">
        <button
          type="button"
          className="fs-button"
          aria-disabled={stopping}
          data-focus-first
          onClick={() => {
            if (!stopping) props.actions.cancel();
          }}
        >
          {stopping ? 'Stopping…' : 'Cancel'}
        </button>
        <p className="fs-muted">
          {stopping
            ? 'Nothing is changed.'
            : 'You can keep reading. Nothing is written until you finish the review.'}
        </p>
      </div>
    </div>
  );
}
