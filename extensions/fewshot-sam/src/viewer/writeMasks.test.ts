import type { Cornerstone } from '../host/ohif';
import type { SegmentLabelmap, SliceVoxels } from './labelmap';
import { digestLabels } from './maskDigest';
import { writeMasks } from './writeMasks';

const mask = (text: string) => Uint8Array.from(text, letter => Number(letter === '#'));

/** Slices of 4 voxels. @param onWrite told before a voxel changes */
function labelmapOf(slices: string[], onWrite: (slice: number, values: Uint8Array[]) => void) {
  const values = slices.map(mask);
  const voxels = values.map((own, slice): SliceVoxels => ({
    getScalarData: () => own,
    getAtIndex: i => own[i],
    setAtIndex: (i, value) => {
      onWrite(slice, values);
      own[i] = value;
    },
  }));
  const labelmap = { segmentationId: 'a', segmentIndex: 1, labelValue: 1, columns: 4, voxels };
  const drawn = () => values.map(own => Array.from(own, value => (value ? '#' : '.')).join(''));
  return { labelmap: labelmap as SegmentLabelmap, drawn };
}

/** A viewer with a history. */
function viewerOf() {
  const history: { restoreMemo(isUndo: boolean): void }[] = [];
  const viewer = {
    core: {
      utilities: {
        HistoryMemo: {
          DefaultHistoryMemo: { push: (memo: (typeof history)[0]) => history.push(memo) },
        },
        uuidv4: () => '',
      },
    },
    tools: {
      segmentation: {
        triggerSegmentationEvents: { triggerSegmentationDataModified: () => undefined },
      },
    },
  } as unknown as Cornerstone;
  return { viewer, history };
}

const digest = (text: string) => digestLabels(mask(text)).get(1)!;

describe('writeMasks', () => {
  it('leaves a slice alone that is drawn on while others are being written', async () => {
    const { viewer, history } = viewerOf();
    let isFirst = true;
    const { labelmap, drawn } = labelmapOf(['....', '....', '#...'], (_, values) => {
      if (isFirst) values[1][3] = 1;
      isFirst = false;
    });
    const masks = new Map([0, 1, 2].map(slice => [slice, mask('.##.')]));
    const expected = new Map([[2, digest('#...')]]);
    const [written] = await writeMasks(viewer, [{ labelmap, masks, expected }], () => undefined);
    expect(drawn()).toEqual(['.##.', '...#', '.##.']);
    expect([...written.keys()]).toEqual([0, 2]);
    history[0].restoreMemo(true);
    expect(drawn()).toEqual(['....', '...#', '#...']);
  });

  it('tells what it wrote, not what was drawn there later', async () => {
    const { viewer } = viewerOf();
    const { labelmap, drawn } = labelmapOf(['....', '....'], (slice, values) => {
      if (slice === 1) values[0][0] = 1;
    });
    const masks = new Map([0, 1].map(slice => [slice, mask('.##.')]));
    const [written] = await writeMasks(viewer, [{ labelmap, masks }], () => undefined);
    expect(drawn()[0]).toBe('###.');
    expect(written.get(0)).toEqual(digest('.##.'));
  });
});
