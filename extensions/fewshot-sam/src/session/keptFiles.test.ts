import type { Segment } from 'fewshot-sam-dicom';
import { fingerprint as fingerprintOf, KeptFiles } from './keptFiles';
import { SegmentationRecords } from './segmentationRecords';
import { DEFAULT_STORE_OPTIONS } from './storeOptions';

const liver = (...voxels: number[]): Segment[] => [
  {
    label: 'Liver',
    color: [221, 84, 84],
    algorithmType: 'SEMIAUTOMATIC',
    masks: new Map([[3, Uint8Array.from(voxels)]]),
  },
];
const fingerprint = (series: string, segments: Segment[], options = DEFAULT_STORE_OPTIONS) =>
  fingerprintOf(series, segments, options);
const make = () => ({ dataset: {}, file: new ArrayBuffer(8) });

describe('fingerprint', () => {
  const before = fingerprint('series', liver(0, 1, 1));

  it('is the same for the same voxels', () => {
    expect(fingerprint('series', liver(0, 1, 1))).toBe(before);
  });

  it.each([
    ['a voxel', 'series', liver(1, 1, 0)],
    ['the label', 'series', [{ ...liver(0, 1, 1)[0], label: 'Spleen' }]],
    ['the slice', 'series', [{ ...liver()[0], masks: new Map([[4, Uint8Array.of(0, 1, 1)]]) }]],
    ['the series', 'another', liver(0, 1, 1)],
  ])('changes with %s', (_, series, segments) => {
    expect(fingerprint(series, segments)).not.toBe(before);
  });

  it('changes with how it is stored', () => {
    const options = { ...DEFAULT_STORE_OPTIONS, everySlice: true };
    expect(fingerprint('series', liver(0, 1, 1), options)).not.toBe(before);
  });
});

describe('KeptFiles', () => {
  it('gives the very same file again while nothing changed', () => {
    const kept = new KeptFiles(new SegmentationRecords());
    const first = kept.get('segmentation', 'seg', 'a', make);
    expect(kept.get('segmentation', 'seg', 'a', make)).toBe(first);
    expect(kept.get('segmentation', 'seg', 'b', make).file).not.toBe(first.file);
  });

  it('holds a file in each format, so that going to and fro makes no second copy', () => {
    const kept = new KeptFiles(new SegmentationRecords());
    const voxels = kept.get('segmentation', 'seg', 'a', make);
    kept.get('segmentation', 'rtstruct', 'b', make);
    expect(kept.get('segmentation', 'seg', 'a', make)).toBe(voxels);
  });

  it('holds files of several segmentations', () => {
    const kept = new KeptFiles(new SegmentationRecords());
    const first = kept.get('one', 'seg', 'a', make);
    kept.get('two', 'seg', 'a', make);
    expect(kept.get('one', 'seg', 'a', make)).toBe(first);
  });

  it('knows the last file that the archive should have, but does not', () => {
    const kept = new KeptFiles(new SegmentationRecords());
    const file = kept.get('one', 'seg', 'a', make);
    expect(kept.unstored).toBeNull();
    file.sent = true;
    expect(kept.unstored).toBe(file);
    file.stored = true;
    expect(kept.unstored).toBeNull();
  });

  it('holds it also when its segmentation is gone', () => {
    const records = new SegmentationRecords();
    const kept = new KeptFiles(records);
    const file = kept.get('one', 'seg', 'a', make);
    file.sent = true;
    records.prune({ segmentationExists: () => false, isFromArchive: () => false });
    expect(kept.unstored).toBe(file);
  });
});
