import { SegmentationRecords } from './segmentationRecords';

const liver = { segmentationId: 'one', segmentIndex: 1 };
const spleen = { segmentationId: 'one', segmentIndex: 2 };

/** A viewer with these segmentations, and these display sets of the archive. */
const viewerWith = (ids: string[], archived: string[] = []) => ({
  segmentationExists: (id: string) => ids.includes(id),
  isFromArchive: (id: string) => archived.includes(id),
});

it('keeps what is known of segmentations, segments and planes apart', () => {
  const records = new SegmentationRecords();
  records.of('one').isSeen = true;
  records.segment(liver).isUsed = true;
  records.plane(liver, undefined).predicted.set(3, { count: 2, hash: 7 });
  records.plane(liver, 'coronal').excluded = new Set([5]);
  expect(records.of('one').isSeen).toBe(true);
  expect(records.of('two').isSeen).toBe(false);
  expect(records.segment({ ...liver }).isUsed).toBe(true);
  expect(records.segment(spleen).isUsed).toBe(false);
  expect(records.segment({ ...liver, segmentationId: 'two' }).isUsed).toBe(false);
  expect([...records.plane(liver, undefined).predicted.keys()]).toEqual([3]);
  expect(records.plane(liver, 'coronal').predicted.size).toBe(0);
  expect([...records.plane(liver, 'coronal').excluded]).toEqual([5]);
  expect(records.plane(liver, 'sagittal').excluded.size).toBe(0);
});

it('drops everything of a segmentation that is gone, and nothing of the others', () => {
  const records = new SegmentationRecords();
  records.segment(liver).tracking = { id: 'Liver', uid: '2.25.1' };
  records.plane(liver, undefined).predicted.set(3, { count: 2, hash: 7 });
  records.of('two').written = 'contents';
  records.prune(viewerWith(['one', 'two']));
  expect(records.segment(liver).tracking?.uid).toBe('2.25.1');
  records.prune(viewerWith(['two']));
  expect(records.size).toBe(1);
  expect(records.of('two').written).toBe('contents');
  expect(records.segment(liver).tracking).toBeUndefined();
  expect(records.plane(liver, undefined).predicted.size).toBe(0);
});

it('keeps the record of a segmentation of the archive, which can be opened again', () => {
  const records = new SegmentationRecords();
  const captured = Promise.resolve(null);
  records.of('one').captured = captured;
  records.prune(viewerWith([], ['one']));
  expect(records.of('one').captured).toBe(captured);
});

describe('a segment that was removed', () => {
  const digest = { count: 2, hash: 7 };
  /** Records of a liver that a task found and that was stored, after the viewer removed it. */
  function removed(isUsed = true): SegmentationRecords {
    const records = new SegmentationRecords();
    Object.assign(records.segment(liver), { isUsed, isFoundByTask: true });
    records.segment(liver).tracking = { id: 'Liver', uid: '2.25.1' };
    records.plane(liver, undefined).predicted.set(3, digest);
    records.noteRemoved(
      () => [],
      () => new Map([[3, digest]]),
    );
    return records;
  }

  it('is forgotten when a new segment has its index', () => {
    const records = removed();
    expect(records.forgetReused(liver, records.removed(), new Map())).toBe(true);
    const record = records.segment(liver);
    expect(record.tracking).toBeUndefined();
    expect(record.isFoundByTask).toBe(false);
    expect(record.isReused).toBe(true);
    expect(records.plane(liver, undefined).predicted.size).toBe(0);
    expect(records.removed().size).toBe(0);
  });

  it('is forgotten though the new one was drawn in already', () => {
    const records = removed();
    const drawn = new Map([[3, { count: 5, hash: 8 }]]);
    expect(records.forgetReused(liver, records.removed(), drawn)).toBe(true);
  });

  it('keeps its record when the viewer lists it again as it was, or when it was never used', () => {
    const records = removed();
    expect(records.forgetReused(liver, records.removed(), new Map([[3, digest]]))).toBe(false);
    expect(records.segment(liver).tracking?.uid).toBe('2.25.1');
    const unused = removed(false);
    expect(unused.forgetReused(liver, unused.removed(), new Map())).toBe(false);
    expect(unused.segment(liver).isFoundByTask).toBe(true);
  });

  it('is not judged by slices that were read before it was removed', () => {
    const records = removed();
    expect(records.forgetReused(liver, new Set(), new Map())).toBe(false);
    expect(records.removed()).toContain(records.segment(liver));
  });

  it('leaves a segmentation alone that is gone from the viewer', () => {
    const records = new SegmentationRecords();
    records.segment(liver).isUsed = true;
    records.noteRemoved(
      () => null,
      () => new Map(),
    );
    expect(records.removed().size).toBe(0);
  });
});
