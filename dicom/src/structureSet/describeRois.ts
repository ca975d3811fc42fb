import { FewshotError, type Triple } from 'fewshot-sam';
import { itemsOf, numbersOf, textOf, type NaturalizedDataset } from '../data/naturalized';
import {
  cieLabColor,
  defined,
  type ReadSegmentDescription,
  structureCodes,
} from '../seg/readSegments';

/** An ROI's description, and the items of its contours. */
export interface DescribedRoi {
  description: ReadSegmentDescription;
  /** Item of the Structure Set ROI Sequence. */
  item: NaturalizedDataset;
  contours: NaturalizedDataset[];
}

/**
 * Reads the descriptions of the ROIs of a structure set; contours are not needed. `number` is the ROI Number.
 *
 * @param dataset naturalized; as an archive's metadata, or a file
 * @throws FewshotError `bad-input` when it has no ROI, or a number twice
 */
export function describeRois(dataset: NaturalizedDataset): ReadSegmentDescription[] {
  return roisOf(dataset).map(({ description }) => description);
}

/** As `describeRois`, with the items. */
export function roisOf(dataset: NaturalizedDataset): DescribedRoi[] {
  const items = itemsOf(dataset, 'StructureSetROISequence');
  if (items.length === 0) throw damaged('it has no ROI');
  const numbers = items.map(item => numbersOf(item, 'ROINumber', 1)?.[0] ?? NaN);
  const wrong = numbers.find(
    (number, i) => !Number.isInteger(number) || numbers.indexOf(number) !== i,
  );
  if (wrong !== undefined) throw damaged(`it has a duplicate or invalid ROI number (${wrong})`);
  return items.map((item, i) => roiOf(item, numbers[i], dataset));
}

function roiOf(
  item: NaturalizedDataset,
  number: number,
  dataset: NaturalizedDataset,
): DescribedRoi {
  const refersHere = (other: NaturalizedDataset) =>
    numbersOf(other, 'ReferencedROINumber', 1)?.[0] === number;
  const drawn = itemsOf(dataset, 'ROIContourSequence').filter(refersHere);
  const [observation = {}] = itemsOf(dataset, 'RTROIObservationsSequence').filter(refersHere);
  const rgb = drawn[0] ? numbersOf(drawn[0], 'ROIDisplayColor', 3) : null;
  const generation = textOf(item, 'ROIGenerationDescription');
  return {
    item,
    contours: drawn.flatMap(roi => itemsOf(roi, 'ContourSequence')),
    description: {
      number,
      label: textOf(item, 'ROIName'),
      description: textOf(item, 'ROIDescription'),
      color: rgb
        ? (rgb.map(value => Math.min(255, Math.max(0, Math.round(value)))) as Triple)
        : drawn[0]
          ? cieLabColor(drawn[0])
          : null,
      algorithmType: textOf(item, 'ROIGenerationAlgorithm'),
      ...defined({
        algorithm: generation ? { name: generation } : undefined,
        ...structureCodes(observation, 'RTROIIdentificationCodeSequence'),
      }),
    },
  };
}

/** A structure set that cannot be read. */
export function damaged(detail: string): FewshotError {
  return new FewshotError(
    'bad-input',
    `The structure set cannot be read: ${detail}.`,
    'Export it again, or give another one.',
  );
}
