/** Encodings by the defined terms of Specific Character Set (PS3.3, C.12.1.1.2), code extensions too. */
const ENCODINGS: Record<string, string> = {
  'IR 6': 'utf-8',
  'IR 100': 'windows-1252',
  'IR 101': 'iso-8859-2',
  'IR 109': 'iso-8859-3',
  'IR 110': 'iso-8859-4',
  'IR 126': 'iso-8859-7',
  'IR 127': 'iso-8859-6',
  'IR 138': 'iso-8859-8',
  'IR 144': 'iso-8859-5',
  'IR 148': 'windows-1254',
  'IR 203': 'iso-8859-15',
  'IR 13': 'shift_jis',
  'IR 87': 'iso-2022-jp',
  'IR 149': 'euc-kr',
  'IR 58': 'gb18030',
  'IR 166': 'windows-874',
  'IR 192': 'utf-8',
  GB18030: 'gb18030',
  GBK: 'gbk',
};

export type TextDecoding = (bytes: Uint8Array) => string;

/**
 * How text of a data set is decoded. Of several character sets the last names the encoding: the first
 * one is then the ASCII that all of them contain. A term that is not known is taken for Latin 1, as
 * which every byte can be read.
 *
 * @param terms values of Specific Character Set; none means ASCII, of which UTF-8 is a superset
 */
export function textDecoding(terms: readonly string[]): TextDecoding {
  const term = (terms.at(-1) ?? '').trim().replace(/^ISO[_ ](2022 )?/, '') || 'IR 6';
  const decoder = new TextDecoder(ENCODINGS[term] ?? 'windows-1252');
  return bytes => decoder.decode(bytes);
}
