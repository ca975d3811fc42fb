/**
 * WGSL functions `sumOver(local, value)` and `largestOver(local, value)`: both return the same result to
 * all invocations with the same `local / size`. All invocations of the workgroup must call them.
 *
 * @param size invocations that share a result, a power of 2
 * @param workgroupSize a multiple of `size`
 */
export function reductions(size: number, workgroupSize = size): string {
  const reduction = (name: string, combined: string) => `
fn ${name}(local: u32, value: f32) -> f32 {
  reduced[local] = value;
  for (var step = ${size / 2}u; step > 0u; step = step / 2u) {
    workgroupBarrier();
    if (local % ${size}u < step) {
      let own = reduced[local];
      let other = reduced[local + step];
      reduced[local] = ${combined};
    }
  }
  workgroupBarrier();
  let result = reduced[local - local % ${size}u];
  workgroupBarrier();
  return result;
}`;
  return [
    `var<workgroup> reduced: array<f32, ${workgroupSize}>;`,
    reduction('sumOver', 'own + other'),
    reduction('largestOver', 'max(own, other)'),
  ].join('\n');
}
