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

/**
 * A person's name in DICOM's own notation: component groups joined by `=` (PS3.5, 6.2.1.1). dcmjs
 * gives names as text, as `{ Alphabetic, Ideographic, Phonetic }`, or as an array of those.
 */
export function personNameOf(dataset: NaturalizedDataset, keyword: string): string {
  const [value] = valuesOf(dataset, keyword);
  if (typeof value === 'string') return value.trim();
  if (typeof value !== 'object' || value === null) return '';
  const name = value as { Alphabetic?: unknown; Ideographic?: unknown; Phonetic?: unknown };
  return [name.Alphabetic, name.Ideographic, name.Phonetic]
    .map(group => (typeof group === 'string' ? group.trim() : ''))
    .join('=')
    .replace(/=+$/, '');
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
