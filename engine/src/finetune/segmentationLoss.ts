import * as tf from '@tensorflow/tfjs-core';
import { DICE_SMOOTHING } from './decoderEngine';

/**
 * Cross-entropy of the two classes plus soft Dice of the foreground, over the pixels inside the image. The
 * paper does not state its loss; this pair is usual for segmentation.
 *
 * @param logits [2, pixels] foreground and background
 * @param target [pixels] foreground share of each pixel, 0..1
 * @param valid [pixels] weight of each pixel: 1 inside the image, 0 in the padding
 * @returns a scalar
 */
export function segmentationLoss(
  logits: tf.Tensor2D,
  target: tf.Tensor1D,
  valid: tf.Tensor1D,
): tf.Scalar {
  const loss = tf.customGrad((...inputs: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [pair, save] = inputs as [tf.Tensor2D, tf.GradSaveFunc];
    const [foreground, background] = tf.split(pair, 2, 0);
    const difference = tf.reshape(tf.sub(foreground, background), [-1]);
    const probability = tf.sigmoid(difference);
    const pixels = tf.sum(valid);

    const crossEntropy = tf.div(
      tf.sum(tf.mul(tf.sub(tf.softplus(difference), tf.mul(target, difference)), valid)),
      pixels,
    );
    const overlap = tf.add(
      tf.mul(tf.sum(tf.mul(tf.mul(probability, target), valid)), 2),
      DICE_SMOOTHING,
    );
    const both = tf.add(tf.sum(tf.mul(tf.add(probability, target), valid)), DICE_SMOOTHING);
    const dice = tf.sub(1, tf.div(overlap, both));

    // d(cross-entropy) / d(difference) = p - t;  d(dice) / dp = (overlap - 2 t both) / both²
    const dDice = tf.div(tf.sub(overlap, tf.mul(tf.mul(target, 2), both)), tf.square(both));
    const slope = tf.mul(probability, tf.sub(1, probability));
    const gradient = tf.mul(
      tf.add(tf.div(tf.sub(probability, target), pixels), tf.mul(dDice, slope)),
      valid,
    );
    save([gradient]);
    return {
      value: tf.add(crossEntropy, dice),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const row = tf.reshape(tf.mul(saved[0], dy), [1, -1]);
        return tf.concat([row, tf.neg(row)], 0);
      },
    };
  });
  return loss(logits) as tf.Scalar;
}
