/** Reading DICOM metadata as dcmjs naturalizes it: attributes by keyword, values bare or in arrays. */

/** A data set by keyword; sequences are arrays of data sets. */
export type NaturalizedDataset = { [keyword: string]: unknown };

/** Values of an attribute as a list; empty when it is absent or empty. */
export function valuesOf(dataset: NaturalizedDataset, keyword: string): unknown[] {
  const value = dataset[keyword];
  if (value === undefined || value === null || value === '') return [];
  if (Array.isArray(value)) return value as unknown[];
  return ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>) : [value];
}

/** Items of a sequence; none when it is absent. */
export function itemsOf(dataset: NaturalizedDataset, keyword: string): NaturalizedDataset[] {
  return valuesOf(dataset, keyword).filter(
    (item): item is NaturalizedDataset => typeof item === 'object' && item !== null,
  );
}

/** First value as trimmed text; empty when absent. */
export function textOf(dataset: NaturalizedDataset, keyword: string): string {
  const [value] = valuesOf(dataset, keyword);
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

/** Exactly `length` finite numbers, or null. */
export function numbersOf(
  dataset: NaturalizedDataset,
  keyword: string,
  length: number,
): number[] | null {
  const values = valuesOf(dataset, keyword).map(Number);
  return values.length === length && values.every(Number.isFinite) ? values : null;
}

/** Characters of a component group of a person's name. */
const PERSON_NAME_GROUP = 64;

/**
 * A person's name in DICOM's own notation: component groups joined by `=` (PS3.5, 6.2.1.1). dcmjs
 * gives names as text, as `{ Alphabetic, Ideographic, Phonetic }`, or as an array of those.
 *
 * @returns groups of 64 characters at most: longer ones, which some sources have, cannot be written
 */
export function personNameOf(dataset: NaturalizedDataset, keyword: string): string {
  const [value] = valuesOf(dataset, keyword);
  return nameGroups(value)
    .map(group => (typeof group === 'string' ? group.trim() : ''))
    .map(group => group.slice(0, PERSON_NAME_GROUP).replace(/[\uD800-\uDBFF]$/, ''))
    .join('=')
    .replace(/=+$/, '');
}

function nameGroups(value: unknown): unknown[] {
  if (typeof value === 'string') return value.split('=');
  if (typeof value !== 'object' || value === null) return [];
  const name = value as { Alphabetic?: unknown; Ideographic?: unknown; Phonetic?: unknown };
  return [name.Alphabetic, name.Ideographic, name.Phonetic];
}

/**
 * A date as DICOM writes it.
 *
 * @returns `YYYYMMDD`, also of the older `YYYY.MM.DD` (PS3.5, 6.2, note to DA); empty when it is none
 */
export function dateOf(dataset: NaturalizedDataset, keyword: string): string {
  const digits = textOf(dataset, keyword).replace(/^(\d{4})\.(\d{2})\.(\d{2})$/, '$1$2$3');
  return /^\d{8}$/.test(digits) ? digits : '';
}

/**
 * A number as a DICOM Decimal String. dcmjs would cut a longer text at 16 characters, and with it the
 * exponent.
 *
 * @returns at most 16 characters (PS3.5, 6.2), as precise as those allow
 * @throws RangeError when it is not finite
 */
export function decimalString(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is no finite number.`);
  for (let digits = 17; ; digits--) {
    const rounded = Number(value.toPrecision(digits));
    const text = [String(rounded), rounded.toExponential()].find(({ length }) => length <= 16);
    if (text) return text;
  }
}
