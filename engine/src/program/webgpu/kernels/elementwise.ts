import type {
  Activation,
  ActivationFunction,
  ActivationGradient,
  Add,
  Tensor,
} from '../../program';
import { elementType, float, forEach, kernel, type Kernel, type Operand } from '../kernel';

export function addKernels({ a, b, out }: Add): Kernel[] {
  return forEachElement(
    out,
    { a, b },
    () => '',
    names => `  ${names.out}[index] = ${names.a}[index] + ${names.b}[index];`,
  );
}

export function activationKernels({ function: name, input, out }: Activation): Kernel[] {
  return forEachElement(
    out,
    { input },
    isVector => functions(name, isVector),
    names => `  ${names.out}[index] = activate(${names.input}[index]);`,
  );
}

export function activationGradientKernels({
  function: name,
  input,
  outGradient,
  inputGradient,
}: ActivationGradient): Kernel[] {
  return forEachElement(
    inputGradient,
    { outGradient, input },
    isVector => functions(name, isVector),
    names => `
  let slope = slopeAt(${names.input}[index]);
  ${names.out}[index] = ${names.outGradient}[index] * slope;`,
  );
}

/** One dispatch in which each invocation writes one element of `out`. */
function forEachElement(
  out: Tensor,
  inputs: Readonly<Record<string, Tensor>>,
  declarations: (isVector: boolean) => string,
  statement: (names: Record<string, string>) => string,
): Kernel[] {
  const { isVector, count } = elements(out);
  const operands: Record<string, Operand> = {
    out: { tensor: out, access: 'write', isVector },
  };
  for (const [name, tensor] of Object.entries(inputs)) {
    operands[name] = { tensor, access: 'read', isVector };
  }
  const grid = (names: Record<string, string>) => forEach(count, statement(names));
  return [
    kernel({
      operands,
      workgroups: grid({}).workgroups,
      body: names => declarations(isVector) + grid(names).entryPoint,
    }),
  ];
}

function elements({ rows, columns }: { rows: number; columns: number }) {
  const isVector = (rows * columns) % 4 === 0;
  return { isVector, count: (rows * columns) / (isVector ? 4 : 1) };
}

/** WGSL functions `activate(x)` and `slopeAt(x)`. The comparisons are chosen so that NaN stays NaN. */
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

/** Eigen's rational approximation of erf for float32: `x P(x²) / Q(x²)` up to |x| = 4, then ±1. */
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
