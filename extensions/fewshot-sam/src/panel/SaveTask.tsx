import { useState } from 'react';
import type { Learnable, TaskActions } from '../tasks/state';
import { NameForm } from './NameForm';
import { aboutWords } from './taskWords';
import { plural } from './words';

/** Names the active structure as a task; says beforehand how long learning takes. */
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
          <span>Also measure how well left-out slices are found</span>
        </label>
      )}
      <p className="fs-muted">
        Learning {plural(slices, 'slice')} takes <b>{time}</b>. What is learned stays in this
        browser; no picture and no name is kept with it.
      </p>
    </NameForm>
  );
}
