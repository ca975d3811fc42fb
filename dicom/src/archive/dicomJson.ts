/** A dataset of the DICOM JSON model (PS3.18, F.2): tag of eight hexadecimal digits -> attribute. */
export type DicomJson = Record<string, { Value?: unknown } | undefined>;

/**
 * Parses the answer of an archive.
 *
 * @returns its datasets; null if it is not JSON
 */
export function parseDicomJson(text: string): DicomJson[] | null {
  try {
    return datasetsOf(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Datasets in an answer, which may be one or a list. Ignores anything else. */
export function datasetsOf(answer: unknown): DicomJson[] {
  const list: unknown[] = Array.isArray(answer) ? answer : [answer];
  return list.filter((one): one is DicomJson => typeof one === 'object' && one !== null);
}

/** First value of an attribute, such as a UID; empty if it has none. */
export function textOf(dataset: DicomJson, tag: string): string {
  const [value] = valuesOf(dataset, tag);
  return String(value ?? '').trim();
}

/** Items of a sequence. */
export function itemsOf(dataset: DicomJson, tag: string): DicomJson[] {
  return datasetsOf(valuesOf(dataset, tag));
}

function valuesOf(dataset: DicomJson, tag: string): unknown[] {
  const values = dataset[tag]?.Value;
  return Array.isArray(values) ? values : [];
}
