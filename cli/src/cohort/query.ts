import { FewshotError } from 'fewshot-sam';
import type { DicomJson } from 'fewshot-sam-dicom';

/** How an attribute matches (PS3.4, C.2.2.2). */
type Matching = 'date' | 'time' | 'number' | 'uid' | 'name' | 'text';

interface Attribute {
  keyword: string;
  tag: string;
  matching: Matching;
}

/** Filter on an attribute. */
export interface Filter extends Attribute {
  /** Several values for UIDs only: any of them matches. */
  values: string[];
}

/** A checked `--query`. */
export interface StudyQuery {
  /** Filters on attributes of patient and study. */
  study: Filter[];
  /** Filters on attributes of a series. */
  series: Filter[];
}

const attributes = (table: Record<string, [tag: string, matching: Matching]>): Attribute[] =>
  Object.entries(table).map(([keyword, [tag, matching]]) => ({ keyword, tag, matching }));

const STUDY_ATTRIBUTES = attributes({
  StudyDate: ['00080020', 'date'],
  StudyTime: ['00080030', 'time'],
  AccessionNumber: ['00080050', 'text'],
  ModalitiesInStudy: ['00080061', 'text'],
  ReferringPhysicianName: ['00080090', 'name'],
  StudyDescription: ['00081030', 'text'],
  PatientName: ['00100010', 'name'],
  PatientID: ['00100020', 'text'],
  PatientBirthDate: ['00100030', 'date'],
  PatientSex: ['00100040', 'text'],
  StudyInstanceUID: ['0020000D', 'uid'],
  StudyID: ['00200010', 'text'],
});

const SERIES_ATTRIBUTES = attributes({
  Modality: ['00080060', 'text'],
  SeriesDescription: ['0008103E', 'text'],
  SeriesNumber: ['00200011', 'number'],
  SeriesInstanceUID: ['0020000E', 'uid'],
  BodyPartExamined: ['00180015', 'text'],
  ProtocolName: ['00181030', 'text'],
});

/**
 * Reads `--query`. Accepts only attributes whose values can be checked in the archive's answers: archives
 * ignore filters that they do not know, and then return every study.
 *
 * @param text e.g. `ModalitiesInStudy=CT&StudyDescription=*ABDOMEN*`; keywords or tags
 * @param since first day, YYYYMMDD
 * @throws FewshotError `bad-input`; never repeats a value, which may name a patient
 */
export function parseQuery(text: string, since?: string): StudyQuery {
  const query: StudyQuery = { study: [], series: [] };
  for (const [name, value] of new URLSearchParams(text.replace(/^\?/, ''))) {
    const isNamed = ({ keyword, tag }: Attribute) =>
      keyword === name || tag === name.toUpperCase().replace(/[(),]/g, '');
    const level = STUDY_ATTRIBUTES.some(isNamed) ? 'study' : 'series';
    const attribute = [...STUDY_ATTRIBUTES, ...SERIES_ATTRIBUTES].find(isNamed);
    if (!attribute) throw unknownFilter(name);
    if (value.trim() === '') {
      throw refused(`${name} has no value`, 'Give a value, or leave the filter out.');
    }
    const { matching, keyword } = attribute;
    const values =
      matching === 'uid' ? value.split(/[\\,]/).map(uid => uid.trim()) : [value.trim()];
    checkValues(attribute, values);
    const known = query[level].find(filter => filter.keyword === keyword);
    if (!known) query[level].push({ ...attribute, values });
    else if (matching === 'uid') known.values.push(...values);
    else {
      // Archives take the last one only.
      throw refused(`${keyword} is given twice`, 'Give it once; use * and ? for several values.');
    }
  }
  if (since === undefined) return query;
  const [date] = STUDY_ATTRIBUTES;
  if (query.study.some(({ keyword }) => keyword === date.keyword)) {
    throw refused('StudyDate is given beside --since', 'Give one of them.');
  }
  checkValues(date, [`${since}-`]);
  query.study.push({ ...date, values: [`${since}-`] });
  return query;
}

const RANGE = {
  date: /^(\d{8}|\d{8}-(\d{8})?|-\d{8})$/,
  time: /^([\d.]{2,13}|[\d.]{2,13}-([\d.]{2,13})?|-[\d.]{2,13})$/,
  number: /^-?\d+$/,
  uid: /^[\d.]{1,64}$/,
} as const;

function checkValues({ keyword, matching }: Attribute, values: readonly string[]): void {
  if (matching === 'text' || matching === 'name') return;
  const isValid = values.every(value => RANGE[matching].test(value));
  const isDay = (text: string) => {
    const iso = text.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
    const day = new Date(`${iso}T00:00:00Z`);
    return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(iso);
  };
  const days = matching === 'date' ? values.flatMap(value => value.split('-').filter(Boolean)) : [];
  if (isValid && days.every(isDay)) return;
  const examples = {
    date: 'a day or a range, e.g. 20260101, 20260101-20260630, 20260101-',
    time: 'a time or a range, e.g. 08-12',
    number: 'a whole number',
    uid: 'a UID, or several with commas between them',
  };
  throw refused(`the value of ${keyword} is not valid`, `Give ${examples[matching]}.`);
}

function unknownFilter(name: string): FewshotError {
  const known = [...STUDY_ATTRIBUTES, ...SERIES_ATTRIBUTES].map(({ keyword }) => keyword);
  const remedies: Record<string, string> = {
    limit: 'Use --limit.',
    offset: 'All pages are read; use --limit for fewer studies.',
    includefield: 'Leave it out: only UIDs and the study date are kept.',
    fuzzymatching: 'Archives may ignore it without saying so. Use * and ? instead.',
  };
  const remedy = remedies[name.toLowerCase()] ?? `Use ${known.join(', ')}.`;
  return refused(`the filter ${name} cannot be checked in the archive's answers`, remedy);
}

function refused(why: string, remedy: string): FewshotError {
  return new FewshotError('bad-input', `--query: ${why}.`, remedy);
}

/**
 * Whether a filter is, in whole or in part, left to `mismatch`. Orthanc 1.10 finds nothing for letters outside
 * ASCII; with ModalitiesInStudy, its pages after the first are empty although more studies match.
 */
export function isCheckedHere({ keyword, values }: Pick<Filter, 'keyword' | 'values'>): boolean {
  return keyword === 'ModalitiesInStudy' || values.some(value => /[^\x00-\x7f]/.test(value));
}

/**
 * Returns the parameters of a search for studies: ModalitiesInStudy is not sent, and letters outside ASCII
 * are sent as `*`, see `isCheckedHere`.
 *
 * @returns one list of parameters, or one for each StudyInstanceUID: of several, archives take the last
 */
export function searchParameters({ study }: StudyQuery): URLSearchParams[] {
  const uids = study.find(({ keyword }) => keyword === 'StudyInstanceUID')?.values ?? [undefined];
  return uids.map(uid => {
    const parameters = new URLSearchParams();
    for (const { keyword, tag, values } of study) {
      parameters.append('includefield', tag);
      if (keyword === 'ModalitiesInStudy') continue;
      const value = keyword === 'StudyInstanceUID' ? uid! : values[0];

      parameters.append(keyword, value.replace(/[^\x00-\x7f]+/g, '*'));
    }
    return parameters;
  });
}

/**
 * Returns the first filter that a dataset does not match; undefined if it matches all. A dataset without
 * the attribute does not match: it cannot be checked.
 */
export function mismatch(dataset: DicomJson, filters: readonly Filter[]): Filter | undefined {
  return filters.find(filter => {
    const values = valuesOf(dataset, filter.tag);
    return !values.some(value =>
      filter.values.some(wanted => isMatch(value, wanted, filter.matching)),
    );
  });
}

function valuesOf(dataset: DicomJson, tag: string): string[] {
  const values = dataset[tag]?.Value;
  if (!Array.isArray(values)) return [];
  return (values as unknown[]).flatMap(value => {
    if (typeof value !== 'object' || value === null) return [String(value ?? '').trim()];
    // Component groups of a name (PS3.18, F.2.2).
    return Object.values(value).map(group => String(group).trim());
  });
}

/** Whether a value matches a single value, a range, or a pattern of `*` and `?`. */
export function isMatch(value: string, wanted: string, matching: Matching): boolean {
  switch (matching) {
    case 'uid':
      return value === wanted;
    case 'number':
      return Number(value) === Number(wanted);
    case 'date':
      return isBetween(value.replaceAll('.', ''), wanted, value.length);
    case 'time':
      return isBetween(value.replaceAll(':', ''), wanted.replaceAll(':', ''), 2);
    case 'name':
    case 'text': {
      // Archives differ in case: take what they take.
      const plain = (text: string) => text.normalize('NFC').replace(/\^+$/, '').toUpperCase();
      const pattern = plain(wanted)
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('?', '.');
      return new RegExp(`^${pattern}$`, 'su').test(plain(value));
    }
  }
}

/** Whether a date or a time is a day or lies in a range; times match as exactly as they are given. */
function isBetween(value: string, wanted: string, least: number): boolean {
  if (value.length < Math.min(least, 2)) return false;
  const [from, to = from] = wanted.split('-');
  const isFrom = from === '' || value >= from || value.startsWith(from);
  return isFrom && (to === '' || value.slice(0, to.length) <= to);
}
