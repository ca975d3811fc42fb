/** @jest-environment ./engine/src/sam/jestEnvironmentOnnx.mjs */
import * as tf from '@tensorflow/tfjs-core';
import { WASM_PATH } from '../../../test/parity/realModel';
import { selectBackend } from '../runtime/selectBackend';
import { segmentationLoss } from './segmentationLoss';

/** A digit means tenths, `#` 1, `.` 0. */
const grid = (...rows: string[]) =>
  [...rows.join('')].map(c => (c === '#' ? 1 : c === '.' ? 0 : Number(c) / 10));

const TARGET = grid(
  '......', //
  '..5#..',
  '..##8.',
  '...3..',
);
/** The right column is padding, the one before it lies on the edge. */
const VALID = grid(
  '####5.', //
  '####5.',
  '####5.',
  '####5.',
);
const PIXELS = TARGET.length;
/** Logits of foreground, then of background. */
const LOGITS = Array.from({ length: 2 * PIXELS }, (_, i) => 3 * Math.sin(12.9898 * (i + 1)));

/** The same loss in plain JavaScript: mean cross-entropy of the softmax plus 1 - Dice. */
function plainLoss(logits: readonly number[], target = TARGET, valid = VALID): number {
  let [entropy, pixels, overlap, both] = [0, 0, 0, 0];
  for (let i = 0; i < target.length; i++) {
    const foreground = Math.exp(logits[i]);
    const background = Math.exp(logits[target.length + i]);
    const p = foreground / (foreground + background);
    entropy -= valid[i] * (target[i] * Math.log(p) + (1 - target[i]) * Math.log(1 - p));
    pixels += valid[i];
    overlap += valid[i] * p * target[i];
    both += valid[i] * (p + target[i]);
  }
  return entropy / pixels + 1 - (2 * overlap + 1) / (both + 1);
}

function lossAndGradient(logits: readonly number[], target = TARGET, valid = VALID, factor = 1) {
  return tf.tidy(() => {
    const [goal, weight] = [tf.tensor1d(target), tf.tensor1d(valid)];
    const { value, grad } = tf.valueAndGrad((x: tf.Tensor) =>
      segmentationLoss(x as tf.Tensor2D, goal, weight),
    )(tf.tensor2d([...logits], [2, target.length]), tf.scalar(factor));
    return { loss: value.dataSync()[0], gradient: [...grad.dataSync()] };
  });
}

describe('segmentationLoss', () => {
  beforeAll(() => selectBackend({ prefer: 'wasm', wasmPath: WASM_PATH }));

  it('is cross-entropy plus soft Dice over the pixels inside the image', () => {
    expect(lossAndGradient(LOGITS).loss).toBeCloseTo(plainLoss(LOGITS), 5);
  });

  it('has the gradient of that formula', () => {
    const { gradient } = lossAndGradient(LOGITS);
    const moved = (at: number, step: number) =>
      plainLoss(LOGITS.map((logit, i) => (i === at ? logit + step : logit)));
    gradient.forEach((value, at) =>
      expect(value).toBeCloseTo((moved(at, 1e-5) - moved(at, -1e-5)) / 2e-5, 6),
    );
    expect(Math.max(...gradient.map(Math.abs))).toBeGreaterThan(0.01);
  });

  it('scales with the incoming gradient', () => {
    const { gradient } = lossAndGradient(LOGITS);
    const { gradient: tripled } = lossAndGradient(LOGITS, TARGET, VALID, 3);
    tripled.forEach((value, i) => expect(value).toBeCloseTo(3 * gradient[i], 6));
  });

  it('ignores the padding', () => {
    const isPadding = (i: number) => VALID[i % PIXELS] === 0;
    const elsewhere = lossAndGradient(LOGITS.map((logit, i) => (isPadding(i) ? -logit : logit)));
    expect(elsewhere.loss).toBe(lossAndGradient(LOGITS).loss);
    elsewhere.gradient.forEach((value, i) => {
      if (isPadding(i)) expect(value).toBeCloseTo(0, 10);
    });
  });

  it('is near 0 for a confident right prediction, large for a confident wrong one', () => {
    const binary = TARGET.map(Math.round);
    const sure = [...binary.map(t => 40 * t - 20), ...binary.map(t => 20 - 40 * t)];
    expect(lossAndGradient(sure, binary).loss).toBeCloseTo(0, 5);
    expect(
      lossAndGradient(
        sure.map(logit => -logit),
        binary,
      ).loss,
    ).toBeGreaterThan(40);
  });

  it('stays finite with logits of any size and with an empty target', () => {
    const huge = LOGITS.map(logit => 1e4 * logit);
    for (const target of [TARGET, TARGET.map(() => 0)]) {
      const { loss, gradient } = lossAndGradient(huge, target);
      expect([loss, ...gradient].every(Number.isFinite)).toBe(true);
    }
  });
});
