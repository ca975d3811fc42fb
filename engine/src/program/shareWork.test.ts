import type { Operation, Program, Role, Storage, Tensor } from './program';
import { shareWork } from './shareWork';

const lengths = [64, 128, 128, 256];
const storages: Storage[] = [
  { id: 0, role: 'input', length: 64 },
  ...lengths.map((length, i) => ({ id: i + 1, role: 'work' as Role, length })),
];

function whole(id: number): Tensor {
  return { storage: storages[id], offset: 0, rows: 1, columns: storages[id].length };
}

function relu(input: number, out: number): Operation {
  return { kind: 'activation', function: 'relu', input: whole(input), out: whole(out) };
}

function add(a: number, b: number, out: number): Operation {
  return { kind: 'add', a: whole(a), b: whole(b), out: whole(out) };
}

function slots(sequences: Record<string, Operation[]>) {
  const program: Program = { storages, sequences };
  const shared = shareWork(program);
  return { slots: shared.slots, of: [1, 2, 3, 4].map(id => shared.slotOf.get(id)) };
}

describe('shareWork', () => {
  it('lets a storage take the place of one that is no longer read', () => {
    const chain = [relu(0, 1), relu(1, 2), relu(2, 3), relu(3, 4)];
    expect(slots({ chain })).toEqual({ slots: [256, 128], of: [1, 0, 1, 0] });
  });

  it('keeps apart what one operation reads and writes, and what is read later', () => {
    expect(slots({ chain: [relu(0, 1), relu(1, 2), add(1, 2, 3)] })).toEqual({
      slots: [128, 128, 64],
      of: [2, 0, 1, undefined],
    });
  });

  it('looks at each sequence by itself', () => {
    const { of } = slots({ one: [relu(0, 1), relu(1, 2)], other: [relu(0, 2), relu(2, 3)] });
    expect(of[0]).toBe(of[2]);
    expect(of[0]).not.toBe(of[1]);
  });

  it('refuses a sequence that reads what nothing in it has written', () => {
    expect(() => slots({ one: [relu(0, 1)], other: [relu(1, 2)] })).toThrow(
      'Operation 0 (activation) of the sequence other reads the work storage 1',
    );
    const accumulating: Operation = { kind: 'sumRows', input: whole(0), out: whole(1) };
    expect(() => slots({ one: [accumulating] })).toThrow('Operation 0 (sumRows)');
  });
});
