import type { ReadSegment } from 'fewshot-sam-dicom';
import type { Structure } from './writeResult';

const CODES = [
  'category',
  'type',
  'typeModifier',
  'anatomicRegion',
  'anatomicRegionModifier',
] as const;

type Named = Pick<Structure, 'label' | 'color' | (typeof CODES)[number]>;

/**
 * What a structure is called: as told, as the SEG calls its segments, or by its numbers. The codes of the
 * SEG are kept only where they are surely of this structure: software trusts them more than a name.
 *
 * @param label values that make up the structure
 * @param name as told
 * @param segments of the SEG that the outlines came from, by value
 */
export function structureName(
  label: readonly number[],
  name: string | undefined,
  segments: ReadonlyMap<number, ReadSegment>,
): Named {
  const found = label.map(value => segments.get(value));
  const names = [...new Set(found.map(segment => segment?.label))];
  const called = names.every(Boolean) ? names.join(' + ') : `label ${label.join('+')}`;
  const named = { label: name ?? called, color: found[0]?.color ?? undefined };
  const codes = found.map(codesOf);
  const isSame = codes.every(other => JSON.stringify(other) === JSON.stringify(codes[0]));
  const isStill = name === undefined || names.every(each => each === name);
  return isSame && isStill ? { ...named, ...codes[0] } : named;
}

function codesOf(segment: ReadSegment | undefined): Omit<Named, 'label' | 'color'> {
  return Object.fromEntries(CODES.map(keyword => [keyword, segment?.[keyword]]));
}
