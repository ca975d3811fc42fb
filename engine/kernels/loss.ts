import { shareEnd, shareStart, thread, threads } from './thread';

/** Number of sums that each thread stores, 8 bytes each. */
const SUMS: i32 = 4;

/**
 * First half of the loss (see `segmentationLoss`): stores the sums over this thread's pixels of valid,
 * cross-entropy, probability times target, and probability plus target.
 *
 * @param logits [2, pixels]
 * @param sums 4 float64 for each thread
 */
export function lossSums(
  pixels: i32,
  logits: usize,
  target: usize,
  valid: usize,
  sums: usize,
): void {
  const background = logits + 4 * <usize>pixels;
  let count: f64 = 0;
  let crossEntropy: f64 = 0;
  let overlap: f64 = 0;
  let both: f64 = 0;
  const end = 4 * <usize>shareEnd(pixels, 4);
  for (let at = 4 * <usize>shareStart(pixels, 4); at < end; at += 4) {
    const weight = <f64>load<f32>(valid + at);
    const wanted = <f64>load<f32>(target + at);
    const difference = <f64>(load<f32>(logits + at) - load<f32>(background + at));
    const tail = NativeMath.exp(-abs(difference));
    const probability = difference < 0 ? tail / (1 + tail) : 1 / (1 + tail);
    const softplus = max<f64>(difference, 0) + NativeMath.log1p(tail);
    count += weight;
    crossEntropy += weight * (softplus - wanted * difference);
    overlap += weight * probability * wanted;
    both += weight * (probability + wanted);
  }
  const own = sums + 8 * <usize>(SUMS * thread);
  store<f64>(own, count);
  store<f64>(own, crossEntropy, 8);
  store<f64>(own, overlap, 16);
  store<f64>(own, both, 24);
}

/** Second half: computes the loss and its gradient [2, pixels]. */
export function lossGradient(
  pixels: i32,
  logits: usize,
  target: usize,
  valid: usize,
  sums: usize,
  smoothing: f64,
  loss: usize,
  gradient: usize,
): void {
  let count: f64 = 0;
  let crossEntropy: f64 = 0;
  let overlap: f64 = 0;
  let both: f64 = 0;
  for (let i = 0; i < threads; i++) {
    const from = sums + 8 * <usize>(SUMS * i);
    count += load<f64>(from);
    crossEntropy += load<f64>(from, 8);
    overlap += load<f64>(from, 16);
    both += load<f64>(from, 24);
  }
  overlap = 2 * overlap + smoothing;
  both += smoothing;
  if (thread == 0) store<f32>(loss, <f32>(crossEntropy / count + 1 - overlap / both));
  const bytes: usize = 4 * <usize>pixels;
  const end = 4 * <usize>shareEnd(pixels, 4);
  for (let at = 4 * <usize>shareStart(pixels, 4); at < end; at += 4) {
    const wanted = <f64>load<f32>(target + at);
    const difference = <f64>(load<f32>(logits + at) - load<f32>(logits + bytes + at));
    const tail = NativeMath.exp(-abs(difference));
    const probability = difference < 0 ? tail / (1 + tail) : 1 / (1 + tail);
    const slope = (overlap - 2 * wanted * both) / (both * both);
    const value =
      <f64>load<f32>(valid + at) *
      ((probability - wanted) / count + slope * probability * (1 - probability));
    store<f32>(gradient + at, <f32>value);
    store<f32>(gradient + bytes + at, <f32>-value);
  }
}
