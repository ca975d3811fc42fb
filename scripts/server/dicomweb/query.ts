import dcmjs from 'dcmjs';
import type { JsonDataset } from './dicomJson';
import { HttpError } from './httpError';

/** One condition of a QIDO-RS query. */
export interface Filter {
  /** A tag, or a path of tags into sequences. */
  tags: string[];
  /** Tests the text of one value. Absent: universal matching. */
  test?: (text: string) => boolean;
}

export interface Query {
  filters: Filter[];
  /** Tags to add to the answer, or all. */
  include: Set<string> | 'all';
  limit: number;
  offset: number;
}

/** Most characters of one value; the server's own limit for a whole request line is 16 KiB. */
const LONGEST_VALUE = 1024;
const MOST_FILTERS = 32;

/** Value representations that are matched with wildcards (PS3.4, C.2.2.2.4). */
const WILDCARD = new Set(['AE', 'CS', 'LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UR', 'UT']);
const DATE_OR_TIME = new Set(['DA', 'DT', 'TM']);
const NOT_QUERIED = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'UN']);

/**
 * Reads a QIDO-RS query string (PS3.18, 8.3.4).
 *
 * @throws HttpError 400 naming the invalid parameter
 */
export function parseQuery(parameters: URLSearchParams): Query {
  const query: Query = { filters: [], include: new Set(), limit: Infinity, offset: 0 };
  for (const [name, value] of parameters) {
    if (name === 'limit' || name === 'offset') {
      if (!/^\d{1,9}$/.test(value)) {
        throw new HttpError(400, `${name}=${value} is not a whole number of 0 or more.`);
      }
      query[name] = Number(value);
    } else if (name === 'fuzzymatching') {
      if (value !== 'true' && value !== 'false') {
        throw new HttpError(400, `fuzzymatching=${value} is neither true nor false.`);
      }
    } else if (name === 'includefield') {
      for (const field of value.split(',').filter(Boolean)) include(query, field);
    } else if (name !== 'emptyvaluematching' && name !== 'multiplevaluematching') {
      query.filters.push(parseFilter(name, value));
    }
  }
  if (query.filters.length > MOST_FILTERS) {
    throw new HttpError(400, `A query has more than ${MOST_FILTERS} conditions.`);
  }
  return query;
}

function include(query: Query, field: string): void {
  if (field === 'all') query.include = 'all';
  if (query.include === 'all') return;
  const attribute = attributeNamed(field.split('.')[0]);
  if (!attribute) throw new HttpError(400, `includefield=${field} is not a DICOM attribute.`);
  query.include.add(attribute.tag);
}

function parseFilter(name: string, value: string): Filter {
  const attributes = name.split('.').map(attributeNamed);
  const tags = attributes.map(attribute => {
    if (!attribute) throw new HttpError(400, `${name} is not a DICOM attribute.`);
    return attribute.tag;
  });
  const vr = attributes.at(-1)?.vr ?? 'UN';
  // A list of UIDs may be long, because it is matched with a set.
  if (vr !== 'UI' && value.length > LONGEST_VALUE) {
    throw new HttpError(400, `The value of ${name} is longer than ${LONGEST_VALUE} characters.`);
  }
  if (NOT_QUERIED.has(vr)) throw new HttpError(400, `${name} (${vr}) cannot be searched.`);
  if (DATE_OR_TIME.has(vr) && value && !/^[\d.]*(-[\d.]*)?$/.test(value)) {
    throw new HttpError(400, `${name}=${value} is not a date or time, or a range of them.`);
  }
  return { tags, test: value === '' ? undefined : valueTest(vr, value) };
}

/** Whether a data set meets a condition; an empty value always matches (universal matching). */
export function matches(dataset: JsonDataset, { tags, test }: Filter): boolean {
  if (!test) return true;
  const [tag, ...inside] = tags;
  const values = dataset[tag]?.Value ?? [];
  if (inside.length) {
    return values.some(item => matches(item as JsonDataset, { tags: inside, test }));
  }
  return values.some(found => texts(found).some(test));
}

/** Returns the texts to match; a person's name has several written forms. */
function texts(value: unknown): string[] {
  if (value === null || value === undefined) return [];
  if (typeof value === 'object') return Object.values(value as Record<string, string>);
  return [String(value)];
}

function valueTest(vr: string, value: string): (text: string) => boolean {
  if (vr === 'UI') {
    const list = new Set(value.split(/[,\\]/));
    return text => list.has(text);
  }
  if (DATE_OR_TIME.has(vr)) return rangeTest(value);
  if (WILDCARD.has(vr)) {
    // A comma separates codes (`CT,MR`) but is part of names and descriptions.
    const patterns = value.split(vr === 'CS' ? /[,\\]/ : /\\/).map(text => wildcard(text, vr));
    return text => patterns.some(pattern => pattern(text));
  }
  return text => Number(text) === Number(value);
}

/**
 * Returns the test for `a-b`, `a-`, `-b` or `a`; a shorter end of the range includes everything that begins
 * with it.
 */
function rangeTest(value: string): (text: string) => boolean {
  const dash = value.indexOf('-');
  if (dash < 0) return text => text === value || text.startsWith(`${value}.`);
  const from = value.slice(0, dash);
  const to = value.slice(dash + 1);
  return text => text >= from && (to === '' || text.slice(0, to.length) <= to);
}

/**
 * Returns the test for a pattern of `*` (any text) and `?` (any character) (PS3.4, C.2.2.2.4). Backtracks
 * only to the last `*`, so the time is at most pattern length times text length.
 */
function wildcard(value: string, vr: string): (text: string) => boolean {
  const fold = (text: string) => (vr === 'PN' ? text.toLowerCase() : text);
  const pattern = [...fold(value).replace(/\*+/g, '*')];
  return found => {
    const text = [...fold(found)];
    let at = 0;
    let star = -1;
    let resume = 0;
    for (let i = 0; i < text.length;) {
      if (pattern[at] === '*') {
        star = at++;
        resume = i;
      } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[i])) {
        at++;
        i++;
      } else if (star >= 0) {
        at = star + 1;
        i = ++resume;
      } else return false;
    }
    return pattern.slice(at).every(character => character === '*');
  };
}

interface AttributeDefinition {
  /** Eight upper-case hex digits. */
  tag: string;
  vr: string;
}

/**
 * Finds an attribute by tag (`0020000D`) or keyword (`StudyInstanceUID`).
 *
 * @returns null when it is neither a known keyword nor a tag
 */
function attributeNamed(name: string): AttributeDefinition | null {
  const { nameMap, dictionary } = dcmjs.data.DicomMetaDictionary;
  if (/^[0-9a-f]{8}$/i.test(name)) {
    const tag = name.toUpperCase();
    const entry = dictionary[`(${tag.slice(0, 4)},${tag.slice(4)})`];
    return { tag, vr: entry?.vr ?? 'UN' };
  }
  const entry = Object.hasOwn(nameMap, name) ? nameMap[name] : undefined;
  if (!entry || !/^\([0-9A-F]{4},[0-9A-F]{4}\)$/i.test(entry.tag)) return null;
  return { tag: entry.tag.replace(/[(),]/g, '').toUpperCase(), vr: entry.vr };
}
