import { operandsOf } from './operands';
import type { Operation, Program, Storage } from './program';

/** Memory for the work storages of a program: storages that are never in use together share a slot. */
export interface SharedWork {
  /** Length of each slot, in values. */
  readonly slots: readonly number[];
  /** Slot of each work storage in use, by its id. The storage lies at the slot's start. */
  readonly slotOf: ReadonlyMap<number, number>;
}

/** Operations from the first that writes a storage to the last that uses it, both included. */
interface Use {
  readonly sequence: string;
  readonly first: number;
  last: number;
}

/**
 * Assigns every work storage a slot of memory. The largest come first and take the first slot that is free
 * while they are in use, so no slot grows.
 *
 * @throws Error when a sequence reads a work storage before writing it: it would read another storage's
 *   values
 */
export function shareWork(program: Program): SharedWork {
  const uses = new Map<number, Use[]>();
  for (const [sequence, operations] of Object.entries(program.sequences)) {
    for (const [id, use] of usesIn(sequence, operations)) {
      uses.set(id, [...(uses.get(id) ?? []), use]);
    }
  }
  const slots: number[] = [];
  const taken: Use[][] = [];
  const slotOf = new Map<number, number>();
  const used = program.storages.filter(({ id }) => uses.has(id));
  for (const { id, length } of used.sort((a, b) => b.length - a.length || a.id - b.id)) {
    const own = uses.get(id)!;
    let slot = taken.findIndex(others => !overlap(own, others));
    if (slot < 0) {
      slot = slots.push(length) - 1;
      taken.push([]);
    }
    taken[slot].push(...own);
    slotOf.set(id, slot);
  }
  return { slots, slotOf };
}

function usesIn(sequence: string, operations: readonly Operation[]): Map<number, Use> {
  const uses = new Map<number, Use>();
  operations.forEach((operation, at) => {
    const { reads, writes } = operandsOf(operation);
    for (const { storage } of reads) {
      if (storage.role === 'work' && !uses.has(storage.id)) {
        throw readTooEarly(storage, sequence, operation, at);
      }
    }
    for (const { storage } of [...reads, ...writes]) {
      if (storage.role !== 'work') continue;
      const use = uses.get(storage.id);
      if (use) use.last = at;
      else uses.set(storage.id, { sequence, first: at, last: at });
    }
  });
  return uses;
}

function overlap(own: readonly Use[], others: readonly Use[]): boolean {
  return own.some(a =>
    others.some(b => a.sequence === b.sequence && a.first <= b.last && b.first <= a.last),
  );
}

function readTooEarly(storage: Storage, sequence: string, operation: Operation, at: number): Error {
  return new Error(
    `Operation ${at} (${operation.kind}) of the sequence ${sequence} reads the work storage ` +
      `${storage.id} before anything in the sequence has written to it.`,
  );
}
