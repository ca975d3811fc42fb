import type { ReadSegmentDescription } from 'fewshot-sam-dicom';
import { digestsOf, provenanceOf } from './provenance';
import type { OpenedSegment } from './segmentationRecords';

const masks = new Map([
  [1, Uint8Array.of(0, 1, 1, 0)],
  [2, Uint8Array.of(0, 0, 1, 0)],
]);
const found = digestsOf(masks);
const nothing = new Map();
const corrected = new Map(masks).set(2, Uint8Array.of(0, 1, 1, 0));
const extended = new Map(masks).set(3, Uint8Array.of(0, 1, 1, 0));
const shortened = new Map([...masks].slice(1));

const typeOf = (...parameters: Parameters<typeof provenanceOf>) =>
  provenanceOf(...parameters).algorithmType;

it('says how a segment came about', () => {
  expect(typeOf(masks, { found: nothing, byTask: false })).toBe('MANUAL');
  expect(typeOf(masks, { found, byTask: false })).toBe('SEMIAUTOMATIC');
  expect(provenanceOf(masks, { found, byTask: true })).toEqual({ algorithmType: 'AUTOMATIC' });
  const across = { found: nothing, byTask: false, isFoundAcross: true };
  expect(typeOf(masks, across)).toBe('SEMIAUTOMATIC');
});

it('is no longer automatic once a slice was corrected or added by hand', () => {
  expect(typeOf(corrected, { found, byTask: true })).toBe('SEMIAUTOMATIC');
  expect(typeOf(extended, { found, byTask: true })).toBe('SEMIAUTOMATIC');
});

describe('of a segment that was opened from the archive', () => {
  const algorithm = { name: 'Few-shot SAM', version: '1.0' };
  const openedAs = (
    algorithmType: string,
    by: ReadSegmentDescription['algorithm'] = algorithm,
  ): OpenedSegment => ({
    description: {
      number: 1,
      label: 'Liver',
      description: '',
      color: null,
      algorithmType,
      algorithm: by,
    },
    slices: found,
  });
  const origin = (opened: OpenedSegment, byTask = false) => ({ found: nothing, byTask, opened });

  it.each(['AUTOMATIC', 'SEMIAUTOMATIC'])('%s stays, with what made it', algorithmType => {
    expect(provenanceOf(masks, origin(openedAs(algorithmType)))).toEqual({
      algorithmType,
      algorithm,
    });
  });

  it.each([
    ['a slice was corrected', corrected],
    ['a slice was added', extended],
    ['a slice was emptied', shortened],
  ])('is semiautomatic once %s', (_, now) => {
    const semiautomatic = { algorithmType: 'SEMIAUTOMATIC', algorithm };
    expect(provenanceOf(now, origin(openedAs('AUTOMATIC')))).toEqual(semiautomatic);
    expect(provenanceOf(now, origin(openedAs('SEMIAUTOMATIC')))).toEqual(semiautomatic);
    expect(typeOf(now, origin(openedAs('MANUAL')))).toBe('MANUAL');
  });

  it('says that it continues what other software made', () => {
    const opened = openedAs('AUTOMATIC', { name: 'Other', version: '2' });
    expect(provenanceOf(extended, { found: digestsOf(extended), byTask: false, opened })).toEqual({
      algorithmType: 'SEMIAUTOMATIC',
      algorithm: expect.objectContaining({
        name: 'Few-shot SAM',
        parameters: 'Continued from a segment by Other 2',
      }),
    });
  });

  it('is automatic where a task found all of it anew', () => {
    const opened = openedAs('MANUAL');
    const all = digestsOf(extended);
    expect(provenanceOf(extended, { found: all, byTask: true, opened })).toEqual({
      algorithmType: 'AUTOMATIC',
    });
  });
});
