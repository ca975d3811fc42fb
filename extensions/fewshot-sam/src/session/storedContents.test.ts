import type { Collected } from './collect';
import { contentsOf, StoredContents } from './storedContents';

const collectedIn = (plane: 'axial' | 'coronal') =>
  ({
    series: plane === 'axial' ? {} : { reslice: { plane: { name: plane } } },
    segmentation: { segmentationId: 'liver' },
  }) as unknown as Collected;
const [axial, coronal] = [collectedIn('axial'), collectedIn('coronal')];

describe('contentsOf', () => {
  const collected = (change = {}) =>
    ({
      segments: [
        {
          ...{ segmentIndex: 1, label: 'Liver', color: [255, 0, 0], active: true },
          slices: new Map([[3, { count: 9, hash: 77 }]]),
          ...change,
        },
      ],
    }) as unknown as Collected;

  it('changes with voxels, names and colors, and with nothing else', () => {
    const same = contentsOf(collected());
    expect(contentsOf(collected({ active: false }))).toBe(same);
    for (const change of [
      { label: 'Spleen' },
      { color: [0, 255, 0] },
      { slices: new Map([[3, { count: 9, hash: 78 }]]) },
      { slices: new Map([[4, { count: 9, hash: 77 }]]) },
    ]) {
      expect(contentsOf(collected(change))).not.toBe(same);
    }
  });
});

describe('StoredContents', () => {
  it('knows what is as it was, and what was never noted', () => {
    const stored = new StoredContents();
    expect(stored.isSame(axial, 'a')).toBe(false);
    stored.note(axial, 'a');
    expect(stored.isSame(axial, 'a')).toBe(true);
    expect(stored.isSame(axial, 'b')).toBe(false);
    expect(stored.isSame(axial, 'a')).toBe(true);
  });

  it('does not take another plane for a change', () => {
    const stored = new StoredContents();
    stored.note(axial, 'a');
    expect(stored.isSame(coronal, 'x')).toBe(true);
    expect(stored.isSame(coronal, 'y')).toBe(false);
    expect(stored.isSame(coronal, 'x')).toBe(true);
  });

  it('does not take a change for another plane', () => {
    const stored = new StoredContents();
    stored.note(axial, 'a');
    stored.isSame(axial, 'b');
    expect(stored.isSame(coronal, 'y')).toBe(false);
    expect(stored.isSame(axial, 'a')).toBe(true);
    expect(stored.isSame(coronal, 'x')).toBe(true);
  });
});
