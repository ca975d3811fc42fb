import { digestLabels } from '../viewer/maskDigest';
import { algorithmTypeOf } from './algorithmType';

const masks = new Map([
  [1, Uint8Array.of(0, 1, 1, 0)],
  [2, Uint8Array.of(0, 0, 1, 0)],
]);
const found = new Map([...masks].map(([index, mask]) => [index, digestLabels(mask).get(1)!]));

it('says how a segment came about', () => {
  expect(algorithmTypeOf(masks, new Map(), false)).toBe('MANUAL');
  expect(algorithmTypeOf(masks, found, false)).toBe('SEMIAUTOMATIC');
  expect(algorithmTypeOf(masks, found, true)).toBe('AUTOMATIC');
  expect(algorithmTypeOf(masks, new Map(), false, true)).toBe('SEMIAUTOMATIC');
});

it('is no longer automatic once a slice was corrected or added by hand', () => {
  const corrected = new Map(masks).set(2, Uint8Array.of(0, 1, 1, 0));
  expect(algorithmTypeOf(corrected, found, true)).toBe('SEMIAUTOMATIC');
  expect(algorithmTypeOf(new Map(masks).set(3, Uint8Array.of(1)), found, true)).toBe(
    'SEMIAUTOMATIC',
  );
});
