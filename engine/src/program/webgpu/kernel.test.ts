import type { Storage, Tensor } from '../program';
import { forEach, kernel, type Access, type Operand } from './kernel';

const storages: Storage[] = [0, 1].map(id => ({ id, role: 'work', length: 256 }));

function operand(storage: number, access: Access, offset = 0, columns = 64): Operand {
  const tensor: Tensor = { storage: storages[storage], offset, rows: 1, columns };
  return { tensor, access, isVector: false };
}

function bound(operands: Record<string, Operand>) {
  const { source, bindings } = kernel({
    operands,
    workgroups: [1, 1, 1],
    body: names => JSON.stringify(names),
  });
  return {
    accesses: bindings.map(({ access }) => access),
    names: JSON.parse(source.split('\n').at(-1)!) as Record<string, string>,
  };
}

describe('kernel', () => {
  it('binds what is only read for reading, also twice', () => {
    const operands = { a: operand(0, 'read'), b: operand(0, 'read'), out: operand(1, 'write') };
    expect(bound(operands)).toEqual({
      accesses: ['read', 'read', 'write'],
      names: { a: 'a', b: 'b', out: 'out' },
    });
  });

  it('makes one binding of what is read and written in one place', () => {
    const operands = { out: operand(0, 'write'), a: operand(0, 'read'), b: operand(1, 'read') };
    expect(bound(operands)).toEqual({
      accesses: ['write', 'read'],
      names: { out: 'out', a: 'out', b: 'b' },
    });
  });

  it('binds all parts of a storage for writing when one is written', () => {
    const operands = { a: operand(0, 'read', 64), out: operand(0, 'write') };
    expect(bound(operands).accesses).toEqual(['write', 'write']);
  });

  it('refuses operands that overlap in part, and grids that are too large', () => {
    const operands = { a: operand(0, 'read', 64, 128), out: operand(0, 'write', 128) };
    expect(() => bound(operands)).toThrow('The operands a and out overlap in storage 0');
    expect(() => kernel({ operands: {}, workgroups: [65536, 1, 1], body: () => '' })).toThrow(
      '65536 x 1 x 1',
    );
  });

  it('spreads many elements over two dimensions', () => {
    expect(forEach(1000, '').workgroups).toEqual([4, 1, 1]);
    expect(forEach(256 * 65535 + 1, '').workgroups).toEqual([65535, 2, 1]);
  });
});
