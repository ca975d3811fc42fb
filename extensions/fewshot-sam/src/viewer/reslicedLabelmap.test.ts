import { applyEdit, planEdit, revertEdit } from './labelEdit';
import type { Cornerstone } from '../host/ohif';
import { crossedDigest, reslicedLabelmap, forgetMarks, guarded } from './reslicedLabelmap';
import { readMask, type SegmentLabelmap, type SliceVoxels } from './labelmap';
import { digestLabels } from './maskDigest';
import { resliceSeries } from './reslice';
import type { Series } from './series';
import { writeMasks } from './writeMasks';

const COLUMNS = 4;

/** Five axial slices, 10 times as far apart as their pixels, from head to feet. */
const series: Series = {
  displaySetInstanceUID: 'set',
  studyInstanceUID: 'study',
  seriesInstanceUID: 'series',
  description: '',
  modality: 'CT',
  imageIds: ['0', '1', '2', '3', '4'],
  instances: [0, 1, 2, 3, 4].map(step => ({
    SOPInstanceUID: `1.${step}`,
    SOPClassUID: '',
    ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
    ImagePositionPatient: [0, 0, -5 * step],
  })),
  rows: 3,
  columns: COLUMNS,
  rowSpacing: 0.5,
  columnSpacing: 0.5,
  sliceSpacing: 5,
};

function voxelsOf(text: string): SliceVoxels {
  const values = Uint8Array.from(text.replace(/ /g, ''), letter => (letter === '.' ? 0 : +letter));
  return {
    getScalarData: () => values,
    getAtIndex: i => values[i],
    setAtIndex: (i, value) => (values[i] = value),
  };
}

/** Rows of one slice, `1` the segment, `2` another one. */
function labelmapOf(...slices: string[]): SegmentLabelmap {
  return {
    segmentationId: 'a',
    segmentIndex: 1,
    labelValue: 1,
    columns: COLUMNS,
    voxels: slices.map(voxelsOf),
  };
}
const EMPTY = '.... .... ....';
const shown = (labelmap: SegmentLabelmap) =>
  labelmap.voxels.map(voxels =>
    Array.from(voxels!.getScalarData(), value => (value ? String(value) : '.'))
      .join('')
      .replace(new RegExp(`(.{${labelmap.columns}})(?=.)`, 'g'), '$1 '),
  );
const coronal = (labelmap: SegmentLabelmap) =>
  reslicedLabelmap(labelmap, resliceSeries(series, 'coronal').reslice!);
const write = (labelmap: SegmentLabelmap, slice: number, text: string) => {
  const mask = Uint8Array.from(text.replace(/ /g, ''), letter => Number(letter === '1'));
  const voxels = labelmap.voxels[slice]!;
  const edit = planEdit(voxels.getScalarData(), mask, 1);
  applyEdit(voxels, edit);
  return () => revertEdit(voxels, edit);
};
/** A propagation or, where `isDrawn`, what a person takes over. @returns takes it back, or makes it again */
const propagate = async (
  labelmap: SegmentLabelmap,
  masks: Record<number, string>,
  isDrawn = false,
): Promise<(isUndo: boolean) => void> => {
  let restore: (isUndo: boolean) => void = () => undefined;
  const push = ({ restoreMemo }: { restoreMemo: (isUndo: boolean) => void }) =>
    (restore = restoreMemo);
  const utilities = { HistoryMemo: { DefaultHistoryMemo: { push } }, uuidv4: () => '' };
  const triggerSegmentationEvents = { triggerSegmentationDataModified: () => undefined };
  const viewer = {
    core: { utilities },
    tools: { segmentation: { triggerSegmentationEvents } },
  } as unknown as Cornerstone;
  const slices = Object.entries(masks).map(([slice, text]): [number, Uint8Array] => [
    Number(slice),
    Uint8Array.from(text.replace(/ /g, ''), letter => Number(letter === '1')),
  ]);
  const drawn = new Set(isDrawn ? slices.map(([slice]) => slice) : []);
  await writeMasks(viewer, [{ labelmap, masks: new Map(slices), drawn }], () => undefined);
  return restore;
};
const isCrossed = (labelmap: SegmentLabelmap, slice: number) => {
  const digest = digestLabels(labelmap.voxels[slice]!.getScalarData()).get(1)!;
  return Boolean(crossedDigest(labelmap, slice, digest).isCrossed);
};

/** Counted from back to front: the last one holds the first row of each axial slice. */
describe('a labelmap on coronal slices', () => {
  it('shows and changes the voxels of the axial ones', () => {
    const axial = labelmapOf('.11. .... ....', EMPTY, '.1.. .2.. ....', EMPTY, EMPTY);
    const reslice = coronal(axial);
    expect(shown(reslice)).toEqual([
      '.... .... .... .... ....',
      '.... .... .2.. .... ....',
      '.11. .... .1.. .... ....',
    ]);
    write(reslice, 1, '.11. .11. .11. .... ....');
    expect(shown(axial)).toEqual([
      '.11. .11. ....',
      '.... .11. ....',
      '.1.. .21. ....',
      EMPTY,
      EMPTY,
    ]);
    expect(readMask(reslice, 1)).toEqual(Uint8Array.from('01100110001000000000', Number));
  });

  it('keeps what was drawn, and takes back what it wrote itself', () => {
    const axial = labelmapOf('.11. .11. ....', EMPTY, EMPTY, EMPTY, EMPTY);
    const before = shown(axial);
    const reslice = coronal(axial);
    const takeBack = write(reslice, 1, '..11 ..1. ..1. .... ....');
    // The drawn voxel at the left stays, though the result does not have it.
    expect(shown(reslice)[1]).toBe('.111 ..1. ..1. .... ....');
    write(reslice, 1, '.... ..1. .... .... ....');
    expect(shown(reslice)[1]).toBe('.11. ..1. .... .... ....');
    takeBack();
    expect(shown(axial)).toEqual(before);
  });

  it('knows which slices were outlined as such, and which are only crossed', () => {
    const byAxial = labelmapOf('.11. .11. .11.', EMPTY, EMPTY, '.11. .11. ....', EMPTY);
    expect([0, 1, 2].map(slice => isCrossed(coronal(byAxial), slice))).toEqual([true, true, true]);
    const row = '.... .11. ....';
    const byCoronal = labelmapOf(EMPTY, row, row, row, EMPTY);
    expect(isCrossed(coronal(byCoronal), 1)).toBe(false);
    // A flat structure is a single row of a coronal slice.
    expect(isCrossed(coronal(labelmapOf(EMPTY, EMPTY, row, EMPTY, EMPTY)), 1)).toBe(false);
  });
});

describe('the axial slices of a segment that was outlined on coronal ones', () => {
  const row = '.... .11. ....';

  it('are crossed, not outlined, also after a propagation filled them', () => {
    const axial = labelmapOf(EMPTY, row, row, row, EMPTY);
    const seen = guarded(axial);
    expect([1, 2, 3].map(slice => isCrossed(seen, slice))).toEqual([true, true, true]);
    for (const slice of [0, 2]) write(coronal(axial), slice, '.... .11. .11. .11. ....');
    expect([1, 2, 3].map(slice => isCrossed(seen, slice))).toEqual([true, true, true]);
  });

  it('hold what was accepted last, though coronal slices were looked at in between', async () => {
    const axial = labelmapOf(EMPTY, EMPTY, EMPTY, EMPTY, EMPTY);
    await propagate(axial, { 1: '.111 .111 ....' });
    const takeBack = await propagate(guarded(axial), { 1: '.11. .11. ....' });
    expect(shown(axial)[1]).toBe('.11. .11. ....');
    takeBack(true);
    expect(shown(axial)[1]).toBe('.111 .111 ....');
    takeBack(false);
    expect(shown(axial)[1]).toBe('.11. .11. ....');
    // To another plane they are as good as drawn.
    await propagate(coronal(axial), { 1: '.... .... .... .... ....' });
    expect(shown(axial)[1]).toBe('.11. .11. ....');
  });

  it('keep what was drawn on coronal ones and brought back, or taken over there', async () => {
    const axial = labelmapOf(EMPTY, EMPTY, EMPTY, EMPTY, EMPTY);
    const drawn = '.... .11. .11. .... ....';
    const takeBack = await propagate(coronal(axial), { 1: drawn }, true);
    await propagate(guarded(axial), { 1: '.... ...1 ....' });
    expect(shown(coronal(axial))[1]).toBe('.... .111 .11. .... ....');
    takeBack(true);
    expect(shown(coronal(axial))[1]).toBe('.... ...1 .... .... ....');
    takeBack(false);
    await propagate(guarded(axial), { 2: EMPTY });
    expect(shown(coronal(axial))[1]).toBe('.... .111 .11. .... ....');
  });

  it('keep what was drawn when something is written there', () => {
    const axial = labelmapOf(EMPTY, row, row, row, EMPTY);
    write(guarded(axial), 2, '.1.. .1.. ....');
    expect(shown(axial)[2]).toBe('.1.. .11. ....');
  });

  it.each(['guarded', 'coronal'] as const)(
    'count as drawn in a new segment under the same label value (%s)',
    async plane => {
      const axial = labelmapOf(EMPTY, EMPTY, EMPTY, EMPTY, EMPTY);
      const drawn = '.11. .11. ....';
      await propagate(guarded(axial), { 1: drawn });
      forgetMarks(plane === 'guarded' ? guarded(axial) : coronal(axial));
      await propagate(guarded(axial), { 1: EMPTY });
      expect(shown(axial)[1]).toBe(drawn);
    },
  );
});
