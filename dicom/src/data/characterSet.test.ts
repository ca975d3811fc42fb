import { textDecoding } from './characterSet';

describe('textDecoding', () => {
  it.each<[string[], number[], string]>([
    [[], [0x4c, 0x65], 'Le'],
    [['ISO_IR 100'], [0x47, 0x72, 0xf6, 0xdf, 0x65], 'Größe'],
    [['ISO_IR 192'], [0xc3, 0xb6], 'ö'],
    [['ISO_IR 144'], [0xbf, 0xd5], 'Пе'],
    [['', 'ISO 2022 IR 87'], [0x1b, 0x24, 0x42, 0x34, 0x4e, 0x1b, 0x28, 0x42], '肝'],
    [['GB18030'], [0xb8, 0xce], '肝'],
    [['ISO_IR 999'], [0xe4], 'ä'],
  ])('reads %j', (terms, bytes, text) => {
    expect(textDecoding(terms)(Uint8Array.from(bytes))).toBe(text);
  });

  /** The names of PS3.5, Annexes H, I and K: text as Latin 1, `~` for ESC. */
  const bytesOf = (text: string) =>
    Uint8Array.from(text.replace(/~/g, '\x1b'), character => character.charCodeAt(0));

  it.each<[string, string[], string, string]>([
    [
      'Japanese, H.3.1',
      ['', 'ISO 2022 IR 87'],
      'Yamada^Tarou=~$B;3ED~(B^~$BB@O:~(B=~$B$d$^$@~(B^~$B$?$m$&~(B',
      'Yamada^Tarou=山田^太郎=やまだ^たろう',
    ],
    [
      'Japanese in half width, H.3.2',
      ['ISO 2022 IR 13', 'ISO 2022 IR 87'],
      '\xd4\xcf\xc0\xde^\xc0\xdb\xb3=~$B;3ED~(J^~$BB@O:~(J=~$B$d$^$@~(J^~$B$?$m$&~(J',
      'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう',
    ],
    [
      'Japanese with a second set of signs',
      ['', 'ISO 2022 IR 87', 'ISO 2022 IR 159'],
      'A=~$B;3~$(D0!~(B^B',
      'A=山丂^B',
    ],
    [
      'Korean, I.2',
      ['', 'ISO 2022 IR 149'],
      'Hong^Gildong=~$)C\xfb\xf3^~$)C\xd1\xce\xd4\xd7=~$)C\xc8\xab^~$)C\xb1\xe6\xb5\xbf',
      'Hong^Gildong=洪^吉洞=홍^길동',
    ],
    [
      'Chinese, K.2',
      ['', 'ISO 2022 IR 58'],
      'Zhang^XiaoDong=~$)A\xd5\xc5^~$)A\xd0\xa1\xb6\xab=',
      'Zhang^XiaoDong=张^小东=',
    ],
    [
      'two Latin sets, the first again after a delimiter',
      ['ISO 2022 IR 100', 'ISO 2022 IR 144'],
      '\xe4~-L\xbf^\xe4',
      'äП^ä',
    ],
    ['one that says no more than its name', ['', 'ISO_IR 149'], '\xc8\xab^\xb1\xe6', '홍^길'],
    ['an escape sequence of nothing known', ['', 'ISO 2022 IR 100'], 'a~%Gb', 'a%Gb'],
  ])('reads code extensions: %s', (_, terms, written, text) => {
    expect(textDecoding(terms)(bytesOf(written))).toBe(text);
  });
});
