import type { Operation, Storage, Tensor } from './program';

/**
 * Tracks where the gradient of each tensor is stored and which parts of it are written already: the first
 * contribution is written, later ones are added.
 */
export class GradientTape {
  private readonly gradientOf = new Map<Storage, Storage>();
  /** For each storage, the parts whose gradient is written: offset -> length, in values. */
  private readonly written = new Map<Storage, Map<number, number>>();
  /** Gradients whose memory the current operation handed to an operand. */
  private readonly handedOver = new Set<Storage>();

  constructor(
    private readonly parameters: Storage,
    parameterGradients: Storage,
    private readonly allocate: (length: number) => Storage,
    private readonly emit: (operation: Operation) => void,
  ) {
    this.gradientOf.set(parameters, parameterGradients);
  }

  /** Starts the next operation: the gradient of the previous operation's result is not read any more. */
  nextOperation(): void {
    this.handedOver.clear();
  }

  /** Whether the gradient has a contribution. Those of parameters always do: they start at zero. */
  has({ storage, offset }: Tensor): boolean {
    return storage === this.parameters || this.writtenUntil(storage, offset) > offset;
  }

  /** Returns the gradient of a tensor. @throws Error when part of it was never written */
  of(tensor: Tensor): Tensor {
    const { storage, offset, rows, columns } = tensor;
    const gradient = this.gradientOf.get(storage);
    if (gradient && (storage === this.parameters || this.isComplete(tensor))) {
      return { storage: gradient, offset, rows, columns };
    }
    throw new Error(`no gradient reaches a tensor of ${rows} x ${columns}`);
  }

  /** Allocates a gradient for its first contribution. @throws Error when it has one already */
  first(tensor: Tensor): Tensor {
    if (this.has(tensor)) throw new Error('a gradient would be overwritten');
    const { storage } = tensor;
    if (!this.gradientOf.has(storage)) this.gradientOf.set(storage, this.allocate(storage.length));
    this.markWritten(tensor);
    return this.of(tensor);
  }

  /**
   * Returns room for a contribution that an operation writes rather than adds.
   *
   * @returns `finish` to call once it is written: it adds any contribution but the first
   */
  contribution(tensor: Tensor): { room: Tensor; finish: () => void } {
    if (!this.has(tensor)) return { room: this.first(tensor), finish: () => undefined };
    const { rows, columns } = tensor;
    const room = { storage: this.allocate(rows * columns), offset: 0, rows, columns };
    const out = this.of(tensor);
    return { room, finish: () => this.emit({ kind: 'add', a: out, b: room, out }) };
  }

  /**
   * Adds a contribution that nothing else reads. The first one is not copied: its memory becomes the
   * gradient.
   *
   * @param contribution must fill its storage
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

  /** Returns the end of the written part that contains `offset`, or `offset` if none does. */
  private writtenUntil(storage: Storage, offset: number): number {
    for (const [from, length] of this.written.get(storage) ?? []) {
      if (from <= offset && offset < from + length) return from + length;
    }
    return offset;
  }
}
