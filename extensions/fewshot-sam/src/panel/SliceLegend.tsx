import { css, visibleColor } from './color';
import { LEGEND_WORDS, type SliceState } from './sliceStates';

/** What the marks of the strip mean and how many slices carry each. */
export function SliceLegend(props: {
  counts: ReadonlyMap<SliceState, number>;
  color: [number, number, number];
}) {
  return (
    <ul
      className="fs-legend"
      aria-label="Slices"
      style={{ '--fs-segment': css(visibleColor(props.color)) } as object}
    >
      {[...props.counts].map(([state, count]) => (
        <li key={state}>
          <span className="fs-legend-mark" aria-hidden="true">
            <span className={`fs-cell fs-${state}`} />
            {state === 'drawn' && <span className="fs-pin" />}
          </span>
          <span>
            <b>{count}</b> {LEGEND_WORDS[state]}
          </span>
        </li>
      ))}
    </ul>
  );
}
