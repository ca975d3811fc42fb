import type { Storage, Tensor } from '../program';

/** How a kernel uses a tensor; `write` includes reading. */
export type Access = 'read' | 'write';

export interface Operand {
  readonly tensor: Tensor;
  readonly access: Access;
  /** The kernel sees `vec4<f32>`, not `f32`. The number of values must be a multiple of 4. */
  readonly isVector: boolean;
}

/** One dispatch of a compute shader. */
export interface Kernel {
  readonly source: string;
  /** In the order of the shader's bindings. */
  readonly bindings: readonly { readonly tensor: Tensor; readonly access: Access }[];
  readonly workgroups: readonly [number, number, number];
}

/** Default invocations per workgroup: the most that every device allows. */
export const WORKGROUP_SIZE = 256;

/** Most workgroups per dimension that every device allows. */
const MAX_WORKGROUPS = 65535;

/** Scratch memory between the dispatches of one operation, shared by all operations. */
export const SCRATCH: Storage = { id: -1, role: 'work', length: 0 };

export function scratch(rows: number, columns: number): Tensor {
  return { storage: SCRATCH, offset: 0, rows, columns };
}

/**
 * Assembles a kernel. WebGPU refuses a dispatch that binds a buffer both for reading and for writing, or
 * that binds overlapping parts of it of which one is writable. So all operands in a written storage are
 * bound for writing, and operands at the same place share one binding.
 *
 * @param options.operands by the names that `body` uses
 * @param options.body returns the WGSL after the bindings, given the WGSL name of each operand
 * @throws Error when operands overlap only partly, or the grid is too large
 */
export function kernel<Name extends string>({
  operands,
  workgroups,
  body,
}: {
  operands: Readonly<Record<Name, Operand>>;
  workgroups: readonly [number, number, number];
  body: (names: Readonly<Record<Name, string>>) => string;
}): Kernel {
  const all = Object.entries(operands) as [Name, Operand][];
  const written = new Set(
    all.filter(([, { access }]) => access === 'write').map(([, { tensor }]) => tensor.storage.id),
  );
  const bound: (Operand & { name: string })[] = [];
  const names = {} as Record<Name, string>;
  for (const [name, operand] of all) {
    const access = written.has(operand.tensor.storage.id) ? 'write' : operand.access;
    const other = access === 'write' && bound.find(({ tensor }) => overlap(tensor, operand.tensor));
    if (other) {
      checkSamePlace(other, operand, name);
      names[name] = other.name;
    } else {
      bound.push({ ...operand, access, name });
      names[name] = name;
    }
  }
  if (workgroups.some(count => count > MAX_WORKGROUPS)) {
    throw new Error(`A grid of ${workgroups.join(' x ')} workgroups is more than WebGPU runs.`);
  }
  const declarations = bound.map(({ name, access, isVector }, binding) => {
    const mode = access === 'write' ? 'read_write' : 'read';
    return `@group(0) @binding(${binding}) var<storage, ${mode}> ${name}: array<${elementType(isVector)}>;`;
  });
  return {
    source: [...declarations, body(names)].join('\n'),
    bindings: bound.map(({ tensor, access }) => ({ tensor, access })),
    workgroups,
  };
}

function overlap(a: Tensor, b: Tensor): boolean {
  if (a.storage.id !== b.storage.id) return false;
  return a.offset < b.offset + b.rows * b.columns && b.offset < a.offset + a.rows * a.columns;
}

function checkSamePlace(a: Operand & { name: string }, b: Operand, name: string): void {
  const isSame =
    a.tensor.offset === b.tensor.offset &&
    a.tensor.rows * a.tensor.columns === b.tensor.rows * b.tensor.columns &&
    a.isVector === b.isVector;
  if (isSame) return;
  throw new Error(
    `The operands ${a.name} and ${name} overlap in storage ${b.tensor.storage.id}, which is written: ` +
      `they must be at the same place or apart.`,
  );
}

export function elementType(isVector: boolean): string {
  return isVector ? 'vec4<f32>' : 'f32';
}

/** A WGSL literal of type f32. */
export function float(value: number): string {
  return `(${value}f)`;
}

/** Returns the WGSL entry point of a kernel; `body` has `group` and `local` (0 to size - 1). */
export function entryPoint(body: string, size = WORKGROUP_SIZE): string {
  return `
@compute @workgroup_size(${size})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
${body}
}`;
}

/** Runs `body` once for each of `count` elements, with the element's number as `index`. */
export function forEach(
  count: number,
  body: string,
): { workgroups: [number, number, number]; entryPoint: string } {
  const groups = Math.ceil(count / WORKGROUP_SIZE);
  const across = Math.min(groups, MAX_WORKGROUPS);
  return {
    workgroups: [across, Math.ceil(groups / across), 1],
    entryPoint: entryPoint(`
  let index = (group.y * ${across}u + group.x) * ${WORKGROUP_SIZE}u + local;
  if (index >= ${count}u) { return; }
${body}`),
  };
}

/** Writes out lines of WGSL for 0 to count - 1: WGSL cannot loop over registers. */
export function unrolled(count: number, line: (index: number) => string, separator = '\n'): string {
  return Array.from({ length: count }, (_, index) => line(index)).join(separator);
}
