import { outlined } from '../job/checkJob';
import { maskOf, probabilities } from '../job/segmented';
import type { Mask } from '../image/slice';
import { countOverlap, dice } from '../image/overlap';
import { diceLogit } from './confidence';
import { learnGray, type GrayShot } from './grayEvidence';
import type { Joiner } from './join';
import type { Guess } from './imageGain';

/** Logit of a Dice of about 0.9. */
const USUAL_LOGIT = 2.2;

/** What is needed to find labeled slices that are held out. */
export interface HeldOutParts {
  /** Labeled slice index -> mask in the crop. */
  masks: ReadonlyMap<number, Mask>;
  /** Outlined slice index -> its gray values and distances. */
  shots: ReadonlyMap<number, GrayShot>;
  /** Guesses for each outlined slice from the outlined slices beside it. */
  guesses: readonly Guess[];
  joiner: Joiner;
  /** See `imageWeight`. */
  imageWeight: number;
}

/**
 * Finds every outlined slice between two others from these two alone.
 *
 * @returns predicted Dice, as a logit, and actual Dice of each
 */
export function heldOut(parts: HeldOutParts): { expectedLogit: number; dice: number }[] {
  const { masks, shots, guesses, joiner, imageWeight } = parts;
  const indices = outlined(masks);
  return indices.slice(1, -1).flatMap((index, i) => {
    const around = { below: indices[i], above: indices[i + 2] };
    const others = [...shots].flatMap(([other, shot]) => (other === index ? [] : shot));
    const from = (other: number) =>
      guesses.find(guess => guess.from === other && guess.to === index)!.byLooks;
    const carried = { fromBelow: from(around.below), fromAbove: from(around.above) };
    const { gray } = shots.get(index)!;
    const grayModel = learnGray(others, joiner.pixelMm);
    const joined = joiner.join(index, around, carried, gray, grayModel, imageWeight);
    const probability = probabilities(joined.logits);
    const expectedLogit = diceLogit(probability, joined.agreement);
    // A structure that exists but is not found at all is the worst failure.
    if (expectedLogit === null) return [{ expectedLogit: USUAL_LOGIT, dice: 0 }];
    return [{ expectedLogit, dice: dice(countOverlap(maskOf(probability), masks.get(index)!)) }];
  });
}
