import { sureness } from '../session/sureness';
import type { Caveat } from '../session/state';
import { css, visibleColor } from './color';
import { cellLook } from './SliceCells';
import { LEGEND_CAVEATS, LEGEND_WORDS, type SliceState } from './sliceStates';

const SURENESS_WORDS = ['unsure', 'fair', 'sure'];

interface Entry {
  look: string;
  words: string;
  count: number;
  pinned: boolean;
}

/** Words of a legend entry. */
function wordsOf(state: SliceState, confidence: number | null, caveat: Caveat | null): string {
  if (caveat && state === 'predicted') return LEGEND_CAVEATS[caveat];
  if (caveat && state === 'accepted')
    return `accepted, ${caveat === 'extrapolated' ? 'beyond' : LEGEND_CAVEATS[caveat]}`;
  if (state !== 'predicted' || confidence === null) return LEGEND_WORDS[state];
  return SURENESS_WORDS[sureness(confidence)];
}

/** Order within a state: the surest first, caveats last. */
function rank(confidence: number | null, caveat: Caveat | null): number {
  if (caveat) return caveat === 'extrapolated' ? 3 : 4;
  return confidence === null ? 0 : 2 - sureness(confidence);
}

/** Legend entries. Distinguishes open slices by sureness, and found slices by caveat. */
function entriesOf(
  counts: ReadonlyMap<SliceState, number>,
  states: SliceState[],
  confidences: (number | null)[],
  caveats: (Caveat | null)[],
): Entry[] {
  return [...counts].flatMap(([state, count]): Entry[] => {
    const pinned = state === 'drawn';
    if (states.length === 0) {
      return [{ look: `fs-${state}`, words: LEGEND_WORDS[state], count, pinned }];
    }
    const entries = new Map<string, Entry & { rank: number }>();
    states.forEach((candidate, i) => {
      if (candidate !== state) return;
      const confidence = confidences[i] ?? null;
      const caveat = caveats[i] ?? null;
      const words = wordsOf(state, confidence, caveat);
      const entry = entries.get(words);
      if (entry) entry.count++;
      else {
        const look = cellLook(state, confidence, caveat);
        entries.set(words, { look, words, count: 1, pinned, rank: rank(confidence, caveat) });
      }
    });
    return [...entries.values()].sort((a, b) => a.rank - b.rank);
  });
}

/** Meaning of the cells of the strip, with the number of slices for each. */
export function SliceLegend(props: {
  counts: ReadonlyMap<SliceState, number>;
  color: [number, number, number];
  /** One entry per slice; adds sureness and caveats to the legend. */
  states?: SliceState[];
  confidences?: (number | null)[];
  caveats?: (Caveat | null)[];
}) {
  const { counts, color, states = [], confidences = [], caveats = [] } = props;
  return (
    <ul
      className="fs-legend"
      aria-label="Slices"
      style={{ '--fs-segment': css(visibleColor(color)) } as object}
    >
      {entriesOf(counts, states, confidences, caveats).map(({ look, words, count, pinned }) => (
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
