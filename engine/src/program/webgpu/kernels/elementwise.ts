import type { Activation, ActivationFunction, ActivationGradient, Add } from '../../program';
import { elementType, float, forEach, kernel, type Kernel } from '../kernel';

export function addKernels({ a, b, out }: Add): Kernel[] {
  const { isVector, count } = elements(out);
  const grid = (names: Record<string, string>) =>
    forEach(count, `  ${names.out}[index] = ${names.a}[index] + ${names.b}[index];`);
  return [
    kernel({
      operands: {
        out: { tensor: out, access: 'write', isVector },
        a: { tensor: a, access: 'read', isVector },
        b: { tensor: b, access: 'read', isVector },
      },
      workgroups: grid({}).workgroups,
      body: names => grid(names).entryPoint,
    }),
  ];
}

export function activationKernels({ function: name, input, out }: Activation): Kernel[] {
  const { isVector, count } = elements(out);
  const grid = (names: Record<string, string>) =>
    forEach(count, `  ${names.out}[index] = activate(${names.input}[index]);`);
  return [
    kernel({
      operands: {
        out: { tensor: out, access: 'write', isVector },
        input: { tensor: input, access: 'read', isVector },
      },
      workgroups: grid({}).workgroups,
      body: names => functions(name, isVector) + grid(names).entryPoint,
    }),
  ];
}

export function activationGradientKernels({
  function: name,
  input,
  outGradient,
  inputGradient,
}: ActivationGradient): Kernel[] {
  const { isVector, count } = elements(input);
  const grid = (names: Record<string, string>) =>
    forEach(
      count,
      `
  let slope = slopeAt(${names.input}[index]);
  ${names.inputGradient}[index] = ${names.outGradient}[index] * slope;`,
    );
  return [
    kernel({
      operands: {
        inputGradient: { tensor: inputGradient, access: 'write', isVector },
        outGradient: { tensor: outGradient, access: 'read', isVector },
        input: { tensor: input, access: 'read', isVector },
      },
      workgroups: grid({}).workgroups,
      body: names => functions(name, isVector) + grid(names).entryPoint,
    }),
  ];
}

function elements({ rows, columns }: { rows: number; columns: number }) {
  const isVector = (rows * columns) % 4 === 0;
  return { isVector, count: (rows * columns) / (isVector ? 4 : 1) };
}

/** WGSL `activate(x)` and `slopeAt(x)`. Comparisons are such that NaN stays NaN. */
function functions(name: ActivationFunction, isVector: boolean): string {
  const type = elementType(isVector);
  if (name === 'relu') {
    return `
fn activate(x: ${type}) -> ${type} { return select(x, ${type}(), x < ${type}()); }
fn slopeAt(x: ${type}) -> ${type} { return select(${type}(), ${type}(1f), x > ${type}()); }`;
  }
  return `
${errorFunction(type)}
fn cumulative(x: ${type}) -> ${type} { return 0.5f + 0.5f * erf(x * ${float(Math.SQRT1_2)}); }
fn activate(x: ${type}) -> ${type} { return x * cumulative(x); }
fn slopeAt(x: ${type}) -> ${type} {
  let density = exp(-0.5f * x * x) * ${float(1 / Math.sqrt(2 * Math.PI))};
  return cumulative(x) + x * density;
}`;
}

/** The quotient of polynomials that Eigen uses for float32: `x P(x²) / Q(x²)` up to 4, then 1. */
const NUMERATOR = [
  -2.72614225801306e-10, 2.77068142495902e-8, -2.10102402082508e-6, -5.69250639462346e-5,
  -7.34990630326855e-4, -2.95459980854025e-3, -1.60960333262415e-2,
];
const DENOMINATOR = [
  -1.45660718464996e-5, -2.13374055278905e-4, -1.68282697438203e-3, -7.37332916720468e-3,
  -1.42647390514189e-2,
];

function errorFunction(type: string): string {
  const polynomial = (coefficients: readonly number[]) =>
    coefficients
      .slice(1)
      .reduce(
        (value, coefficient) => `fma(${value}, square, ${type}(${float(coefficient)}))`,
        `${type}(${float(coefficients[0])})`,
      );
  return `
fn erf(x: ${type}) -> ${type} {
  let square = x * x;
  let quotient = x * (${polynomial(NUMERATOR)}) / (${polynomial(DENOMINATOR)});
  return select(quotient, sign(x), abs(x) > ${type}(4f));
}`;
}
