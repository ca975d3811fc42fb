import { extractMask, extractSlice, insertSlice, planeOf, type PlaneName } from './plane';
import { voxelCount, worldPosition, type Volume } from './volume';

const IDENTITY = [1, 0, 0, 0, 1, 0, 0, 0, 1];
/** NIfTI's usual RAS voxel order: x to the right, y to the front, z to the head. */
const RAS = [-1, 0, 0, 0, -1, 0, 0, 0, 1];
/** Like a sagittal acquisition: x to the front, y to the feet, z to the right. */
const SAGITTAL = [0, 0, -1, -1, 0, 0, 0, -1, 0];

/** A volume whose value encodes each voxel's world position, so that any voxel order shows the same. */
function worldVolume(direction: number[], size: [number, number, number]): Volume {
  const volume: Volume = {
    data: new Float32Array(0),
    size,
    spacing: [1, 1, 1],
    origin: [0, 0, 0],
    direction,
  };
  volume.data = Float32Array.from({ length: voxelCount(volume) }, (_, i) => {
    const index = [
      i % size[0],
      Math.floor(i / size[0]) % size[1],
      Math.floor(i / (size[0] * size[1])),
    ];
    const [left, back, head] = worldPosition(volume, index);
    return left * 100 + back * 10 + head;
  });
  return volume;
}

describe('planeOf', () => {
  it.each<[string, number[], PlaneName, number]>([
    ['axial of LPS', IDENTITY, 'axial', 2],
    ['coronal of LPS', IDENTITY, 'coronal', 1],
    ['sagittal of LPS', IDENTITY, 'sagittal', 0],
    ['axial of a sagittal acquisition', SAGITTAL, 'axial', 1],
    ['coronal of a sagittal acquisition', SAGITTAL, 'coronal', 0],
    ['sagittal of a sagittal acquisition', SAGITTAL, 'sagittal', 2],
  ])('finds the axis of %s', (_name, direction, plane, axis) => {
    expect(planeOf(worldVolume(direction, [2, 3, 4]), plane).normal).toBe(axis);
  });

  it('takes the nearest axis of an oblique volume, each axis once', () => {
    const tilt = (degrees: number) => {
      const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
      return [1, 0, 0, 0, c, -s, 0, s, c];
    };
    for (const degrees of [-40, 30, 45]) {
      const volume = worldVolume(tilt(degrees), [2, 3, 4]);
      const normals = (['axial', 'coronal', 'sagittal'] as const).map(
        name => planeOf(volume, name).normal,
      );
      expect(normals).toEqual([2, 1, 0]);
    }
    expect(planeOf(worldVolume(tilt(60), [2, 3, 4]), 'axial').normal).toBe(1);
  });

  it('takes spacing and size from the right axes', () => {
    const volume = {
      ...worldVolume(IDENTITY, [2, 3, 4]),
      spacing: [0.5, 0.75, 5] as [number, number, number],
    };
    expect(planeOf(volume, 'coronal')).toMatchObject({
      slices: 3,
      rows: 4,
      columns: 2,
      rowSpacing: 5,
      columnSpacing: 0.5,
      sliceSpacing: 0.75,
    });
  });

  it('says when there is a single slice', () => {
    expect(() => planeOf(worldVolume(IDENTITY, [2, 3, 1]), 'axial')).toThrow(
      'only one axial slice',
    );
  });
});

describe('extractSlice', () => {
  it('leaves a DICOM axial slice as it is stored', () => {
    const volume = worldVolume(IDENTITY, [2, 3, 2]);
    const slice = extractSlice(volume, planeOf(volume, 'axial'), 1);
    expect([...slice]).toEqual([1, 101, 11, 111, 21, 121]);
  });

  it('counts slices in the volume’s own order and shows them as radiologists do', () => {
    // x runs to the right and y to the front in the file: both are turned round, z is not.
    const volume = worldVolume(RAS, [2, 3, 2]);
    const slice = extractSlice(volume, planeOf(volume, 'axial'), 1);
    expect([...slice]).toEqual([-119, -19, -109, -9, -99, 1]);
  });

  it.each([
    ['LPS', IDENTITY],
    ['RAS', RAS],
    ['sagittal', SAGITTAL],
  ])('shows left to the right and head at the top in %s voxel order', (_name, direction) => {
    const volume = worldVolume(direction, [3, 3, 3]);
    const right = (name: PlaneName) => {
      const slice = extractSlice(volume, planeOf(volume, name), 0);
      return slice[1] - slice[0];
    };
    const down = (name: PlaneName) => {
      const slice = extractSlice(volume, planeOf(volume, name), 0);
      return slice[3] - slice[0];
    };
    expect(['axial', 'coronal', 'sagittal'].map(name => right(name as PlaneName))).toEqual([
      100, 100, 10,
    ]);
    expect(['axial', 'coronal', 'sagittal'].map(name => down(name as PlaneName))).toEqual([
      10, -1, -1,
    ]);
  });
});

describe('insertSlice', () => {
  it.each<PlaneName>(['axial', 'coronal', 'sagittal'])('undoes extraction, %s', name => {
    for (const direction of [IDENTITY, RAS, SAGITTAL]) {
      const volume = worldVolume(direction, [4, 3, 5]);
      volume.data = volume.data.map((_, i) => (i * 7) % 3);
      const plane = planeOf(volume, name);
      const target = new Uint8Array(voxelCount(volume));
      for (let slice = 0; slice < plane.slices; slice++) {
        insertSlice(target, volume, plane, slice, extractMask(volume, plane, slice, [1, 2]));
      }
      expect([...target]).toEqual([...volume.data].map(value => (value ? 1 : 0)));
    }
  });
});
