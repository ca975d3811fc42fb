import { outlined } from '../job/checkJob';
import { maskOf, probabilities } from '../job/segmented';
import type { Mask } from '../image/slice';
import { countOverlap, dice } from '../image/overlap';
import { diceLogit } from './confidence';
import { learnGrey, type GreyShot } from './greyEvidence';
import type { Joiner } from './join';
import type { Guess } from './imageGain';

/** Logit of a Dice of about 0.9. */
const USUAL_PROMISE = 2.2;

/** What the labelled slices are compared with when each is left out. */
export interface HeldOutParts {
  /** Labelled slice index -> mask in the crop. */
  masks: ReadonlyMap<number, Mask>;
  /** Outlined slice index -> its grey values and distances. */
  shots: ReadonlyMap<number, GreyShot>;
  /** Of each outlined slice from those beside it. */
  guesses: readonly Guess[];
  joiner: Joiner;
  /** See `imageWeight`. */
  imageWeight: number;
}

/**
 * Every outlined slice between two others, found from these alone.
 *
 * @returns for each the Dice that was promised, as a logit, and the one that came out
 */
export function heldOut(parts: HeldOutParts): { promised: number; dice: number }[] {
  const { masks, shots, guesses, joiner, imageWeight } = parts;
  const indices = outlined(masks);
  return indices.slice(1, -1).flatMap((index, i) => {
    const around = { below: indices[i], above: indices[i + 2] };
    const others = [...shots].flatMap(([other, shot]) => (other === index ? [] : shot));
    const from = (other: number) =>
      guesses.find(guess => guess.from === other && guess.to === index)!.byLooks;
    const carried = { fromBelow: from(around.below), fromAbove: from(around.above) };
    const { grey } = shots.get(index)!;
    const greyModel = learnGrey(others, joiner.pixelMm);
    const joined = joiner.join(index, around, carried, grey, greyModel, imageWeight);
    const probability = probabilities(joined.logits);
    const promised = diceLogit(probability, joined.agreement);
    // A structure that is found nowhere although it is there has failed as badly as can be.
    if (promised === null) return [{ promised: USUAL_PROMISE, dice: 0 }];
    return [{ promised, dice: dice(countOverlap(maskOf(probability), masks.get(index)!)) }];
  });
}
