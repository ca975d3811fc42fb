/** Readers of DICOM metadata naturalized by dcmjs: attributes by keyword, values bare or in arrays. */

/** A data set by keyword; sequences are arrays of data sets. */
export type NaturalizedDataset = { [keyword: string]: unknown };

/** Returns the values of an attribute as a list; empty when it is absent or empty. */
export function valuesOf(dataset: NaturalizedDataset, keyword: string): unknown[] {
  const value = dataset[keyword];
  if (value === undefined || value === null || value === '') return [];
  if (Array.isArray(value)) return value as unknown[];
  return ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>) : [value];
}

/** Returns the items of a sequence; none when it is absent. */
export function itemsOf(dataset: NaturalizedDataset, keyword: string): NaturalizedDataset[] {
  return valuesOf(dataset, keyword).filter(
    (item): item is NaturalizedDataset => typeof item === 'object' && item !== null,
  );
}

/** Returns the first value as trimmed text; empty when absent. */
export function textOf(dataset: NaturalizedDataset, keyword: string): string {
  const [value] = valuesOf(dataset, keyword);
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

/** Returns exactly `length` finite numbers, or null. */
export function numbersOf(
  dataset: NaturalizedDataset,
  keyword: string,
  length: number,
): number[] | null {
  const values = valuesOf(dataset, keyword).map(Number);
  return values.length === length && values.every(Number.isFinite) ? values : null;
}

/** Most characters of a component group of a person's name. */
const PERSON_NAME_GROUP = 64;

/**
 * Returns a person's name in DICOM's own notation: component groups joined by `=` (PS3.5, 6.2.1.1). dcmjs
 * returns names as text, as `{ Alphabetic, Ideographic, Phonetic }`, or as an array of those.
 *
 * @returns groups cut to 64 characters: longer ones, which some sources have, cannot be written
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
 * Returns a date in DICOM's notation.
 *
 * @returns `YYYYMMDD`, also for the older `YYYY.MM.DD` (PS3.5, 6.2, note to DA); empty when it is not a
 *   date
 */
export function dateOf(dataset: NaturalizedDataset, keyword: string): string {
  const digits = textOf(dataset, keyword).replace(/^(\d{4})\.(\d{2})\.(\d{2})$/, '$1$2$3');
  return /^\d{8}$/.test(digits) ? digits : '';
}

/**
 * Formats a number as a DICOM Decimal String. dcmjs would cut longer text at 16 characters and lose the
 * exponent.
 *
 * @returns at most 16 characters (PS3.5, 6.2), as precise as those allow
 * @throws RangeError when `value` is not finite
 */
export function decimalString(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is not a finite number.`);
  for (let digits = 17; ; digits--) {
    const rounded = Number(value.toPrecision(digits));
    const text = [String(rounded), rounded.toExponential()].find(({ length }) => length <= 16);
    if (text) return text;
  }
}
