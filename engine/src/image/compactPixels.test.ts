import { compactPixels } from './compactPixels';

describe('compactPixels', () => {
  it.each([
    ['Hounsfield units', [-1024, 40, 3071], Int16Array],
    ['unsigned 16 bits', [0, 40, 65535], Uint16Array],
    ['fractions', [0.5, 1], Float32Array],
    ['values beyond 16 bits', [-1, 40000], Float32Array],
    ['what is not a number', [1, NaN], Float32Array],
  ])('keeps %s as they are', (_, values, type) => {
    const compact = compactPixels(Float32Array.from(values));
    expect(compact).toBeInstanceOf(type);
    expect([...compact]).toEqual(values);
  });
});
