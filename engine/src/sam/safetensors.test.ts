import { encodeSafetensors, parseSafetensors } from './safetensors';
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
