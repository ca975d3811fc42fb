import { ALIGNMENT, type Program, type Storage, type Tensor } from '../program';
import { shareWork } from '../shareWork';
import { SCRATCH, type Kernel } from './kernel';

const BYTES = Float32Array.BYTES_PER_ELEMENT;

/** The memory of a program on a device: one buffer per storage, except that work storages share some. */
export class Buffers {
  private readonly all: GPUBuffer[] = [];
  private readonly bufferOf = new Map<number, GPUBuffer>();

  /** @param kernels all kernels of the program, to size the scratch memory */
  constructor(device: GPUDevice, program: Program, kernels: readonly Kernel[]) {
    const create = (length: number, label: string) => {
      const buffer = device.createBuffer({
        label,
        size: Math.max(roundUp(length, ALIGNMENT), ALIGNMENT) * BYTES,
        usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
      });
      this.all.push(buffer);
      return buffer;
    };
    const { slots, slotOf } = shareWork(program);
    const slotBuffers = slots.map((length, slot) => create(length, `work ${slot}`));
    for (const { id, role, length } of program.storages) {
      const slot = slotOf.get(id);
      if (slot !== undefined) this.bufferOf.set(id, slotBuffers[slot]);
      // A work storage that no sequence touches needs no memory.
      else if (role !== 'work') this.bufferOf.set(id, create(length, `${role} ${id}`));
    }
    const scratchLengths = kernels.flatMap(({ bindings }) =>
      bindings
        .filter(({ tensor }) => tensor.storage === SCRATCH)
        .map(({ tensor }) => tensor.rows * tensor.columns),
    );
    if (scratchLengths.length > 0) {
      this.bufferOf.set(SCRATCH.id, create(largest(scratchLengths), 'scratch'));
    }
  }

  of(storage: Storage): GPUBuffer {
    const buffer = this.bufferOf.get(storage.id);
    if (!buffer) throw new Error(`The program does not use storage ${storage.id}.`);
    return buffer;
  }

  /**
   * Returns the binding of a tensor, extended to a whole vector; alignment keeps the extra values its own.
   */
  binding({ storage, offset, rows, columns }: Tensor): GPUBufferBinding {
    return {
      buffer: this.of(storage),
      offset: offset * BYTES,
      size: roundUp(rows * columns, 4) * BYTES,
    };
  }

  dispose(): void {
    for (const buffer of this.all) buffer.destroy();
  }
}

function largest(values: readonly number[]): number {
  return values.reduce((max, value) => Math.max(max, value), 0);
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
