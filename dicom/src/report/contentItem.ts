import { codeSequence, type Code } from '../data/code';
import { decimalString, type NaturalizedDataset } from '../data/naturalized';
import { isAscii } from '../seg/segmentSequence';

/** An item of Content Sequence (PS3.3, C.17.3). */
export type ContentItem = NaturalizedDataset;

/** PS3.3, C.17.3.2.4. */
export type Relationship =
  | 'CONTAINS'
  | 'HAS ACQ CONTEXT'
  | 'HAS CONCEPT MOD'
  | 'HAS OBS CONTEXT'
  | 'INFERRED FROM'
  | 'SELECTED FROM';

function contentItem(
  relationship: Relationship,
  valueType: string,
  name: Code | null,
  value: NaturalizedDataset,
  children: ContentItem[] = [],
): ContentItem {
  return {
    RelationshipType: relationship,
    ValueType: valueType,
    ...(name ? { ConceptNameCodeSequence: codeSequence(name) } : {}),
    ...value,
    ...(children.length > 0 ? { ContentSequence: children } : {}),
  };
}

/** @param template identifier of the template of the DCMR that it follows, e.g. `1411` */
export function containerItem(name: Code, children: ContentItem[], template?: string): ContentItem {
  const value = {
    ContinuityOfContent: 'SEPARATE',
    ...(template ? { ContentTemplateSequence: templateSequence(template) } : {}),
  };
  return contentItem('CONTAINS', 'CONTAINER', name, value, children);
}

export function templateSequence(template: string): NaturalizedDataset[] {
  return [{ MappingResource: 'DCMR', TemplateIdentifier: template }];
}

export function codeItem(
  relationship: Relationship,
  name: Code,
  code: Code,
  children?: ContentItem[],
): ContentItem {
  const value = { ConceptCodeSequence: codeSequence(code) };
  return contentItem(relationship, 'CODE', name, value, children);
}

export function textItem(relationship: Relationship, name: Code, text: string): ContentItem {
  return contentItem(relationship, 'TEXT', name, {
    // dcmjs, and so OHIF, ignores the character set of the data set inside sequences.
    ...(isAscii(text) ? {} : { SpecificCharacterSet: 'ISO_IR 192' }),
    TextValue: text,
  });
}

export function uidItem(relationship: Relationship, name: Code, uid: string): ContentItem {
  return contentItem(relationship, 'UIDREF', name, { UID: uid });
}

/** @param reference an item of Referenced SOP Sequence */
export function imageItem(
  relationship: Relationship,
  name: Code | null,
  reference: NaturalizedDataset,
): ContentItem {
  return contentItem(relationship, 'IMAGE', name, { ReferencedSOPSequence: [reference] });
}

export function numberItem(
  name: Code,
  value: number,
  unit: Code,
  children?: ContentItem[],
): ContentItem {
  const measured = {
    MeasurementUnitsCodeSequence: codeSequence(unit),
    NumericValue: decimalString(value),
  };
  return contentItem('CONTAINS', 'NUM', name, { MeasuredValueSequence: [measured] }, children);
}

/**
 * A line on an image.
 *
 * @param points column and row of each, in pixels from the center of the first pixel; a report counts from
 *   its corner (PS3.3, C.18.6.1.1)
 * @param image reference to the image
 */
export function lineItem(
  name: Code,
  points: readonly (readonly [number, number])[],
  image: NaturalizedDataset,
): ContentItem {
  const value = {
    GraphicType: 'POLYLINE',
    GraphicData: points.flatMap(([column, row]) => [column + 0.5, row + 0.5]),
  };
  const selected = imageItem('SELECTED FROM', null, image);
  return contentItem('INFERRED FROM', 'SCOORD', name, value, [selected]);
}
