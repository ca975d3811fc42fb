import { partOf } from './multipart';

const TYPE = 'multipart/related; type="application/dicom"; boundary=abc';
const bytes = (text: string) => new TextEncoder().encode(text);
const text = (part: Uint8Array | null) => part && new TextDecoder().decode(part);

it('returns the content of the one part, with or without its length', () => {
  const plain = '--abc\r\nContent-Type: application/dicom\r\n\r\nDICM\r\n--abc--\r\n';
  expect(text(partOf(bytes(plain), TYPE))).toBe('DICM');
  const long = '\r\n--abc\r\nContent-Length: 11\r\n\r\nx\r\n--abc--\n\r\n--abc--';
  expect(text(partOf(bytes(long), TYPE.replace('abc', '"abc"')))).toBe('x\r\n--abc--\n');
  expect(text(partOf(bytes('DICM'), 'application/dicom'))).toBe('DICM');
});

it.each([
  ['--abc\r\nContent-Type: application/dicom\r\n\r\nDIC', TYPE],
  ['--abc\r\nContent-Length: 9\r\n\r\nDICM\r\n--abc--\r\n', TYPE],
  ['<html>Sign in</html>', 'text/html'],
])('returns null for an answer that is cut off or something else', (body, type) => {
  expect(partOf(bytes(body), type)).toBeNull();
});
