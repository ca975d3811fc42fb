import type { Unfold, UnfoldGradient } from '../../program';
import { forEach, kernel, type Kernel } from '../kernel';

/** One invocation for each value of the neighborhoods. */
export function unfoldKernels({ size, dilation, input, out }: Unfold): Kernel[] {
  const channels = input.columns;
  const grid = (names: { input: string; out: string }) =>
    forEach(
      out.rows * out.columns,
      `
  let channel = index % ${channels}u;
  let part = i32((index / ${channels}u) % 9u);
  let cell = i32(index / ${9 * channels}u);
  let row = cell / ${size} + (part / 3 - 1) * ${dilation};
  let column = cell % ${size} + (part % 3 - 1) * ${dilation};
  if (min(row, column) < 0 || max(row, column) >= ${size}) {
    ${names.out}[index] = 0f;
    return;
  }
  ${names.out}[index] = ${names.input}[u32(row * ${size} + column) * ${channels}u + channel];`,
    );
  return [
    kernel({
      operands: {
        input: { tensor: input, access: 'read', isVector: false },
        out: { tensor: out, access: 'write', isVector: false },
      },
      workgroups: grid({ input: '', out: '' }).workgroups,
      body: names => grid(names).entryPoint,
    }),
  ];
}

/** One invocation for each value of a cell, which adds up its nine copies. */
export function unfoldGradientKernels({
  size,
  dilation,
  outGradient,
  inputGradient,
}: UnfoldGradient): Kernel[] {
  const channels = inputGradient.columns;
  const grid = (names: { outGradient: string; inputGradient: string }) =>
    forEach(
      inputGradient.rows * channels,
      `
  let channel = index % ${channels}u;
  let cell = i32(index / ${channels}u);
  var sum = 0f;
  for (var part = 0; part < 9; part++) {
    let row = cell / ${size} - (part / 3 - 1) * ${dilation};
    let column = cell % ${size} - (part % 3 - 1) * ${dilation};
    if (min(row, column) < 0 || max(row, column) >= ${size}) { continue; }
    let at = u32((row * ${size} + column) * 9 + part) * ${channels}u + channel;
    sum += ${names.outGradient}[at];
  }
  ${names.inputGradient}[index] = sum;`,
    );
  return [
    kernel({
      operands: {
        outGradient: { tensor: outGradient, access: 'read', isVector: false },
        inputGradient: { tensor: inputGradient, access: 'write', isVector: false },
      },
      workgroups: grid({ outGradient: '', inputGradient: '' }).workgroups,
      body: names => grid(names).entryPoint,
    }),
  ];
}
