import { useId, useSyncExternalStore } from 'react';
import { MINIMUM_OUTLINES } from '../session/fewshotSet';
import type { KeptData } from '../session/keptData';
import type { ResultsStore } from '../session/results';
import { withGiven } from '../session/review';
import type { SegmentSummary, SessionActions, SessionSnapshot, Settings } from '../session/state';
import type { TaskStore } from '../tasks/state';
import { AbsentField } from './AbsentField';
import { DrawTools } from './DrawTools';
import { HowTo } from './HowTo';
import { MisreadNotice, misreadWords } from './MisreadNotice';
import { Notice } from './Notice';
import { OutlineHints } from './OutlineHints';
import { OutlineWarnings } from './OutlineWarnings';
import { Question } from './Question';
import { MeasureLink, ResultsSection } from './ResultsSection';
import { ResumeNotice } from './ResumeNotice';
import { SaveSection } from './SaveSection';
import { Section } from './Section';
import { SettingsFold } from './SettingsFold';
import { SliceLegend } from './SliceLegend';
import { SliceStrip } from './SliceStrip';
import {
  activeSegment,
  collectingCaveats,
  collectingStates,
  countCaveats,
  countStates,
  outlinedTitle,
} from './sliceStates';
import { SegmentationField, StructureList } from './StructureList';
import { TasksSection } from './TasksSection';
import { tasksComeFirst } from './taskWords';
import { TermPicker } from './TermPicker';
import { ThumbnailGrid } from './ThumbnailGrid';
import { computeWords, plural } from './words';

/** Next step of the how-to, 0-based; null while no series is shown. */
function nextStep(snapshot: SessionSnapshot): number | null {
  if (!snapshot.series) return null;
  return snapshot.segments.length === 0 ? 0 : 1;
}

/** Whether there is something to save: a propagated result, or changes to a stored one. */
function hasResult(snapshot: SessionSnapshot): boolean {
  const active = activeSegment(snapshot);
  const propagated = active ? active.labeledSlices.length > snapshot.fewshotSet.length : false;
  const { result, store, corrected } = snapshot;
  // The results of contours are in a labelmap segmentation.
  const isContours = snapshot.segmentations.some(shown => shown.active && shown.isContours);
  return (result !== null && !isContours) || store.state !== 'idle' || propagated || corrected;
}

/** "5", or "4 of 5 used" if some are excluded. */
function setWords(fewshotSet: SessionSnapshot['fewshotSet']): string {
  const used = fewshotSet.filter(({ excluded }) => !excluded).length;
  return used === fewshotSet.length ? String(used) : `${used} of ${fewshotSet.length} used`;
}

/** Number of structures outlined on enough slices. */
function readyCount(segments: readonly Pick<SegmentSummary, 'labeledSlices'>[]): number {
  return segments.filter(({ labeledSlices }) => labeledSlices.length >= MINIMUM_OUTLINES).length;
}

/** Text of the button. With several outlined structures it names the one, or says all. */
export function propagateWords(
  scope: Settings['scope'],
  segments: readonly Pick<SegmentSummary, 'labeledSlices'>[],
  active: string | undefined,
): string {
  const ready = readyCount(segments);
  if (scope === 'all' && segments.length > 1) return 'Few-shot propagate all outlined';
  return ready > 1 && active ? `Few-shot propagate ${active}` : 'Few-shot propagate';
}

const NO_TASKS: never[] = [];

function useTasksFirst(store: TaskStore | null, isOutlined: boolean): boolean {
  const tasks = useSyncExternalStore(
    store?.subscribe ?? (() => () => undefined),
    () => store?.getSnapshot().tasks ?? NO_TASKS,
  );
  return tasksComeFirst(tasks, isOutlined);
}

/** View before a run: structure, outlined slices, settings, hints, and the button. */
export function CollectView(props: {
  snapshot: SessionSnapshot;
  actions: SessionActions;
  kept?: KeptData;
  results?: ResultsStore;
  tasks?: TaskStore | null;
}) {
  const { snapshot, actions, results, tasks } = props;
  const { series, segments, fewshotSet, absent, hints, obstacle, settings } = snapshot;
  const { currentSlice } = snapshot;
  const { misread } = snapshot;
  const doubt = misreadWords(misread);
  const segment = activeSegment(snapshot);
  const reason = useId();
  const states =
    series && segment
      ? collectingStates(
          series.sliceCount,
          fewshotSet.map(item => item.sliceIndex),
          segment.labeledSlices,
          settings,
          snapshot.result?.structures.find(kept => kept.segmentIndex === segment.segmentIndex)
            ?.outcomes,
          absent,
        )
      : null;
  const caveats = states && collectingCaveats(states);
  const given = segment?.given ?? [];
  const shownStates = states && withGiven(states, given);
  const title = outlinedTitle(
    fewshotSet.map(item => item.sliceIndex),
    given,
  );
  const beyond = states && caveats ? countCaveats(caveats, states, 'extrapolated') : 0;
  const labeled = segments.some(({ labeledSlices }) => labeledSlices.length > 0);
  const saving = hasResult(snapshot);
  const isTaskFirst = useTasksFirst(tasks ?? null, labeled || saving);
  const tasksSection = tasks && <TasksSection store={tasks} />;
  const resultsSection = results && (
    <ResultsSection store={results} snapshot={snapshot} goToSlice={actions.goToSlice} />
  );

  return (
    <>
      {snapshot.resume && <ResumeNotice offer={snapshot.resume} actions={actions} />}
      {misread && <MisreadNotice misread={misread} actions={actions} />}
      {saving && <SaveSection snapshot={snapshot} actions={actions} />}
      {saving && resultsSection}
      {isTaskFirst && tasksSection}
      {!labeled && !snapshot.resume && <HowTo next={nextStep(snapshot)} />}
      {series?.notes?.map(note => (
        <Notice key={note} kind="hint" message={note} />
      ))}
      {series && (
        <Section title="Structure">
          <SegmentationField
            segmentations={snapshot.segmentations}
            selectSegmentation={actions.selectSegmentation}
          />
          <StructureList
            segments={segments}
            selectSegment={actions.selectSegment}
            addSegment={actions.addSegment}
            renameSegment={actions.renameSegment}
            canAdd
          />
          {segment && snapshot.drawing && (
            <DrawTools drawing={snapshot.drawing} actions={actions} />
          )}
          {segment && (
            <TermPicker
              key={segment.segmentIndex}
              segment={segment}
              chooseTerm={actions.chooseTerm}
            />
          )}
          {results && <MeasureLink store={results} />}
        </Section>
      )}
      {snapshot.contourNote && <Notice kind="hint" message={snapshot.contourNote} />}
      <OutlineWarnings snapshot={snapshot} actions={actions} />
      {shownStates && segment && (
        <Section
          title={title}
          aside={<span className="fs-section-count">{setWords(fewshotSet)}</span>}
        >
          {fewshotSet.length > 0 && (
            <ThumbnailGrid
              label={title}
              items={fewshotSet}
              color={segment.color}
              currentSlice={currentSlice}
              goToSlice={actions.goToSlice}
              exclude={actions.exclude}
            />
          )}
          <SliceStrip
            label="Slice shown"
            states={shownStates}
            caveats={caveats ?? undefined}
            color={segment.color}
            currentSlice={currentSlice}
            goToSlice={actions.goToSlice}
          />
          {labeled && (
            <SliceLegend
              counts={countStates(shownStates)}
              color={segment.color}
              states={shownStates}
              caveats={caveats ?? undefined}
            />
          )}
          {beyond > 0 && (
            <p className="fs-muted">
              {plural(beyond, 'segmented slice')} of {segment.label} {beyond === 1 ? 'lies' : 'lie'}{' '}
              beyond your outermost outlines, where no outline shows the end of the structure.
            </p>
          )}
          {fewshotSet.length > 0 && (
            <AbsentField
              label={segment.label}
              labeled={segment.labeledSlices}
              absent={absent}
              currentSlice={currentSlice}
              markAbsent={actions.markAbsent}
            />
          )}
          {hints.length > 0 && <OutlineHints hints={hints} goToSlice={actions.goToSlice} />}
        </Section>
      )}
      {!saving && resultsSection}
      {segments.length > 0 && (
        <SettingsFold
          snapshot={snapshot}
          changeSettings={actions.changeSettings}
          encodeAhead={actions.encodeAhead}
          kept={props.kept}
        />
      )}
      {!isTaskFirst && tasksSection}
      <div className="fs-footer">
        {obstacle && (
          <Notice kind="hint" id={reason} message={obstacle.message} remedy={obstacle.remedy} />
        )}
        {!obstacle && doubt && <Notice kind="hint" id={reason} message={doubt} />}
        {snapshot.confirmSlices !== null && !obstacle && (
          <Question
            label="Segment very many slices"
            accept="Segment them"
            onAccept={() => actions.confirmPropagate(true)}
            onCancel={() => actions.confirmPropagate(false)}
          >
            Segment {snapshot.confirmSlices} slices? This may take many minutes. You can set fewer
            under Settings, Slices to segment.
          </Question>
        )}
        <button
          type="button"
          className={saving ? 'fs-button' : 'fs-button fs-button-primary'}
          aria-disabled={obstacle !== null}
          aria-describedby={obstacle || doubt ? reason : undefined}
          title={
            obstacle
              ? `${obstacle.message} ${obstacle.remedy}`
              : 'Segments the other slices for review; nothing is written before you accept it'
          }
          data-focus-first
          onClick={() => {
            if (!obstacle) actions.propagate();
          }}
        >
          {propagateWords(settings.scope, segments, segment?.label)}
        </button>
        {!obstacle && settings.scope === 'active' && readyCount(segments) > 1 && (
          <button
            type="button"
            className="fs-link"
            onClick={() => actions.changeSettings({ scope: 'all' })}
          >
            Run on all {readyCount(segments)} outlined structures instead
          </button>
        )}
        <p className="fs-compute">
          {computeWords(snapshot.compute, snapshot.encodesAhead)}
          {snapshot.encodedAhead > 0 && (
            <span className="fs-compute-ahead">
              {plural(snapshot.encodedAhead, 'slice')} prepared while you drew
            </span>
          )}
        </p>
      </div>
    </>
  );
}
