/** SIMD functions of four values. */

/**
 * Computes `e^x` for `x` up to 80, with a relative error below 2e-7 near 0 and 4e-6 at the ends; about 0
 * below -87. Source: the polynomial of Cephes' exp2f (S. Moshier) for the fraction of `x log2(e)`; the
 * integer part is added to the exponent.
 */
export function exp(x: v128): v128 {
  const power = f32x4.pmax(f32x4.mul(x, f32x4.splat(1.44269504088896341)), f32x4.splat(-126));
  // Adding 1.5 * 2^23 rounds to an integer, which is then in the lowest bits.
  const rounder = f32x4.splat(12582912);
  const whole = f32x4.add(power, rounder);
  const fraction = f32x4.sub(power, f32x4.sub(whole, rounder));
  let y = f32x4.splat(1.5353361883195e-4);
  y = f32x4.add(f32x4.mul(y, fraction), f32x4.splat(1.339887440266574e-3));
  y = f32x4.add(f32x4.mul(y, fraction), f32x4.splat(9.61843735767464e-3));
  y = f32x4.add(f32x4.mul(y, fraction), f32x4.splat(5.550332471162809e-2));
  y = f32x4.add(f32x4.mul(y, fraction), f32x4.splat(2.402264791363012e-1));
  y = f32x4.add(f32x4.mul(y, fraction), f32x4.splat(6.931472028550421e-1));
  y = f32x4.add(f32x4.mul(y, fraction), f32x4.splat(1));
  return i32x4.add(y, i32x4.shl(whole, 23));
}

/**
 * Computes the error function with an absolute error below 2e-7; NaN stays NaN.
 *
 * Source: the rational function of Eigen's `generic_fast_erf_float`; beyond 4 it is 1 to 2e-8.
 */
export function erf(x: v128): v128 {
  x = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-4)), f32x4.splat(4));
  const square = f32x4.mul(x, x);
  let p = f32x4.splat(-2.72614225801306e-10);
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(2.77068142495902e-8));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(-2.10102402082508e-6));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(-5.69250639462346e-5));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(-7.34990630326855e-4));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(-2.95459980854025e-3));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(-1.60960333262415e-2));
  let q = f32x4.splat(-1.45660718464996e-5);
  q = f32x4.add(f32x4.mul(q, square), f32x4.splat(-2.13374055278905e-4));
  q = f32x4.add(f32x4.mul(q, square), f32x4.splat(-1.68282697438203e-3));
  q = f32x4.add(f32x4.mul(q, square), f32x4.splat(-7.37332916720468e-3));
  q = f32x4.add(f32x4.mul(q, square), f32x4.splat(-1.42647390514189e-2));
  return f32x4.div(f32x4.mul(x, p), q);
}

/** `x (1 + erf(x / sqrt 2)) / 2`; NaN stays NaN. */
export function gelu(x: v128): v128 {
  const half = f32x4.mul(x, f32x4.splat(0.5));
  return f32x4.add(half, f32x4.mul(half, erf(f32x4.mul(x, f32x4.splat(0.70710678)))));
}

/** Derivative of `gelu`: cumulative plus `x` times density of the normal distribution. */
export function geluSlope(x: v128): v128 {
  const half = f32x4.splat(0.5);
  const scaled = f32x4.mul(x, f32x4.splat(0.70710678));
  const cumulative = f32x4.add(half, f32x4.mul(half, erf(scaled)));
  const density = f32x4.mul(exp(f32x4.neg(f32x4.mul(scaled, scaled))), f32x4.splat(0.39894228));
  return f32x4.add(cumulative, f32x4.mul(x, density));
}

/** Returns the sum of the four values. */
export function sum(x: v128): f32 {
  return (
    f32x4.extract_lane(x, 0) +
    f32x4.extract_lane(x, 1) +
    (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3))
  );
}
