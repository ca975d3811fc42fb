import { seededRandom } from '../numeric/random';
import { guessNeighbors, imageGain, imageWeight } from './imageGain';
import type { TokenGrid } from './tokenGrid';

const SIZE = 16;
const KINDS = 2;

/** A bar of three rows, `column` to `column + 4`; tokens of the bar look like `looks` of 0 or 1. */
function slice(column: number, looks: (inBar: boolean, token: number) => number) {
  const labels = new Float32Array(SIZE * SIZE);
  const features = new Float32Array(SIZE * SIZE * KINDS);
  for (let token = 0; token < SIZE * SIZE; token++) {
    const [row, at] = [Math.floor(token / SIZE), token % SIZE];
    const inBar = row >= 6 && row < 9 && at >= column && at < column + 4;
    labels[token] = inBar ? 1 : 0;
    features[token * KINDS + looks(inBar, token)] = 1;
  }
  const intensities = new Float32Array(SIZE * SIZE * 4);
  const grid: TokenGrid = {
    size: SIZE,
    rows: SIZE,
    columns: SIZE,
    features,
    dimensions: KINDS,
    intensities,
  };
  return { labels, grid };
}

function gainOf(columns: number[], looks: (inBar: boolean, token: number) => number) {
  const slices = columns.map(column => slice(column, looks));
  const grids = new Map(slices.map(({ grid }, i) => [10 * i, grid]));
  const labels = new Map(slices.map((one, i) => [10 * i, one.labels]));
  return imageGain(guessNeighbors(grids, labels, [...labels.keys()]), labels);
}

const seen = (inBar: boolean) => Number(inBar);
const unseen = () => 0;

describe('imageGain', () => {
  it('is what the looks tell beyond place', () => {
    expect(gainOf([5, 7, 9], seen).looks).toBeGreaterThan(0.5);
    expect(gainOf([5, 7, 9], unseen).looks).toBeLessThan(0.01);
    const random = seededRandom(4);
    expect(gainOf([5, 7, 9], () => Number(random() > 0.5)).looks).toBeLessThan(0.05);
  });

  it('knows whether place tells anything', () => {
    expect(gainOf([6, 6, 6], unseen).place).toBeGreaterThan(0.5);
    expect(gainOf([1, 11, 1], unseen).place).toBe(0);
  });

  it('has nothing to go by with one outline', () => {
    const { labels } = slice(5, seen);
    expect(imageGain([], new Map([[0, labels]]))).toEqual({ looks: 0, place: 0 });
  });
});

it('guesses each outlined slice from those next to it, and only some of many by place', () => {
  const { grid, labels: label } = slice(5, seen);
  const indices = Array.from({ length: 21 }, (_, i) => i);
  const guesses = guessNeighbors(
    new Map(indices.map(i => [i, grid])),
    new Map(indices.map(i => [i, label])),
    indices,
  );
  expect(guesses.map(({ from, to }) => [from, to]).slice(0, 4)).toEqual([
    [0, 1],
    [1, 0],
    [1, 2],
    [2, 1],
  ]);
  expect(guesses).toHaveLength(40);
  expect(guesses.filter(({ byPlace }) => byPlace)).toHaveLength(16);
  expect(guesses[0].byLooks[6 * SIZE + 6]).toBeGreaterThan(0.9);
});

it('lets outlines take over only where the image does not tell and they do', () => {
  const weight = (looks: number, place: number, separability = 0) =>
    imageWeight({ looks, place, separability });
  expect(weight(0.3, 0.5)).toBe(1);
  expect(weight(0.003, 0.5)).toBe(0);
  expect(weight(0.045, 0.5)).toBeCloseTo(0.5, 5);
  expect(weight(0.003, 0)).toBe(1);
  // Gray values tell what tokens do not.
  expect(weight(0.003, 0.5, 0.5)).toBe(1);
});
