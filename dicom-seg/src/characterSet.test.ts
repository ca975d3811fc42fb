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
});
