/**
 * Encodings by the defined terms of Specific Character Set (PS3.3, C.12.1.1.2), including code extensions.
 */
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

/**
 * Character set that an escape sequence selects for bytes below 128, by the text after ESC (PS3.3, Tables
 * C.12-3, C.12-4).
 */
const LOWER: Record<string, 'ASCII' | 'JIS X 0208' | 'JIS X 0212'> = {
  '(B': 'ASCII',
  '(J': 'ASCII',
  $B: 'JIS X 0208',
  '$(D': 'JIS X 0212',
};
/** Likewise for bytes from 128 on: a term of `ENCODINGS`. */
const UPPER: Record<string, string> = {
  '-A': 'IR 100',
  '-B': 'IR 101',
  '-C': 'IR 109',
  '-D': 'IR 110',
  '-F': 'IR 126',
  '-G': 'IR 127',
  '-H': 'IR 138',
  '-L': 'IR 144',
  '-M': 'IR 148',
  '-T': 'IR 166',
  '-b': 'IR 203',
  ')I': 'IR 13',
  '$)A': 'IR 58',
  '$)C': 'IR 149',
};
const ESCAPE = 0x1b;
/**
 * Delimiters of values, name parts and lines, after which the first character set applies again (PS3.5,
 * 6.1.2.5.3).
 */
const DELIMITERS = new Set(Array.from('\\^=\r\n\f', character => character.charCodeAt(0)));

export type TextDecoding = (bytes: Uint8Array) => string;

/**
 * Returns the decoder for text of a data set. With code extensions (several terms, or ISO 2022), escape
 * sequences select the character set. An unknown term is read as Latin 1, in which every byte is valid.
 *
 * @param terms values of Specific Character Set; none means ASCII, which is read as UTF-8, its superset
 */
export function textDecoding(terms: readonly string[]): TextDecoding {
  const names = terms.map(term => term.trim().replace(/^ISO[_ ](2022 )?/, '') || 'IR 6');
  const [first = 'IR 6'] = names;
  if (terms.length < 2 && !/2022/.test(terms[0] ?? '')) return bytes => decode(bytes, first);
  // ASCII has no bytes from 128 on: without an escape sequence, such bytes belong to the other set.
  const known = names.filter(name => name in ENCODINGS);
  const upper = first === 'IR 6' ? (known.at(-1) ?? first) : first;
  return bytes => decodeExtended(bytes, upper);
}

function decode(bytes: Uint8Array, name: string): string {
  return new TextDecoder(ENCODINGS[name] ?? 'windows-1252').decode(bytes);
}

/** @param initial term for bytes from 128 on, until an escape sequence selects another */
function decodeExtended(bytes: Uint8Array, initial: string): string {
  let text = '';
  let lower: (typeof LOWER)[string] = 'ASCII';
  let upper = initial;
  for (let start = 0; start < bytes.length;) {
    if (bytes[start] === ESCAPE) {
      const sequence = sequenceAt(bytes, start + 1);
      lower = LOWER[sequence] ?? lower;
      upper = UPPER[sequence] ?? upper;
      start += 1 + sequence.length;
      continue;
    }
    let end = start + 1;
    if (lower === 'ASCII') {
      // Include the delimiter, which is the same in all sets.
      while (end < bytes.length && bytes[end] !== ESCAPE && !DELIMITERS.has(bytes[end - 1])) end++;
      text += decode(bytes.subarray(start, end), upper);
      if (DELIMITERS.has(bytes[end - 1])) upper = initial;
    } else {
      while (end < bytes.length && bytes[end] !== ESCAPE) end++;
      text += decodeJapanese(bytes.subarray(start, end), lower);
    }
    start = end;
  }
  return text;
}

/** Returns a known escape sequence, or an empty string. */
function sequenceAt(bytes: Uint8Array, start: number): string {
  const following = String.fromCharCode(...bytes.subarray(start, start + 3));
  return [3, 2].map(length => following.slice(0, length)).find(isSequence) ?? '';
}

function isSequence(text: string): boolean {
  return text in LOWER || text in UPPER;
}

/**
 * Decodes two bytes per character, below 128. EUC-JP has the same ones from 128 on, those of JIS X 0212
 * after 8F.
 */
function decodeJapanese(bytes: Uint8Array, set: 'JIS X 0208' | 'JIS X 0212'): string {
  const raised: number[] = [];
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    if (set === 'JIS X 0212') raised.push(0x8f);
    raised.push(bytes[i] | 0x80, bytes[i + 1] | 0x80);
  }
  return new TextDecoder('euc-jp').decode(Uint8Array.from(raised));
}
