import dcmjs from 'dcmjs';

export interface AttributeDefinition {
  /** Eight capital hex digits. */
  tag: string;
  vr: string;
}

/**
 * Finds an attribute by tag (`0020000D`) or keyword (`StudyInstanceUID`).
 *
 * @returns null when it is neither a known keyword nor a tag
 */
export function attributeNamed(name: string): AttributeDefinition | null {
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
