import { planeOf, type Volume } from 'fewshot-sam';
import { outlineNotes } from './outlineNotes';
import { labeledShots } from './prepareJob';

/** Axial planes drawn in label values, `.` for none, with pixels of 0.5 mm x 0.5 mm. */
function drawn(...planes: string[][]): Volume {
  return {
    data: Float32Array.from(planes.flat().join('').replaceAll('.', '0'), Number),
    size: [planes[0][0].length, planes[0].length, planes.length],
    spacing: [0.5, 0.5, 2],
    origin: [0, 0, 0],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  };
}

const notesOf = (labels: Volume, label: number[], shots: number[], empty: number[] = []) => {
  const plane = planeOf(labels, 'axial');
  return outlineNotes(labels, plane, label, labeledShots(labels, plane, label, { shots, empty }));
};

const SOLID = ['111111111', '111111111', '111111111', '111111111', '.........', '.........'];
const HOLES = ['111111111', '1.1111111', '111111.11', '111111111', '.........', '.........'];
const SPECK = ['111111111', '111111111', '111111111', '111111111', '.........', '........1'];
const RING = ['111111111', '1.......1', '1.......1', '111111111', '.........', '.........'];
const BLANK = SOLID.map(row => row.replaceAll('1', '.'));

test('solid outlines need no word', () => {
  expect(notesOf(drawn(SOLID, SOLID, BLANK), [1], [0, 1], [2])).toEqual([]);
});

test('holes and specks are counted on each shot', () => {
  expect(notesOf(drawn(SOLID, HOLES, SPECK, SPECK), [1], [3, 1, 0, 2])).toEqual([
    '--labels: label 1 has holes on slice 1 (2 holes, 0.5 mm²). The result may have holes, too. Nothing was changed: if they do not belong there, fill them and run again.',
    '--labels: label 1 has specks beside the structure on slice 2 (1 speck, 0.25 mm²), slice 3 (1 speck, 0.25 mm²). They count as the structure. Nothing was changed: if they do not belong there, remove them and run again.',
  ]);
});

test('slices that are no shots are not looked at', () => {
  expect(notesOf(drawn(SOLID, HOLES, SOLID), [1], [0, 2])).toEqual([]);
});

test('a ring is asked about in other words', () => {
  expect(notesOf(drawn(RING, RING), [1], [0, 1])).toEqual([
    '--labels: label 1 has a large hole on every shot: slice 0 (1 hole, 3.5 mm²), slice 1 (1 hole, 3.5 mm²). That is right for a ring, such as the wall of a vessel. If the structure is solid, fill the holes and run again.',
  ]);
});

test('a hole that another label fills is none, also where the values are merged', () => {
  const lesion = HOLES.map(row => row.replace('1.1', '121').replace('1.1', '121'));
  expect(notesOf(drawn(lesion, lesion), [1], [0, 1])).toEqual([]);
  expect(notesOf(drawn(lesion, lesion), [1, 2], [0, 1])).toEqual([]);
  expect(notesOf(drawn(HOLES, lesion), [1, 2], [0, 1])).toEqual([
    expect.stringContaining('--labels: label 1+2 has holes on slice 0 (2 holes, 0.5 mm²).'),
  ]);
});
