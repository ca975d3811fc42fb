import {
  computeWords,
  doneWords,
  durationWords,
  phaseWords,
  areaWords,
  resultWords,
  slicesWords,
  timeLeftWords,
} from './words';
import type { RunProgress } from '../session/state';

const run = (phase: RunProgress['phase'], done: number, total: number): RunProgress => ({
  method: 'paper',
  phase,
  done,
  total,
  etaSeconds: null,
  structure: { position: 1, count: 1, label: 'Liver' },
});

describe('doneWords', () => {
  it('counts what the phase counts', () => {
    expect(doneWords(run('model', 12_400_000, 38_600_000))).toBe('12 of 39 MB');
    expect(doneWords(run('model', 4, 19))).toBe('4 of 19 slices');
    expect(doneWords(run('encode', 1, 1))).toBe('1 of 1 slice');
    expect(doneWords(run('fit', 80, 200))).toBe('40 %');
  });

  it('says nothing before the total is known', () => {
    expect(doneWords(run('encode', 0, 0))).toBe('');
  });
});

describe('phaseWords', () => {
  it('tells the model from the slices that are read after it', () => {
    expect(phaseWords(run('model', 0, 38_600_000))).toBe('Loading the model');
    expect(phaseWords(run('model', 0, 19))).toBe('Reading the slices');
    expect(phaseWords(run('propagate', 0, 19))).toBe('Segmenting the other slices');
  });
});

describe('timeLeftWords', () => {
  it.each([
    [null, ''],
    [NaN, ''],
    [2, 'a few seconds left'],
    [12, 'about 15 s left'],
    [54, 'about 55 s left'],
    [58, 'about 1 min left'],
    [130, 'about 2 min left'],
  ])('%p seconds: %p', (seconds, words) => expect(timeLeftWords(seconds)).toBe(words));
});

describe('durationWords', () => {
  it.each([
    [0.2, '1 s'],
    [47.6, '48 s'],
    [120, '2 min'],
    [125, '2 min 5 s'],
  ])('%p seconds: %p', (seconds, words) => expect(durationWords(seconds)).toBe(words));
});

describe('resultWords', () => {
  it('says how many lie beyond the outlines', () => {
    expect(resultWords(['predicted', 'drawn', 'predicted', 'empty'], 1)).toBe(
      '2 slices segmented, 1 of them beyond your outlines; not found on 1.',
    );
    expect(resultWords(['predicted', 'drawn', 'drawn'], 1)).toBe(
      '1 slice segmented, 1 of them beyond your outlines.',
    );
  });

  it('says where the structure was not found', () => {
    expect(resultWords(['drawn', 'predicted', 'predicted', 'empty', 'outside-range'])).toBe(
      '2 slices segmented, not found on 1.',
    );
  });

  it('does not call an empty result a success', () => {
    expect(resultWords(['drawn', 'empty', 'drawn'])).toBe(
      'The structure was not found on any other slice.',
    );
  });
});

describe('computeWords', () => {
  it('names what computes once it is known', () => {
    const model = 'MobileSAM';
    expect(computeWords({ state: 'ready', model, device: 'WebGPU' })).toBe('MobileSAM · WebGPU');
    expect(computeWords({ state: 'failed', model, device: '' })).toBe(
      'MobileSAM · could not be loaded',
    );
  });

  it('says when the model loads', () => {
    const idle = { state: 'idle', model: 'MobileSAM', device: '' } as const;
    expect(computeWords(idle)).toBe('MobileSAM · loads with the first run');
    expect(computeWords(idle, true)).toBe('MobileSAM · loads with the first outline');
  });
});

test.each([
  [177.4, '177 mm²'],
  [1.76, '1.8 mm²'],
  [0.0604, '0.06 mm²'],
  [0.00007, '70 µm²'],
])('an area of %s mm2 is %s', (mm2, words) => {
  expect(areaWords(mm2)).toBe(words);
});

test('slicesWords names runs of slices', () => {
  expect(slicesWords([2])).toBe('slice 3');
  expect(slicesWords([0, 1, 2, 3, 6])).toBe('slices 1–4, 7');
});
