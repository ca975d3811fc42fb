import { encodeSafetensors, parseSafetensors, parseSafetensorsHeader } from './safetensors';
import type { Weights } from './weights';

const weights: Weights = new Map([
  ['mask_decoder.iou_token.weight', { shape: [1, 3], data: Float32Array.of(1, -2, 0.5) }],
  ['a scalar', { shape: [], data: Float32Array.of(7) }],
]);

describe('safetensors', () => {
  it('reads back what it wrote, in the same order', () => {
    const file = parseSafetensors(encodeSafetensors(weights, { licence: 'MIT' }));
    expect([...file.weights]).toEqual([...weights]);
    expect(file.metadata).toEqual({ licence: 'MIT' });
  });

  it('starts the values at a multiple of 8 bytes', () => {
    const bytes = encodeSafetensors(weights);
    const header = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(header % 8).toBe(0);
    expect(new Float32Array(bytes.slice(8 + header).buffer)).toEqual(
      Float32Array.of(1, -2, 0.5, 7),
    );
  });

  it('writes half precision in half the bytes, and reads the nearest values there are', () => {
    const bytes = encodeSafetensors(
      new Map([['a third', { shape: [2, 1], data: Float32Array.of(1 / 3, -2) }]]),
      {},
      'F16',
    );
    const header = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect([...new Uint16Array(bytes.slice(8 + header).buffer)]).toEqual([0x3555, 0xc000]);
    expect([...parseSafetensors(bytes).weights]).toEqual([
      ['a third', { shape: [2, 1], data: Float32Array.of(0.333251953125, -2) }],
    ]);
  });

  it('tells where each tensor lies', () => {
    const bytes = encodeSafetensors(weights, {}, 'F16');
    const { tensors } = parseSafetensorsHeader(bytes);
    const { start, ...scalar } = tensors.get('a scalar')!;
    expect(scalar).toEqual({ precision: 'F16', shape: [], length: 2 });
    expect(start + 2).toBe(bytes.length);
  });

  it('refuses a type that it does not know', () => {
    const bytes = encodeSafetensors(weights);
    const text = new TextDecoder('latin1').decode(bytes).replace('F32', 'I32');
    const other = Uint8Array.from(text, character => character.charCodeAt(0));
    expect(() => parseSafetensors(other)).toThrow('is of type I32, not F32 or F16');
  });

  it('refuses tensors that overlap: a small file would ask for much memory', () => {
    const places = { dtype: 'F32', shape: [2], data_offsets: [0, 8] };
    const json = new TextEncoder().encode(JSON.stringify({ a: places, b: places }));
    const bytes = new Uint8Array(8 + json.length + 8);
    bytes[0] = json.length;
    bytes.set(json, 8);
    expect(() => parseSafetensors(bytes)).toThrow('tensor b overlaps another');
  });

  it('reads a file that lies in the middle of a larger buffer', () => {
    const bytes = encodeSafetensors(weights);
    const buffer = new Uint8Array(bytes.length + 3);
    buffer.set(bytes, 3);
    expect([...parseSafetensors(buffer.subarray(3)).weights]).toEqual([...weights]);
  });

  it.each([
    ['nothing', (bytes: Uint8Array) => bytes.subarray(0, 0), 'only 0 bytes'],
    ['half a header', (bytes: Uint8Array) => bytes.subarray(0, 40), 'header is cut off'],
    ['a cut end', (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 1), 'scalar is cut off'],
    ['text', () => new TextEncoder().encode('\x10\0\0\0\0\0\0\0<!doctype html>  '), 'not JSON'],
  ])('refuses %s', (_, damage, message) => {
    expect(() => parseSafetensors(damage(encodeSafetensors(weights)))).toThrow(message);
  });
});
