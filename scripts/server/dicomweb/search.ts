import type { Instance } from './archive';
import type { JsonAttribute, JsonDataset } from './dicomJson';
import { matches, type Query } from './query';

export type Level = 'studies' | 'series' | 'instances';

/** Attributes in every answer (PS3.18, tables 10.6.3-3 to 10.6.3-5). */
const STUDY_TAGS = [
  ...['00080020', '00080030', '00080050', '00080090', '00080201', '00081030'],
  ...['00100010', '00100020', '00100030', '00100040', '0020000D', '00200010'],
];
const SERIES_TAGS = [
  ...['00080021', '00080031', '00080060', '0008103E', '0020000E', '00200011'],
  ...['00400244', '00400245', '00400275'],
];
const INSTANCE_TAGS = [
  ...['00080016', '00080018', '00083002', '00200013', '00280008', '00280010', '00280011'],
  '00280100',
];

const uidOf: Record<Level, (instance: Instance) => string> = {
  studies: instance => instance.studyUid,
  series: instance => `${instance.studyUid}/${instance.seriesUid}`,
  instances: instance => instance.sopUid,
};

/**
 * Answers a QIDO-RS search over instances.
 *
 * @param above higher levels whose attributes are included because the path does not name them
 * @param root URL of the DICOMweb service, for RetrieveURL
 */
export function search(
  instances: Instance[],
  level: Level,
  query: Query,
  above: Level[],
  root: string,
): JsonDataset[] {
  const groups = new Map<string, Instance[]>();
  for (const instance of instances) {
    const uid = uidOf[level](instance);
    const group = groups.get(uid);
    if (group) group.push(instance);
    else groups.set(uid, [instance]);
  }
  const rows: JsonDataset[] = [];
  let matched = 0;
  for (const group of groups.values()) {
    const computed = computedAttributes(group, level, root);
    const isMatch = group.some(({ json }) =>
      query.filters.every(filter => matches({ ...json, ...computed }, filter)),
    );
    if (!isMatch || matched++ < query.offset) continue;
    if (rows.length >= query.limit) break;
    rows.push(row(group, level, query, above, computed));
  }
  return rows;
}

function row(
  group: Instance[],
  level: Level,
  query: Query,
  above: Level[],
  computed: JsonDataset,
): JsonDataset {
  const [instance] = group;
  const levels = new Set<Level>([level, ...above]);
  const included = query.include === 'all' ? Object.keys(instance.json) : [...query.include];
  const tags = new Set([
    '0020000D',
    ...(levels.has('studies') ? STUDY_TAGS : []),
    ...(level === 'studies' ? [] : ['0020000E']),
    ...(levels.has('series') ? SERIES_TAGS : []),
    ...(level === 'instances' ? INSTANCE_TAGS : []),
    ...included.filter(tag => isShared(group, tag)),
  ]);
  const result: JsonDataset = {};
  for (const tag of [...tags, ...Object.keys(computed)].sort()) {
    const attribute = computed[tag] ?? instance.json[tag];
    if (attribute && !attribute.BulkDataURI) result[tag] = attribute;
  }
  return result;
}

/**
 * Whether an attribute is the same in all instances of a study or series; others belong to a lower level.
 */
function isShared([first, ...others]: Instance[], tag: string): boolean {
  const value = JSON.stringify(first.json[tag]);
  return others.every(({ json }) => JSON.stringify(json[tag]) === value);
}

function computedAttributes(group: Instance[], level: Level, root: string): JsonDataset {
  const [{ studyUid, seriesUid, sopUid }] = group;
  const study = `${root}/studies/${studyUid}`;
  const series = `${study}/series/${seriesUid}`;
  const online = attribute('CS', 'ONLINE');
  if (level === 'instances') {
    return { '00080056': online, '00081190': attribute('UR', `${series}/instances/${sopUid}`) };
  }
  if (level === 'series') {
    return {
      '00080056': online,
      '00081190': attribute('UR', series),
      '00201209': attribute('IS', group.length),
    };
  }
  return {
    '00080056': online,
    '00080061': attribute('CS', ...distinct(group, '00080060')),
    '00080062': attribute('UI', ...distinct(group, '00080016')),
    '00081190': attribute('UR', study),
    '00201206': attribute('IS', new Set(group.map(instance => instance.seriesUid)).size),
    '00201208': attribute('IS', group.length),
  };
}

function distinct(group: Instance[], tag: string): unknown[] {
  return [...new Set(group.map(({ json }) => json[tag]?.Value?.[0]).filter(Boolean))];
}

function attribute(vr: string, ...Value: unknown[]): JsonAttribute {
  return { vr, Value };
}
