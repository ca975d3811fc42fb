import { printable, printableLines } from './printable';

describe('printable', () => {
  it('leaves words of all languages as they are', () => {
    const words = 'Leber links, 肝臓, печень, كبد, 👩‍⚕'.replace('\u200d', '');
    expect(printable(words)).toBe(words);
  });

  it.each([
    ['an escape sequence', 'a\x1b[2Jb', 'a\\u001b[2Jb'],
    ['a C1 control', 'a\x9b2Jb', 'a\\u009b2Jb'],
    ['a line break and a tab', 'a\r\n\tb', 'a\\u000d\\u000a\\u0009b'],
    ['a bidirectional override', 'mask\u202egz.iin', 'mask\\u202egz.iin'],
    ['an isolate', '\u2066a\u2069', '\\u2066a\\u2069'],
    ['an invisible tag', 'a\u{e0041}', 'a\\udb40\\udc41'],
    ['a lone surrogate', 'a\ud800', 'a\\ud800'],
  ])('escapes %s', (_, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('keeps JSON the same to whoever parses it', () => {
    const value = { name: '\u202eliver\u009b\u{e0041}', list: [1, 2] };
    const shown = printableLines(JSON.stringify(value, null, 2));
    expect(shown).not.toMatch(/[\u202e\u009b]/);
    expect(JSON.parse(shown)).toEqual(value);
  });
});
