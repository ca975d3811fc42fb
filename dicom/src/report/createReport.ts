import { FewshotError, type Caliper, type Measurements } from 'fewshot-sam';
import { ALGORITHM, PRODUCT } from '../data/algorithm';
import { codeSequence, CODES, type Code } from '../data/code';
import { dateAndTime } from '../data/dateAndTime';
import { itemsOf, textOf, type NaturalizedDataset } from '../data/naturalized';
import { newUid } from '../data/newUid';
import { valueUnit } from '../data/valueUnit';
import { checkSources } from '../seg/createSegmentation';
import { describeSegments, type ReadSegmentDescription } from '../seg/readSegments';
import { longString } from '../seg/segmentSequence';
import { sourceModules } from '../seg/sourceModules';
import { imageReference, instanceReference } from '../series/expandFrames';
import {
  codeItem,
  containerItem,
  type ContentItem,
  imageItem,
  lineItem,
  numberItem,
  templateSequence,
  textItem,
  uidItem,
} from './contentItem';

export const COMPREHENSIVE_SR_STORAGE = '1.2.840.10008.5.1.4.1.1.88.33';
/** Identifies this software as the observer: a UUID under 2.25. */
const DEVICE_OBSERVER_UID = '2.25.208236475043217664150384218205911067284';

const dcm = (value: string, meaning: string): Code => ({ value, scheme: 'DCM', meaning });
const sct = (value: string, meaning: string): Code => ({ value, scheme: 'SCT', meaning });
const ucum = (value: string, meaning: string): Code => ({ value, scheme: 'UCUM', meaning });

const MILLILITER = ucum('ml', 'milliliter');
const MILLIMETER = ucum('mm', 'millimeter');
const MODALITIES: Record<string, string> = {
  CT: 'Computed Tomography',
  MR: 'Magnetic Resonance',
  PT: 'Positron emission tomography',
};

/** The measurements of one segment of a SEG. */
export interface MeasuredSegment {
  /** Segment Number. */
  number: number;
  measurements: Measurements;
}

export interface ReportOptions {
  seriesDescription?: string;
  seriesNumber?: number;
  instanceNumber?: number;
  /** Moment of creation. */
  now?: Date;
}

/**
 * Creates a measurement report as a DICOM Comprehensive SR (PS3.3, A.35.3; PS3.16, TID 1500 with one
 * volumetric group of TID 1411 for each segment): volume, diameters with their lines on the image, mean and
 * standard deviation. Names, codes and tracking come from the SEG, to which the report refers.
 *
 * @param segmentation naturalized SEG, as it is stored
 * @param instances naturalized metadata of its source images, see `createSegmentation`
 * @returns a naturalized dcmjs data set; see `encodePart10`
 * @throws FewshotError `bad-input` when nothing was measured, or a segment is not in the SEG;
 *   `bad-geometry` when the source lacks geometry or identifiers
 */
export function createReport(
  segmentation: NaturalizedDataset,
  instances: NaturalizedDataset[],
  measured: readonly MeasuredSegment[],
  options: ReportOptions = {},
): NaturalizedDataset {
  const { sources } = checkSources(instances);
  if (measured.length === 0) {
    throw new FewshotError('bad-input', 'There is nothing to report.', 'Measure a structure.');
  }
  const { date, time } = dateAndTime(options.now ?? new Date());
  const modules = sourceModules(sources[0]);
  // A report has no frame of reference of its own.
  delete modules.FrameOfReferenceUID;
  delete modules.PositionReferenceIndicator;
  const images = referencedImages(segmentation, sources, measured);
  return {
    ...modules,

    SpecificCharacterSet: 'ISO_IR 192',
    SOPClassUID: COMPREHENSIVE_SR_STORAGE,
    SOPInstanceUID: newUid(),
    InstanceCreationDate: date,
    InstanceCreationTime: time,
    InstanceNumber: String(options.instanceNumber ?? 1),

    Modality: 'SR',
    SeriesInstanceUID: newUid(),
    SeriesNumber: String(options.seriesNumber ?? 1),
    SeriesDescription: longString(options.seriesDescription ?? 'Measurements'),
    SeriesDate: date,
    SeriesTime: time,
    ReferencedPerformedProcedureStepSequence: [],

    Manufacturer: ALGORITHM.name,
    ManufacturerModelName: PRODUCT,
    SoftwareVersions: ALGORITHM.version,

    ContentDate: date,
    ContentTime: time,
    CompletionFlag: 'COMPLETE',
    VerificationFlag: 'UNVERIFIED',
    PerformedProcedureCodeSequence: [],
    CurrentRequestedProcedureEvidenceSequence: [
      {
        StudyInstanceUID: textOf(sources[0], 'StudyInstanceUID'),
        ReferencedSeriesSequence: [
          {
            SeriesInstanceUID: textOf(segmentation, 'SeriesInstanceUID'),
            ReferencedSOPSequence: [instanceReference(segmentation)],
          },
          {
            SeriesInstanceUID: textOf(sources[0], 'SeriesInstanceUID'),
            ReferencedSOPSequence: images,
          },
        ],
      },
    ],

    ValueType: 'CONTAINER',
    ConceptNameCodeSequence: codeSequence(dcm('126000', 'Imaging Measurement Report')),
    ContinuityOfContent: 'SEPARATE',
    ContentTemplateSequence: templateSequence('1500'),
    ContentSequence: [
      codeItem('HAS CONCEPT MOD', dcm('121049', 'Language of Content Item and Descendants'), {
        value: 'en-US',
        scheme: 'RFC5646',
        meaning: 'English (United States)',
      }),
      ...observer(),
      codeItem(
        'HAS CONCEPT MOD',
        dcm('121058', 'Procedure reported'),
        sct('363679005', 'Imaging procedure'),
      ),
      imageLibrary(sources[0], images),
      containerItem(
        dcm('126010', 'Imaging Measurements'),
        measured.map(one => measurementGroup(one, segmentation, sources)),
      ),
    ],
  };
}

/** The images that the SEG refers to, and those with the lines of the diameters. */
function referencedImages(
  segmentation: NaturalizedDataset,
  sources: NaturalizedDataset[],
  measured: readonly MeasuredSegment[],
): NaturalizedDataset[] {
  const used = new Set(
    itemsOf(segmentation, 'ReferencedSeriesSequence')
      .flatMap(series => itemsOf(series, 'ReferencedInstanceSequence'))
      .map(instance => textOf(instance, 'ReferencedSOPInstanceUID')),
  );
  for (const { measurements } of measured) {
    used.add(textOf(sources[measurements.diameters.sliceIndex], 'SOPInstanceUID'));
  }
  const distinct = new Map(sources.map(source => [textOf(source, 'SOPInstanceUID'), source]));
  return [...distinct]
    .filter(([uid]) => used.has(uid))
    .map(([, source]) => instanceReference(source));
}

/** The device that made the observations (TID 1004). */
function observer(): ContentItem[] {
  return [
    codeItem('HAS OBS CONTEXT', dcm('121005', 'Observer Type'), dcm('121007', 'Device')),
    uidItem('HAS OBS CONTEXT', dcm('121012', 'Device Observer UID'), DEVICE_OBSERVER_UID),
    textItem('HAS OBS CONTEXT', dcm('121013', 'Device Observer Name'), ALGORITHM.name),
    textItem('HAS OBS CONTEXT', dcm('121015', 'Device Observer Model Name'), PRODUCT),
  ];
}

/** TID 1600. */
function imageLibrary(source: NaturalizedDataset, images: NaturalizedDataset[]): ContentItem {
  const modality = textOf(source, 'Modality');
  const meaning = MODALITIES[modality];
  const shared = meaning
    ? [codeItem('HAS ACQ CONTEXT', dcm('121139', 'Modality'), dcm(modality, meaning))]
    : [];
  const group = containerItem(dcm('126200', 'Image Library Group'), [
    ...shared,
    ...images.map(image => imageItem('CONTAINS', null, image)),
  ]);
  return containerItem(dcm('111028', 'Image Library'), [group]);
}

/** TID 1411. */
function measurementGroup(
  { number, measurements }: MeasuredSegment,
  segmentation: NaturalizedDataset,
  sources: NaturalizedDataset[],
): ContentItem {
  const segment = describeSegments(segmentation).find(one => one.number === number);
  if (!segment) {
    throw new FewshotError(
      'bad-input',
      `The segmentation has no segment ${number}.`,
      'Store the segmentation again, then measure it.',
    );
  }
  const { diameters } = measurements;
  const slice = imageReference(sources[diameters.sliceIndex]);
  const diameter = (name: Code, { mm, ends }: Caliper) =>
    numberItem(name, mm, MILLIMETER, [lineItem(sct('260753009', 'Source'), ends, slice)]);
  const { quantity, unit } = valueUnit(sources[diameters.sliceIndex]);
  const derived = (value: number, derivation: Code) =>
    numberItem(quantity, value, unit, [
      codeItem('HAS CONCEPT MOD', dcm('121401', 'Derivation'), derivation),
    ]);
  return containerItem(
    dcm('125007', 'Measurement Group'),
    [
      ...trackingOf(segment),
      codeItem(
        'CONTAINS',
        sct('276214006', 'Finding category'),
        segment.category ?? CODES.anatomicalStructure,
      ),
      codeItem(
        'CONTAINS',
        dcm('121071', 'Finding'),
        segment.type ?? segment.category ?? CODES.anatomicalStructure,
      ),
      imageItem('CONTAINS', dcm('121191', 'Referenced Segment'), {
        ...instanceReference(segmentation),
        ReferencedSegmentNumber: number,
      }),
      uidItem(
        'CONTAINS',
        dcm('121232', 'Source series for segmentation'),
        textOf(sources[0], 'SeriesInstanceUID'),
      ),
      textItem('HAS CONCEPT MOD', dcm('111001', 'Algorithm Name'), ALGORITHM.name),
      textItem('HAS CONCEPT MOD', dcm('111003', 'Algorithm Version'), ALGORITHM.version),
      ...findingSite(segment),
      numberItem(sct('118565006', 'Volume'), measurements.volume, MILLILITER),
      diameter(sct('103339001', 'Long Axis'), diameters.longest),
      diameter(sct('103340004', 'Short Axis'), diameters.perpendicular),
      derived(measurements.mean, sct('373098007', 'Mean')),
      derived(measurements.deviation, sct('386136009', 'Standard Deviation')),
    ],
    '1411',
  );
}

function trackingOf({ label, tracking }: ReadSegmentDescription): ContentItem[] {
  const { id, uid } = tracking ?? { id: label, uid: newUid() };
  return [
    textItem('HAS OBS CONTEXT', dcm('112039', 'Tracking Identifier'), id || label),
    uidItem('HAS OBS CONTEXT', dcm('112040', 'Tracking Unique Identifier'), uid),
  ];
}

/** The anatomic region of a segment with its side; the structure itself if it is one. */
function findingSite(segment: ReadSegmentDescription): ContentItem[] {
  const { anatomicRegion, anatomicRegionModifier, category, type, typeModifier } = segment;
  const isStructure =
    category?.value === CODES.anatomicalStructure.value && type?.value !== category.value;
  const site = anatomicRegion ?? (isStructure ? type : undefined);
  if (!site) return [];
  const side = anatomicRegion ? anatomicRegionModifier : typeModifier;
  const laterality = side
    ? [codeItem('HAS CONCEPT MOD', sct('272741003', 'Laterality'), side)]
    : [];
  return [codeItem('HAS CONCEPT MOD', sct('363698007', 'Finding Site'), site, laterality)];
}
