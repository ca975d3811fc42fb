import type { PlaneName } from 'fewshot-sam';
import type { Series } from './series';
import {
  acquiredPlane,
  resliceObstacle,
  resliceSeries,
  resliceOne,
  forEachResliced,
} from './reslice';

/**
 * A series of 3 slices, 7 mm apart, of 2 rows and 4 columns of 0.7 mm: ten times as far through the
 * slices as within them.
 */
function series(
  orientation = [1, 0, 0, 0, 1, 0],
  through = [0, 0, 7],
  heights = [0, 1, 2],
): Series {
  return {
    displaySetInstanceUID: 'set',
    studyInstanceUID: 'study',
    seriesInstanceUID: 'series',
    description: '',
    modality: 'CT',
    imageIds: heights.map(String),
    instances: heights.map(height => ({
      SOPInstanceUID: `1.${height}`,
      SOPClassUID: '',
      ImageOrientationPatient: orientation,
      PixelSpacing: [0.7, 0.7],
      ImagePositionPatient: through.map(value => value * height),
    })),
    rows: 2,
    columns: 4,
    rowSpacing: 0.7,
    columnSpacing: 0.7,
    sliceSpacing: 7,
  };
}

/** Each voxel has a letter of its own. */
const STACK = ['abcd efgh', 'ijkl mnop', 'qrst uvwx'].map(text =>
  Uint8Array.from(text.replace(' ', ''), letter => letter.charCodeAt(0)),
);

function shown(of: Series, name: PlaneName): string[] {
  const { reslice, rows, columns, imageIds } = resliceSeries(of, name);
  return imageIds.map((_, slice) => {
    const values = resliceOne(reslice!, slice, STACK, new Uint8Array(rows * columns));
    const text = String.fromCharCode(...values);
    return Array.from({ length: rows }, (_, row) =>
      text.slice(row * columns, (row + 1) * columns),
    ).join(' ');
  });
}

describe('an axial series, from feet to head', () => {
  it('is cut as radiologists see each plane, and counted from back to front, from right to left', () => {
    expect(shown(series(), 'axial')).toEqual(['abcd efgh', 'ijkl mnop', 'qrst uvwx']);
    expect(shown(series(), 'coronal')).toEqual(['uvwx mnop efgh', 'qrst ijkl abcd']);
    expect(shown(series(), 'sagittal')).toEqual(['qu im ae', 'rv jn bf', 'sw ko cg', 'tx lp dh']);
  });

  it('has the sizes of each plane', () => {
    expect(resliceSeries(series(), 'coronal')).toMatchObject({
      rows: 3,
      columns: 4,
      rowSpacing: 7,
      columnSpacing: 0.7,
      sliceSpacing: 0.7,
    });
    expect(acquiredPlane(series())).toBe('axial');
  });
});

it('an axial series from head to feet shows the same planes', () => {
  const downwards = series([1, 0, 0, 0, 1, 0], [0, 0, -7]);
  expect(shown(downwards, 'coronal')).toEqual(['efgh mnop uvwx', 'abcd ijkl qrst']);
});

it('a patient who lies on the belly is shown the right way round', () => {
  expect(shown(series([-1, 0, 0, 0, -1, 0]), 'axial')).toEqual([
    'hgfe dcba',
    'ponm lkji',
    'xwvu tsrq',
  ]);
});

it('an oblique series has an acquired plane: the nearest', () => {
  const [cos, sin] = [Math.cos(0.35), Math.sin(0.35)];
  const oblique = series([1, 0, 0, 0, cos, sin], [0, -7 * sin, 7 * cos]);
  expect(acquiredPlane(oblique)).toBe('axial');
  expect(shown(oblique, 'axial')).toEqual(['abcd efgh', 'ijkl mnop', 'qrst uvwx']);
  expect(acquiredPlane(series([1, 0, 0, 0, 0, -1], [0, 7, 0]))).toBe('coronal');
});

it.each<PlaneName>(['axial', 'coronal', 'sagittal'])(
  'every voxel is on one %s slice, once, and the way back is exact',
  name => {
    const { reslice, imageIds } = resliceSeries(series([-1, 0, 0, 0, 1, 0], [0, 0, -7]), name);
    const seen: string[] = [];
    imageIds.forEach((_, slice) =>
      forEachResliced(reslice!, slice, (_pixel, sourceSlice, place) =>
        seen.push(`${sourceSlice}/${place}`),
      ),
    );
    expect(seen).toHaveLength(24);
    expect(new Set(seen).size).toBe(24);
  },
);

it('is resliced only in its own plane if unevenly spaced or tilted', () => {
  expect(resliceObstacle(series())).toBeNull();
  const uneven = series(undefined, undefined, [0, 1, 2.2]);
  expect(resliceObstacle(uneven)?.message).toBe(
    'The slices of this series are unevenly spaced (7 to 8.4 mm).',
  );
  expect(() => resliceSeries(uneven, 'coronal')).toThrow('unevenly spaced');
  expect(shown(uneven, 'axial')[0]).toBe('abcd efgh');
  const leaning = series(undefined, [0, 2, 7]);
  // tan 15.9° = 2 / 7
  expect(resliceObstacle(leaning)?.message).toBe(
    'The slices of this series are tilted by 15.9° (gantry tilt): its other planes would be skewed.',
  );
  expect(() => resliceSeries(leaning, 'coronal')).toThrow('15.9°');
  expect(shown(leaning, 'axial')[0]).toBe('abcd efgh');
});
