import { bytesText } from './keptSize';

it.each([
  [0, '0 kB'],
  [1, '1 kB'],
  [2_040, '3 kB'],
  [213_900_000, '214 MB'],
  [2 ** 30, '1.1 GB'],
  [2 ** 31, '2.1 GB'],
])('%d bytes are %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text);
});
