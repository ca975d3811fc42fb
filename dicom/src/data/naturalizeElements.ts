import dicomParser, { type DataSet, type Element } from 'dicom-parser';
import { textDecoding, type TextDecoding } from './characterSet';
import { dcmjsData } from './dcmjsData';
import type { NaturalizedDataset } from './naturalized';

interface DictionaryEntry {
  keyword: string;
  vr: string;
}

/** The standard's data dictionary (PS3.6) by tag in dicom-parser's notation, `x00080060`. */
const DICTIONARY = new Map<string, DictionaryEntry>();

function dictionary(): Map<string, DictionaryEntry> {
  if (DICTIONARY.size === 0) {
    for (const { tag, vr, name } of Object.values(dcmjsData.DicomMetaDictionary.nameMap)) {
      const digits = /^\(([\dA-F]{4}),([\dA-F]{4})\)$/i.exec(tag);
      if (digits) DICTIONARY.set(`x${digits[1]}${digits[2]}`.toLowerCase(), { keyword: name, vr });
    }
  }
  return DICTIONARY;
}

/** Returns the value representation of a tag, which Implicit VR omits. */
export function dictionaryVr(tag: string): string | undefined {
  const vr = dictionary().get(tag)?.vr;
  return vr === 'xs' ? 'US' : vr;
}

/** Bytes per number, and the method that reads one. */
const NUMBERS: Record<
  string,
  [number, 'uint16' | 'int16' | 'uint32' | 'int32' | 'float' | 'double']
> = {
  US: [2, 'uint16'],
  SS: [2, 'int16'],
  UL: [4, 'uint32'],
  SL: [4, 'int32'],
  FL: [4, 'float'],
  FD: [8, 'double'],
};
/** Text in which a backslash is not a delimiter. */
const WHOLE_TEXT = new Set(['LT', 'ST', 'UT', 'PN']);
const LISTED_TEXT = new Set('AE AS CS DA DS DT IS LO SH TM UC UI UR'.split(' '));

/**
 * Naturalizes elements as dcmjs does: by keyword, a single value bare, several in an array, sequences in
 * arrays. Omits private and unknown elements and those of raw bytes.
 *
 * @param inherited text decoder for a data set without its own character set (PS3.5, 7.5.3)
 */
export function naturalizeElements(
  dataSet: DataSet,
  inherited: TextDecoding = textDecoding([]),
): NaturalizedDataset {
  const characterSet = dataSet.elements.x00080005;
  const decode = characterSet ? textDecoding(latin1(dataSet, characterSet).split('\\')) : inherited;
  const naturalized: NaturalizedDataset = {};
  for (const element of Object.values(dataSet.elements)) {
    const entry = dictionary().get(element.tag);
    if (!entry) continue;
    const value = valueOf(dataSet, element, dictionaryVr(element.tag) ?? '', decode);
    if (value !== undefined) naturalized[entry.keyword] = value;
  }
  return naturalized;
}

function valueOf(dataSet: DataSet, element: Element, vr: string, decode: TextDecoding): unknown {
  // dicom-parser detects sequences regardless of the VR.
  if (element.items) {
    return element.items.flatMap(item =>
      item.dataSet ? [naturalizeElements(item.dataSet, decode)] : [],
    );
  }
  const written = element.vr && element.vr !== 'UN' ? element.vr : vr;
  const number = NUMBERS[written];
  if (number) {
    const [size, read] = number;
    const count = Math.floor(element.length / size);
    return bare(Array.from({ length: count }, (_, i) => dataSet[read](element.tag, i)));
  }
  if (WHOLE_TEXT.has(written)) return decode(bytesOf(dataSet, element)).replace(/[\0 ]+$/, '');
  if (!LISTED_TEXT.has(written)) return undefined;
  return bare(
    decode(bytesOf(dataSet, element))
      .split('\\')
      .map(text => text.replace(/^ +|[\0 ]+$/g, '')),
  );
}

function bare(values: unknown[]): unknown {
  return values.length === 1 ? values[0] : values;
}

function bytesOf({ byteArray }: DataSet, { dataOffset, length }: Element): Uint8Array {
  return byteArray.subarray(dataOffset, dataOffset + length);
}

function latin1(dataSet: DataSet, { dataOffset, length }: Element): string {
  return dicomParser.readFixedString(dataSet.byteArray, dataOffset, length);
}
