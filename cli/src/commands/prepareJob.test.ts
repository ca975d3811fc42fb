import { planeOf, type Volume } from 'fewshot-sam';
import { labeledShots, prepareJob, ranges, structureOn, type JobSettings } from './prepareJob';

/** Axial planes drawn in digits, in DICOM's voxel order. */
function drawn(...planes: string[][]): Volume {
  return {
    data: Float32Array.from(planes.flat().join(''), Number),
    size: [planes[0][0].length, planes[0].length, planes.length],
    spacing: [0.5, 0.75, 2],
    origin: [0, 0, 0],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  };
}

const image = drawn(['123', '456'], ['234', '567'], ['345', '678'], ['456', '789']);
const labels = drawn(['010', '000'], ['020', '000'], ['000', '000'], ['012', '003']);
const plane = planeOf(image, 'axial');
const args: JobSettings = {
  label: [1],
  shots: [0, 3],
  window: { kind: 'clip', low: 0, high: 9 },
  seed: 3,
};

describe('prepareJob', () => {
  it('labels the shots, wants the rest, and passes the settings on', async () => {
    const job = await prepareJob(image, labels, plane, { ...args, iterations: 7 });
    expect([...job.labels.keys()]).toEqual([0, 3]);
    expect([...job.labels.get(3)!]).toEqual([0, 1, 0, 0, 0, 0]);
    expect(job.targets).toEqual([1, 2]);
    expect(job).toMatchObject({ window: args.window, iterations: 7, seed: 3 });
    expect(job.slices).toHaveLength(4);
    expect(job.slices[1]).toMatchObject({
      index: 1,
      rows: 2,
      columns: 3,
      rowSpacing: 0.75,
      columnSpacing: 0.5,
      pixels: Float32Array.of(2, 3, 4, 5, 6, 7),
    });
  });

  it('merges label values', async () => {
    const job = await prepareJob(image, labels, plane, { ...args, label: [1, 3] });
    expect([...job.labels.get(3)!]).toEqual([0, 1, 0, 0, 0, 1]);
  });

  it('names a slice by what it shows', async () => {
    const first = await prepareJob(image, labels, plane, args);
    const moved = { ...image, origin: [1, 2, 3] as [number, number, number] };
    const second = await prepareJob(moved, labels, plane, args);
    const identities = first.slices.map(({ identity }) => identity);
    expect(new Set(identities).size).toBe(4);
    expect(second.slices.map(({ identity }) => identity)).toEqual(identities);
  });

  it.each<[Partial<JobSettings>, string, string]>([
    [{ shots: [0, 4] }, '--shots 4 lies outside', 'Give --shots inside'],
    [{ label: [9] }, '--label 9 does not occur in --labels, which holds 1, 2, 3', 'Give a value'],
    [{ shots: [0, 1] }, '--label 1 does not occur on slice 1', 'slices that show it: 0, 3'],
    [{ label: [1, 2], shots: [0, 2] }, '--label 1,2 does not occur on slice 2', '0-1, 3'],
  ])('refuses %j', async (change, message, remedy) => {
    await expect(prepareJob(image, labels, plane, { ...args, ...change })).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining(message),
      remedy: expect.stringContaining(remedy),
    });
  });

  it('refuses a job that leaves nothing to segment', async () => {
    const two = drawn(['11', '11'], ['11', '11']);
    await expect(
      prepareJob(two, two, planeOf(two, 'axial'), { ...args, shots: [0, 1] }),
    ).rejects.toMatchObject({ message: expect.stringContaining('every slice') });
  });
});

describe('labeledShots', () => {
  it('may be every slice, when another study is segmented', () => {
    const two = drawn(['11', '11'], ['11', '11']);
    const masks = labeledShots(two, planeOf(two, 'axial'), [1], { shots: [0, 1] });
    expect([...masks.keys()]).toEqual([0, 1]);
  });

  it('adds empty masks for slices on which the structure is absent', () => {
    const three = drawn(['10'], ['10'], ['00']);
    const axial = planeOf(three, 'axial');
    const masks = labeledShots(three, axial, [1], { shots: [0], empty: [2] });
    expect([...masks].map(([index, mask]) => [index, mask.includes(1)])).toEqual([
      [0, true],
      [2, false],
    ]);
    expect(() => labeledShots(three, axial, [1], { shots: [0], empty: [1] })).toThrow(
      '--label 1 occurs on slice 1 of --empty.',
    );
  });

  it('names fields as they were given', () => {
    const names = { shots: 'few_shot.shots', label: 'label', labels: 'few_shot.labels' };
    expect(() => labeledShots(labels, plane, [1], { shots: [0, 4] }, names)).toThrow(
      'few_shot.shots 4 lies outside',
    );
    expect(() => labeledShots(labels, plane, [9], { shots: [0, 3] }, names)).toThrow(
      'label 9 does not occur in few_shot.labels, which holds 1, 2, 3',
    );
  });
});

describe('structureOn', () => {
  it('is empty where the structure does not reach', () => {
    const masks = structureOn(labels, plane, [2], [1, 2]);
    expect([...masks.get(1)!]).toEqual([0, 1, 0, 0, 0, 0]);
    expect([...masks.get(2)!]).toEqual([0, 0, 0, 0, 0, 0]);
  });
});

describe('ranges', () => {
  it('joins neighbors', () => {
    expect(ranges([3, 4, 5, 9, 11, 12])).toBe('3-5, 9, 11-12');
    expect(ranges([])).toBe('');
  });
});
