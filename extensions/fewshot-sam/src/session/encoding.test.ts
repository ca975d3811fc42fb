import { itemsOf, type NaturalizedDataset, textOf } from 'fewshot-sam-dicom';
import { createStructureSet } from 'fewshot-sam-dicom/rtstruct';
import { image, mask, readBack, segment } from '../../../../dicom/src/seg/testSeries';
import { dicomSegLoader } from '../dicom/loadDicomSeg';
import type { Instance } from '../host/ohif';
import type { SegmentLabelmap } from '../viewer/labelmap';
import type { Collected } from './collect';
import { Encoding } from './encoding';
import { OpenedSegmentations } from './opened';
import { digestsOf } from './provenance';
import { SegmentationRecords } from './segmentationRecords';
import { SegmentTermMemory } from './segmentTerms';
import { type StoreFormat, StoreOptionMemory } from './storeOptions';

const images = [0, 2, 4].map(z => image(z));
const DOT = mask('.....', '..#..', '.....');
const code = (value: string) => ({ value, scheme: '99HOSPITAL', meaning: 'Own code' });
const codes = { category: code('C'), type: code('T') };
const loaded = createStructureSet(images, [segment('Vein', { 1: DOT }, codes)]);

const collectedOf = (segmentationId: string) =>
  ({
    series: { displaySetInstanceUID: 'set', instances: images, imageIds: ['0', '1', '2'] },
    segmentation: { segmentationId },
    segments: [{ segmentIndex: 1, label: 'Vein', slices: digestsOf(new Map([[1, DOT]])) }],
    obstacle: null,
  }) as unknown as Collected;

/** An RTSTRUCT was opened as `contours`; its result is in the labelmap `copy`. */
async function encodingAs(format: StoreFormat) {
  const records = new SegmentationRecords();
  const loadDicomSeg = dicomSegLoader('https://viewer.test/');
  const viewer = {
    openedInstance: (id: string) => (id === 'contours' ? (readBack(loaded) as Instance) : null),
    labelmap: () => ({}) as SegmentLabelmap,
    scan: async () => new Map(),
    segmentationExists: () => true,
    segments: () => [
      {
        ...{ segmentIndex: 1, label: 'Vein', locked: false, active: true },
        color: [1, 2, 3] as [number, number, number],
      },
    ],
    readMask: (_: unknown, slice: number) => (slice > 0 ? DOT : null),
  };
  const opened = new OpenedSegmentations(viewer, loadDicomSeg, records);
  await opened.note(collectedOf('contours'));
  records.of('copy').copyOf = 'contours';
  records.segment({ segmentationId: 'copy', segmentIndex: 1 }).copyOf = {
    segmentationId: 'contours',
    segmentIndex: 1,
  };
  // As read from the file: a term that our list lacks.
  records.segment({ segmentationId: 'copy', segmentIndex: 1 }).terms.set('Vein', null);
  const storeOptions = new StoreOptionMemory(null);
  storeOptions.change({ format });
  const encoding = new Encoding({
    ...{ viewer, records, opened, storeOptions, loadDicomSeg },
    terms: new SegmentTermMemory(null, records),
    describeOpened: async () => undefined,
    displaySets: () => [],
  });
  return { encoding, records };
}

const predecessors = (dataset: NaturalizedDataset) =>
  itemsOf(dataset, 'PredecessorStructureSetSequence').map(item =>
    textOf(item, 'ReferencedSOPInstanceUID'),
  );

describe('the result of an opened RTSTRUCT', () => {
  it('is stored as RTSTRUCT that names it, with codes that our list lacks', async () => {
    const { encoding, records } = await encodingAs('rtstruct');
    const { dataset } = await encoding.encode(collectedOf('copy'));
    expect(predecessors(dataset)).toEqual([loaded.SOPInstanceUID]);
    const [observation] = itemsOf(dataset, 'RTROIObservationsSequence');
    const [type] = itemsOf(observation, 'RTROIIdentificationCodeSequence');
    expect(textOf(type, 'CodeValue')).toBe('T');
    const [{ ContourSequence }] = itemsOf(dataset, 'ROIContourSequence');
    expect(ContourSequence).toHaveLength(2);
    expect(await encoding.encode(collectedOf('copy'))).toMatchObject({ dataset });
    expect(records.of('copy').files.get('seg')).toBeUndefined();
  });

  it('is stored as SEG that replaces nothing', async () => {
    const { encoding } = await encodingAs('seg');
    const { dataset } = await encoding.encode(collectedOf('copy'));
    expect(dataset.Modality).toBe('SEG');
    expect(JSON.stringify(dataset)).not.toContain(loaded.SOPInstanceUID);
    const [described] = itemsOf(dataset, 'SegmentSequence');
    const [type] = itemsOf(described, 'SegmentedPropertyTypeCodeSequence');
    expect(textOf(type, 'CodeValue')).toBe('T');
  });
});
