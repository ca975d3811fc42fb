import type { Operation, Storage, Tensor } from './program';

/**
 * Where the gradient of each tensor is, and how much of it something was written to already: the
 * first contribution is written, the others are added.
 */
export class GradientTape {
  private readonly gradientOf = new Map<Storage, Storage>();
  /** Of each storage, the first values of those parts whose gradient is known, and their lengths. */
  private readonly written = new Map<Storage, Map<number, number>>();
  /** Gradients whose memory the operation at hand gave to an operand. */
  private readonly handedOver = new Set<Storage>();

  constructor(
    private readonly parameters: Storage,
    parameterGradients: Storage,
    private readonly allocate: (length: number) => Storage,
    private readonly emit: (operation: Operation) => void,
  ) {
    this.gradientOf.set(parameters, parameterGradients);
  }

  /** Starts the contributions of another operation: nobody reads the gradient of the last one's result. */
  nextOperation(): void {
    this.handedOver.clear();
  }

  /** Whether a contribution is there. To those of parameters everything is added: they start at zero. */
  has({ storage, offset }: Tensor): boolean {
    return storage === this.parameters || this.writtenUntil(storage, offset) > offset;
  }

  /** @throws Error when some of it was never written */
  of(tensor: Tensor): Tensor {
    const { storage, offset, rows, columns } = tensor;
    const gradient = this.gradientOf.get(storage);
    if (gradient && (storage === this.parameters || this.isComplete(tensor))) {
      return { storage: gradient, offset, rows, columns };
    }
    throw new Error(`no gradient reaches a tensor of ${rows} x ${columns}`);
  }

  /** Room for the first contribution to a gradient. */
  first(tensor: Tensor): Tensor {
    if (this.has(tensor)) throw new Error('a gradient would be overwritten');
    const { storage } = tensor;
    if (!this.gradientOf.has(storage)) this.gradientOf.set(storage, this.allocate(storage.length));
    this.markWritten(tensor);
    return this.of(tensor);
  }

  /**
   * Room for a contribution that is written, not added to.
   *
   * @returns also what adds it, if it is not the first, once it is written
   */
  contribution(tensor: Tensor): { room: Tensor; finish: () => void } {
    if (!this.has(tensor)) return { room: this.first(tensor), finish: () => undefined };
    const { rows, columns } = tensor;
    const room = { storage: this.allocate(rows * columns), offset: 0, rows, columns };
    const out = this.of(tensor);
    return { room, finish: () => this.emit({ kind: 'add', a: out, b: room, out }) };
  }

  /**
   * Adds a contribution that nobody else needs. As the first it is not copied: the gradient stays
   * where it is.
   *
   * @param contribution fills its storage
   */
  handOver(tensor: Tensor, contribution: Tensor): void {
    if (this.has(tensor)) {
      const out = this.of(tensor);
      this.emit({ kind: 'add', a: out, b: contribution, out });
      return;
    }
    const isWhole = contribution.storage.length === tensor.storage.length;
    if (!isWhole || this.handedOver.has(contribution.storage)) {
      throw new Error('a gradient cannot be in two places');
    }
    this.handedOver.add(contribution.storage);
    this.gradientOf.set(tensor.storage, contribution.storage);
    this.markWritten(tensor);
  }

  private markWritten({ storage, offset, rows, columns }: Tensor): void {
    const parts = this.written.get(storage) ?? new Map<number, number>();
    parts.set(offset, rows * columns);
    this.written.set(storage, parts);
  }

  private isComplete({ storage, offset, rows, columns }: Tensor): boolean {
    const end = offset + rows * columns;
    let at = offset;
    for (let next = this.writtenUntil(storage, at); next > at;) {
      at = next;
      next = this.writtenUntil(storage, at);
    }
    return at >= end;
  }

  /** The end of the part that is written at `offset`; `offset` itself where there is none. */
  private writtenUntil(storage: Storage, offset: number): number {
    for (const [from, length] of this.written.get(storage) ?? []) {
      if (from <= offset && offset < from + length) return from + length;
    }
    return offset;
  }
}
