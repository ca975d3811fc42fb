/** Coded terms of segments, as the validator dciodvfy and dcmqi, the reference implementation, read them. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { segmentCodes } from '../../extensions/fewshot-sam/src/dicom/segmentCodes';
import { createSegmentation } from '../../dicom/src/seg/createSegmentation';
import { encodePart10 } from '../../dicom/src/data/encodePart10';
import { termForLabel } from '../../extensions/fewshot-sam/src/terminology/findTerms';
import { presentable } from '../../scripts/setup/demoStudy';
import { MR_FILE, MR_FOLDER, readSource } from './sources';
import { hasDciodvfy, readWithDcmqi, testIf, validate } from './tools';

const LABELS = ['Brain', 'left_hippocampus', 'Right cerebral cortex', 'Tumour, brain', 'body fat'];

let folder: string;
let seg: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'fewshot-terms-'));
  seg = path.join(folder, 'terms.dcm');
  const instances = readdirSync(MR_FOLDER)
    .filter(name => MR_FILE.test(name))
    .map(name => readSource(presentable(readFileSync(path.join(MR_FOLDER, name)))).instance);
  const segments = LABELS.map((label, i) => ({
    label,
    color: [50 * i, 100, 200] as const,
    algorithmType: 'SEMIAUTOMATIC' as const,
    masks: new Map([[i, new Uint8Array(256 * 256).fill(1, 0, 500)]]),
    ...segmentCodes(termForLabel(label)!.terms),
  }));
  // A lesion on one side has modifiers of its region.
  segments.push({ ...segments[0], label: 'Mine', ...segmentCodes(lesionOnOneSide()) });
  const dataset = createSegmentation(instances, segments);
  writeFileSync(seg, Buffer.from(encodePart10(dataset)));
});
afterAll(() => rmSync(folder, { recursive: true }));

const lesionOnOneSide = () => termForLabel('cyst of left kidney')!.terms;

testIf(hasDciodvfy, 'dciodvfy (Debian: dicom3tools)')('dciodvfy has nothing to say', () => {
  expect(validate(seg)).toEqual([]);
});

test('dcmqi reads label and codes of each segment', () => {
  const { metaInfo } = readWithDcmqi(seg, true);
  const attributes = metaInfo.segmentAttributes.flat() as unknown as Record<
    string,
    { CodeValue: string } | string
  >[];
  const coded = attributes.map(segment =>
    [
      'SegmentedPropertyCategoryCodeSequence',
      'SegmentedPropertyTypeCodeSequence',
      'SegmentedPropertyTypeModifierCodeSequence',
      'AnatomicRegionSequence',
      'AnatomicRegionModifierSequence',
    ].map(keyword => (segment[keyword] as { CodeValue: string } | undefined)?.CodeValue ?? ''),
  );
  expect(attributes.map(segment => segment.SegmentLabel)).toEqual([...LABELS, 'Mine']);
  expect(coded).toEqual([
    ['91723000', '12738006', '', '', ''],
    ['91723000', '5366008', '7771000', '', ''],
    ['91723000', '40146001', '24028007', '', ''],
    ['49755003', '108369006', '', '12738006', ''],
    ['85756007', '248300009', '', '', ''],
    ['49755003', '367643001', '', '64033007', '7771000'],
  ]);
});
