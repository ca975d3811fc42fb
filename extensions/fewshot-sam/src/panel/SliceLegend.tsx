import { css, visibleColor } from './color';
import { LEGEND_WORDS, sureness, type SliceState } from './sliceStates';

const SURENESS_WORDS = ['unsure', 'fair', 'sure'];

interface Entry {
  look: string;
  words: string;
  count: number;
  pinned: boolean;
}

/** Legend entries: slices that await a decision are told apart by how sure they are. */
function entriesOf(
  counts: ReadonlyMap<SliceState, number>,
  states: SliceState[],
  confidences: (number | null)[],
): Entry[] {
  return [...counts].flatMap(([state, count]): Entry[] => {
    const levels = states.flatMap((candidate, i) =>
      candidate === state && confidences[i] !== null && confidences[i] !== undefined
        ? [sureness(confidences[i])]
        : [],
    );
    if (state !== 'predicted' || levels.length === 0) {
      return [
        { look: `fs-${state}`, words: LEGEND_WORDS[state], count, pinned: state === 'drawn' },
      ];
    }
    return ([2, 1, 0] as const).flatMap(level => {
      const on = levels.filter(candidate => candidate === level).length;
      const look = `fs-predicted fs-sure-${level}`;
      return on ? [{ look, words: SURENESS_WORDS[level], count: on, pinned: false }] : [];
    });
  });
}

/** What the marks of the strip mean and how many slices carry each. */
export function SliceLegend(props: {
  counts: ReadonlyMap<SliceState, number>;
  color: [number, number, number];
  /** One entry per slice: with them, the legend tells how sure slices are. */
  states?: SliceState[];
  confidences?: (number | null)[];
}) {
  const { counts, color, states = [], confidences = [] } = props;
  return (
    <ul
      className="fs-legend"
      aria-label="Slices"
      style={{ '--fs-segment': css(visibleColor(color)) } as object}
    >
      {entriesOf(counts, states, confidences).map(({ look, words, count, pinned }) => (
        <li key={words}>
          <span className="fs-legend-mark" aria-hidden="true">
            <span className={`fs-cell ${look}`} />
            {pinned && <span className="fs-pin" />}
          </span>
          <span>
            <b>{count}</b> {words}
          </span>
        </li>
      ))}
    </ul>
  );
}
