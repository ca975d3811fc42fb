/** A dataset of the DICOM JSON model (PS3.18, F.2): tag of eight hexadecimal digits -> attribute. */
export type DicomJson = Record<string, { Value?: unknown } | undefined>;

/**
 * Reads what an archive answered.
 *
 * @returns its datasets; null where it is not JSON
 */
export function parseDicomJson(text: string): DicomJson[] | null {
  try {
    return datasetsOf(JSON.parse(text));
  } catch {
    return null;
  }
}

/** One dataset or a list of them; whatever else a server says instead is left out. */
export function datasetsOf(answer: unknown): DicomJson[] {
  const list: unknown[] = Array.isArray(answer) ? answer : [answer];
  return list.filter((one): one is DicomJson => typeof one === 'object' && one !== null);
}

/** First value of an attribute, such as a UID; empty where it has none. */
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
