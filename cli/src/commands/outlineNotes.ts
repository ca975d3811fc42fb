import {
  extractSlice,
  looksLikeRing,
  type Mask,
  outlineFlaws,
  type Plane,
  type Volume,
} from 'fewshot-sam';

const NOUNS = { holes: 'hole', specks: 'speck' } as const;
type FlawKind = keyof typeof NOUNS;

/**
 * Describes holes and specks in the outlines of one structure for the user, like the panel's warnings.
 * Changes nothing.
 *
 * @param labels on the image's grid; a hole filled by another label is ignored
 * @param label values that make up the structure
 * @param shots slice index -> the structure as drawn there
 * @returns a sentence or two for each kind found
 */
export function outlineNotes(
  labels: Volume,
  plane: Plane,
  label: readonly number[],
  shots: ReadonlyMap<number, Mask>,
): string[] {
  const pixelArea = plane.rowSpacing * plane.columnSpacing;
  const checked = [...shots]
    .filter(([, mask]) => mask.includes(1))
    .sort(([a], [b]) => a - b)
    .map(([index, mask]) => {
      const taken = extractSlice(labels, plane, index);
      return { index, mask, flaws: outlineFlaws(mask, plane.columns, { taken, pixelArea }) };
    });
  const structure = `--labels: label ${label.join('+')}`;
  const found = (kind: FlawKind): string[] =>
    checked.flatMap(({ index, flaws }) => {
      const parts = flaws[kind];
      if (parts.length === 0) return [];
      const pixels = parts.reduce((sum, { length }) => sum + length, 0);
      const count = parts.length === 1 ? `1 ${NOUNS[kind]}` : `${parts.length} ${NOUNS[kind]}s`;
      return [`slice ${index} (${count}, ${areaText(pixels * pixelArea)})`];
    });
  const notes: string[] = [];
  const [holes, specks] = [found('holes'), found('specks')];
  if (holes.length > 0) {
    notes.push(
      looksLikeRing(checked)
        ? `${structure} has a large hole on every shot: ${holes.join(', ')}. That is right for a ring, such as the wall of a vessel. If the structure is solid, fill the holes and run again.`
        : `${structure} has holes on ${holes.join(', ')}. The result may have holes, too. Nothing was changed: if they do not belong there, fill them and run again.`,
    );
  }
  if (specks.length > 0) {
    notes.push(
      `${structure} has specks beside the structure on ${specks.join(', ')}. They count as the structure. Nothing was changed: if they do not belong there, remove them and run again.`,
    );
  }
  return notes;
}

/** E.g. `0.4 mm²`, `12 mm²`. */
function areaText(mm2: number): string {
  return `${mm2 < 10 ? Number(mm2.toPrecision(2)) : Math.round(mm2)} mm²`;
}
