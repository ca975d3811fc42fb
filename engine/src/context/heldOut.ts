import { outlined } from '../fewshot/checkJob';
import { maskOf, probabilities } from '../fewshot/segmented';
import type { Mask } from '../image/slice';
import { countOverlap, dice } from '../metrics/overlap';
import { diceLogit } from './confidence';
import { learnGrey, type GreyShot } from './greyEvidence';
import type { Joiner } from './join';
import type { MatchSlices } from './matchSlices';
import type { TokenGrid } from './tokenGrid';
import type { TokenLabels } from './tokenLabels';
import { matchNeighbours } from './walk';

/** Logit of a Dice of about 0.9. */
const USUAL_PROMISE = 2.2;

/** What the labelled slices are compared with when each is left out. */
export interface HeldOutParts {
  /** Labelled slice index -> mask in the crop. */
  masks: ReadonlyMap<number, Mask>;
  /** Outlined slice index -> its grey values and distances. */
  shots: ReadonlyMap<number, GreyShot>;
  grids: ReadonlyMap<number, TokenGrid>;
  tokenLabels: ReadonlyMap<number, TokenLabels>;
  joiner: Joiner;
  /** By default in plain JavaScript. */
  match?: MatchSlices;
}

/**
 * Every outlined slice between two others, found from these alone.
 *
 * @returns for each the Dice that was promised, as a logit, and the one that came out
 */
export function heldOut(parts: HeldOutParts): { promised: number; dice: number }[] {
  const { masks, shots, grids, tokenLabels, joiner, match } = parts;
  const indices = outlined(masks);
  return indices.slice(1, -1).flatMap((index, i) => {
    const around = { below: indices[i], above: indices[i + 2] };
    const others = [...shots].flatMap(([other, shot]) => (other === index ? [] : shot));
    const carried = matchNeighbours(index, around, grids, tokenLabels, match);
    const { grey } = shots.get(index)!;
    const joined = joiner.join(index, around, carried, grey, learnGrey(others, joiner.pixelMm));
    const probability = probabilities(joined.logits);
    const promised = diceLogit(probability, joined.agreement);
    // A structure that is found nowhere although it is there has failed as badly as can be.
    if (promised === null) return [{ promised: USUAL_PROMISE, dice: 0 }];
    return [{ promised, dice: dice(countOverlap(maskOf(probability), masks.get(index)!)) }];
  });
}
