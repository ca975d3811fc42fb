import { useId, useRef, useState, useSyncExternalStore, type DragEvent } from 'react';
import type { TaskStore } from '../tasks/state';
import { DownloadIcon, PlusIcon } from './icons';
import { Notice } from './Notice';
import { SaveTask } from './SaveTask';
import { Section } from './Section';
import { TaskRow } from './TaskRow';

/** Learned structures, to find in other studies without drawing. */
export function TasksSection({ store }: { store: TaskStore }) {
  const snapshot = useSyncExternalStore(store.subscribe, store.getSnapshot);
  const { actions } = store;
  const { tasks, learnable, notice, isImporting, place } = snapshot;
  const [isSaving, setSaving] = useState(false);
  const [isDropping, setDropping] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  const reason = useId();
  const { obstacle } = learnable;

  const drag = (event: DragEvent, isOver: boolean) => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    event.stopPropagation();
    setDropping(isOver);
  };
  const drop = (event: DragEvent) => {
    drag(event, false);
    actions.importFiles([...event.dataTransfer.files]);
  };

  return (
    <Section title="Tasks" aside={<span className="fs-section-count">{tasks.length}</span>}>
      <div
        className={isDropping ? 'fs-form fs-drop' : 'fs-form'}
        onDragEnter={event => drag(event, true)}
        onDragOver={event => drag(event, true)}
        onDragLeave={event => drag(event, false)}
        onDrop={drop}
      >
        {notice && (
          <Notice
            kind={notice.kind}
            message={notice.message}
            remedy={notice.remedy}
            onDismiss={actions.dismissNotice}
          />
        )}
        {tasks.length > 0 ? (
          <ul className="fs-tasks" aria-label="Tasks">
            {tasks.map(task => (
              <TaskRow
                key={task.id}
                task={task}
                learnable={learnable}
                secondsToAdd={snapshot.secondsToAdd[task.id] ?? 0}
                actions={actions}
              />
            ))}
          </ul>
        ) : (
          <p className="fs-muted">
            Save an outlined structure as a task, then find it in other studies without drawing.
          </p>
        )}
        {isSaving && !obstacle ? (
          <SaveTask learnable={learnable} actions={actions} close={() => setSaving(false)} />
        ) : (
          <div className="fs-task-ways">
            <button
              type="button"
              className="fs-add"
              aria-disabled={obstacle !== null}
              aria-describedby={obstacle ? reason : undefined}
              title={obstacle ? `${obstacle.message} ${obstacle.remedy}` : undefined}
              onClick={() => {
                if (!obstacle) setSaving(true);
              }}
            >
              <PlusIcon /> Save as task
            </button>
            {obstacle && (
              <span id={reason} className="fs-hidden">
                {obstacle.message} {obstacle.remedy}
              </span>
            )}
            <button
              type="button"
              className="fs-add"
              aria-disabled={isImporting}
              onClick={() => {
                if (!isImporting) file.current?.click();
              }}
            >
              <DownloadIcon /> {isImporting ? 'Checking the file…' : 'Import file'}
            </button>
            <input
              ref={file}
              type="file"
              className="fs-hidden"
              accept=".task"
              multiple
              tabIndex={-1}
              aria-hidden="true"
              onChange={event => {
                actions.importFiles([...(event.target.files ?? [])]);
                event.target.value = '';
              }}
            />
          </div>
        )}
        {snapshot.isLoaded && place === 'memory' && (
          <p className="fs-muted">
            This browser cannot save tasks: export them, or they are lost when the page is closed.
          </p>
        )}
      </div>
    </Section>
  );
}
