import { shareEnd, shareStart, thread } from './thread';

/**
 * Makes one update and sets the gradients to zero: see `Adam` in program.ts. `step` holds the number of
 * earlier updates.
 */
export function adam(
  length: i32,
  parameters: usize,
  gradients: usize,
  moment1: usize,
  moment2: usize,
  step: usize,
  learningRate: f64,
  beta1: f64,
  beta2: f64,
  epsilon: f32,
): void {
  const count = <f64>load<f32>(step) + 1;
  const rate = f32x4.splat(<f32>(learningRate / (1 - NativeMath.pow(beta1, count))));
  const correction = f32x4.splat(<f32>(1 / (1 - NativeMath.pow(beta2, count))));
  const keep1 = f32x4.splat(<f32>beta1);
  const take1 = f32x4.splat(<f32>(1 - beta1));
  const keep2 = f32x4.splat(<f32>beta2);
  const take2 = f32x4.splat(<f32>(1 - beta2));
  const small = f32x4.splat(epsilon);
  const zero = f32x4.splat(0);
  // Storages are padded to a whole vector.
  const end = 4 * <usize>shareEnd(length, 4);
  for (let at = 4 * <usize>shareStart(length, 4); at < end; at += 16) {
    const gradient = v128.load(gradients + at);
    const first = f32x4.add(f32x4.mul(keep1, v128.load(moment1 + at)), f32x4.mul(take1, gradient));
    const second = f32x4.add(
      f32x4.mul(keep2, v128.load(moment2 + at)),
      f32x4.mul(take2, f32x4.mul(gradient, gradient)),
    );
    v128.store(moment1 + at, first);
    v128.store(moment2 + at, second);
    const deviation = f32x4.add(f32x4.sqrt(f32x4.mul(second, correction)), small);
    const change = f32x4.div(f32x4.mul(rate, first), deviation);
    v128.store(parameters + at, f32x4.sub(v128.load(parameters + at), change));
    v128.store(gradients + at, zero);
  }
}

/** Counts an update, once every thread has done its part. */
export function countUpdate(step: usize): void {
  if (thread == 0) store<f32>(step, load<f32>(step) + 1);
}
