import type { ReadSegmentDescription } from 'fewshot-sam-dicom';
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
 * Returns the name of a structure: as given, as in the SEG of the outlines, or by its label values. Keeps
 * the SEG's codes only if they certainly apply to this structure, because software trusts codes more than
 * names.
 *
 * @param label values that make up the structure
 * @param name as given by the user
 * @param segments of the SEG that the outlines came from, by value
 */
export function structureName(
  label: readonly number[],
  name: string | undefined,
  segments: ReadonlyMap<number, ReadSegmentDescription>,
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

function codesOf(segment: ReadSegmentDescription | undefined): Omit<Named, 'label' | 'color'> {
  return Object.fromEntries(CODES.map(keyword => [keyword, segment?.[keyword]]));
}
