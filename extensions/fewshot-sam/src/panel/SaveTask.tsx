import { useState } from 'react';
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
  const { name, slices, seconds, secondsMeasured } = learnable;
  const [measures, setMeasures] = useState(false);
  const time = aboutWords(measures && secondsMeasured !== null ? secondsMeasured : seconds);
  return (
    <NameForm
      label="Name of the task"
      initial={name}
      submit="Learn and save"
      obstacle={actions.nameObstacle}
      onSubmit={chosen => {
        close();
        actions.save(chosen, measures);
      }}
      onCancel={close}
    >
      {secondsMeasured !== null && (
        <label className="fs-check">
          <input
            type="checkbox"
            checked={measures}
            onChange={event => setMeasures(event.target.checked)}
          />
          <span>Also measure accuracy on left-out slices</span>
        </label>
      )}
      <p className="fs-muted">
        Learning {plural(slices, 'slice')} takes <b>{time}</b>. The task stays in this browser,
        without any image or patient name.
      </p>
    </NameForm>
  );
}
