import type { OutlineHint } from '../session/outlineHints';
import { diceWords, sliceNumber } from './words';

/** Why an outline there would help. */
export function hintWords({ reason }: OutlineHint): string {
  switch (reason.kind) {
    case 'end':
      return 'the structure seems to continue there';
    case 'gap':
      return `middle of the widest gap, ${sliceNumber(reason.after)} to ${sliceNumber(reason.before)}`;
    case 'unsure':
      return `least sure, about ${diceWords(reason.confidence)}`;
  }
}

/** Lists where the next outline helps most, with links to the slices. */
export function OutlineHints(props: { hints: OutlineHint[]; goToSlice(sliceIndex: number): void }) {
  return (
    <div className="fs-hints">
      <p>Another outline would help most on</p>
      <ul>
        {props.hints.map(hint => (
          <li key={hint.sliceIndex}>
            <button
              type="button"
              className="fs-link"
              title={`Shows slice ${sliceNumber(hint.sliceIndex)}, to outline it`}
              onClick={() => props.goToSlice(hint.sliceIndex)}
            >
              <b>Slice {sliceNumber(hint.sliceIndex)}</b>: {hintWords(hint)}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
