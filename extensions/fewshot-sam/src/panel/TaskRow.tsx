import { useId, useRef, useState } from 'react';
import type { TaskActions, TasksSnapshot, TaskSummary } from '../tasks/state';
import { NO_SERIES } from '../viewer/series';
import { ArchiveIcon, MoreIcon } from './icons';
import { useScrolledIntoView } from './scrollIntoView';
import { NameForm } from './NameForm';
import { Notice } from './Notice';
import { AnswerButtons } from './Question';
import { TaskMenu, type MenuItem } from './TaskMenu';
import { aboutWords, dateWords, factWords, scoreWords, sizeWords } from './taskWords';
import { Thumbnail } from './Thumbnail';
import { plural } from './words';

type Open = 'menu' | 'rename' | 'delete' | 'warnings' | null;

/** A task file contains what was learned, not the slices. */
const IMPORTED =
  'The imported file has none of the earlier slices, so the task may get worse on studies like those.';

/** Why a task cannot be applied to the series shown; empty if it can. */
function refusalWords({ fit }: TaskSummary): string {
  if (!fit) return NO_SERIES.message;
  return fit.refusal ? `${fit.refusal.message} ${fit.refusal.remedy}` : '';
}

/** One task: its facts, Apply, and a menu of further actions. */
export function TaskRow(props: {
  task: TaskSummary;
  learnable: TasksSnapshot['learnable'];
  secondsToAdd: number;
  actions: TaskActions;
}) {
  const { task, learnable, secondsToAdd, actions } = props;
  const { id, name, fit, color, thumbnail, examplesBytes } = task;
  const [open, setOpen] = useState<Open>(null);
  const more = useRef<HTMLButtonElement>(null);
  const opened = useRef<HTMLDivElement>(null);
  useScrolledIntoView(opened, open);
  const reason = useId();
  const refusal = refusalWords(task);
  const close = () => {
    setOpen(null);
    more.current?.focus();
  };

  const apply = () => {
    if (refusal) return;
    if (fit && fit.warnings.length > 0) setOpen('warnings');
    else actions.apply(id);
  };
  const { obstacleToAdd } = learnable;
  const whyNotAdded = obstacleToAdd ? `${obstacleToAdd.message} ${obstacleToAdd.remedy}` : '';
  const items: MenuItem[] = [
    {
      name: 'Add the slices outlined here',
      detail:
        whyNotAdded ||
        `${plural(learnable.slices, 'slice')}; learning ${examplesBytes ? 'again' : 'on'} takes ${aboutWords(secondsToAdd)}.${
          examplesBytes ? '' : ` ${IMPORTED}`
        }`,
      isDisabled: whyNotAdded !== '',
      choose: () => {
        close();
        actions.addSlices(id);
      },
    },
    { name: 'Rename…', choose: () => setOpen('rename') },
    {
      name: 'Export file',
      detail: 'For another browser, or the command line.',
      choose: () => {
        close();
        actions.exportFile(id);
      },
    },
    {
      name: 'Delete…',
      detail: examplesBytes ? `Frees ${sizeWords(examplesBytes)} of stored slices.` : undefined,
      choose: () => setOpen('delete'),
    },
  ];

  return (
    <li className="fs-task">
      <div className="fs-task-head">
        <span className="fs-task-picture">
          {thumbnail ? <Thumbnail thumbnail={thumbnail} color={color} /> : <ArchiveIcon />}
        </span>
        <div className="fs-task-text">
          <p className="fs-task-name" title={name}>
            {name}
          </p>
          <p className="fs-task-facts">{factWords(task)}</p>
          <p className="fs-task-facts">{scoreWords(task.leaveOneOut)}</p>
          <p className="fs-task-facts">{dateWords(task.savedAt)}</p>
        </div>
        <button
          type="button"
          className="fs-small-button"
          aria-label={`Apply ${name}`}
          aria-disabled={refusal !== ''}
          aria-describedby={refusal ? reason : undefined}
          onClick={apply}
        >
          Apply
        </button>
        <button
          ref={more}
          type="button"
          className="fs-icon-button"
          aria-label={`More for ${name}`}
          aria-haspopup="menu"
          aria-expanded={open === 'menu'}
          onClick={() => setOpen(open === 'menu' ? null : 'menu')}
        >
          <MoreIcon />
        </button>
      </div>
      {refusal && fit && (
        <p id={reason} className="fs-task-reason">
          {refusal}
        </p>
      )}
      {refusal && !fit && (
        <p id={reason} className="fs-hidden">
          {refusal}
        </p>
      )}
      {open && (
        <div ref={opened} className="fs-task-more">
          {open === 'menu' && <TaskMenu label={`More for ${name}`} items={items} close={close} />}
          {open === 'rename' && (
            <NameForm
              label="New name"
              initial={name}
              submit="Rename"
              obstacle={wanted => actions.nameObstacle(wanted, id)}
              onSubmit={wanted => {
                close();
                actions.rename(id, wanted);
              }}
              onCancel={close}
            />
          )}
          {open === 'delete' && (
            <>
              <p>Delete “{name}” from this browser? This cannot be undone.</p>
              <AnswerButtons
                accept="Delete"
                onAccept={() => actions.remove(id)}
                cancel="Keep it"
                onCancel={close}
              />
            </>
          )}
          {open === 'warnings' && (
            <>
              <Notice
                kind="hint"
                message="Task and series do not match"
                remedy={`${fit?.warnings.join(' ')} The result may be wrong everywhere.`}
              />
              <div className="fs-decision">
                <button
                  type="button"
                  className="fs-button"
                  autoFocus
                  onClick={() => {
                    close();
                    actions.apply(id);
                  }}
                >
                  Apply anyway
                </button>
                <button type="button" className="fs-button" onClick={close}>
                  Cancel
                </button>
              </div>
            </>
          )}
        </div>
      )}
    </li>
  );
}
