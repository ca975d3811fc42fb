import type { Learnable, TaskActions } from '../tasks/state';
import { NameForm } from './NameForm';
import { aboutWords } from './taskWords';
import { plural } from './words';

/** Form to save the active structure as a task, with the time that learning will take. */
export function SaveTask(props: {
  learnable: Learnable;
  actions: Pick<TaskActions, 'nameObstacle' | 'save'>;
  close(): void;
}) {
  const { learnable, actions, close } = props;
  const { name, slices, absent, seconds } = learnable;
  return (
    <NameForm
      label="Name of the task"
      initial={name}
      submit="Learn and save"
      obstacle={actions.nameObstacle}
      onSubmit={chosen => {
        close();
        actions.save(chosen);
      }}
      onCancel={close}
    >
      <p className="fs-muted">
        Learning {plural(slices, 'slice')}
        {absent > 0 && ` and ${absent} without it`} takes <b>{aboutWords(seconds)}</b>. The task
        stays in this browser, without any image or patient name.
      </p>
      {absent === 0 && (
        <p className="fs-muted">
          Mark a few slices with “Not on this slice” first: a task that never saw where the
          structure is absent finds it there, too.
        </p>
      )}
    </NameForm>
  );
}
