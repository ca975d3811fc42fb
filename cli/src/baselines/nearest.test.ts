import type { JobParts, Mask, MethodJob, Progress, Slice } from 'fewshot-sam';
import { nearest, nearestImage } from './nearest';

/** Rows of `#` inside and `.` outside. */
const draw = (text: string): Mask => Uint8Array.from(text, pixel => (pixel === '#' ? 1 : 0));

/** Slices of one row of four pixels, numbered from 0. */
function job(labels: [number, string][], targets: number[]): MethodJob {
  const slices = Array.from({ length: 10 }, (_, index): Slice => {
    const grid = { rows: 1, columns: 4, rowSpacing: 1, columnSpacing: 1 };
    return { ...grid, pixels: new Float32Array(4), index, identity: `${index}` };
  });
  return {
    slices,
    labels: new Map(labels.map(([index, text]) => [index, draw(text)])),
    targets,
    window: { kind: 'clip', low: 0, high: 1 },
  };
}

/** The method uses no model: touching one would throw. */
const noParts = {} as JobParts;

const LABELS: [number, string][] = [
  [2, '#...'],
  [6, '.##.'],
];

describe('nearest', () => {
  it('copies the nearest labeled slice, of two equally near ones the lower', async () => {
    const { slices } = await nearest(job(LABELS, [0, 1, 2, 3, 4, 5, 6, 9]), noParts);
    const text = (mask: Mask) => Array.from(mask, value => (value ? '#' : '.')).join('');
    expect(slices.map(({ index, mask }) => `${index} ${text(mask)}`)).toEqual([
      '0 #...',
      '1 #...',
      // Slice 2 is drawn.
      '3 #...',
      '4 #...',
      '5 .##.',
      '9 .##.',
    ]);
  });

  it('gives a probability and copies that are independent of the outline', async () => {
    const given = job(LABELS, [1]);
    const { slices, ...rest } = await nearest(given, noParts);
    expect([...slices[0].probability()]).toEqual([1, 0, 0, 0]);
    slices[0].mask.fill(0);
    expect([...given.labels.get(2)!]).toEqual([1, 0, 0, 0]);
    expect(rest).toMatchObject({ iterations: 0, losses: [], embeddingsFromCache: 0 });
  });

  it('reports slices', async () => {
    const reports: Progress[] = [];
    await nearest(job(LABELS, [3, 4]), noParts, { onProgress: report => reports.push(report) });
    expect(reports.map(({ phase, done, total }) => `${phase} ${done}/${total}`)).toEqual([
      'propagate 0/2',
      'propagate 1/2',
      'propagate 2/2',
    ]);
  });

  it('stops when it is cancelled', async () => {
    const controller = new AbortController();
    const reports: Progress[] = [];
    const running = nearest(job(LABELS, [3, 4, 5]), noParts, {
      signal: controller.signal,
      onProgress: report => {
        reports.push(report);
        if (report.done === 1) controller.abort();
      },
    });
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    expect(reports.at(-1)).toMatchObject({ done: 1 });
  });

  it('refuses another study, and what no method can do', async () => {
    const given = job(LABELS, [1]);
    const test = { slices: given.slices, window: given.window };
    await expect(nearest({ ...given, test }, noParts)).rejects.toMatchObject({
      code: 'bad-input',
      message: 'The method nearest uses the outlines alone, which say nothing about another study.',
    });
    await expect(nearest(job(LABELS.slice(0, 1), [1]), noParts)).rejects.toMatchObject({
      code: 'bad-input',
      message: 'Only one slice is outlined.',
    });
  });
});

describe('nearestImage', () => {
  const BAR = '####....';
  /** An image of one column that looks like its mask, of any length and brightness. */
  const study = (index: number, text: string, brightness: number) => {
    const grid = { rows: text.length, columns: 1, rowSpacing: 1, columnSpacing: 1 };
    const pixels = Float32Array.from(draw(text), value => 5 + brightness * value);
    const slice: Slice = { ...grid, pixels, index, identity: `${index}` };
    const window = { kind: 'clip', low: 0, high: 1 } as const;
    return { slices: [slice], labels: new Map([[index, draw(text)]]), window };
  };
  const known = [study(0, BAR, 10), study(1, '..####..', 10)];

  it('copies the mask of the image that looks most alike, stretched', async () => {
    const learned = await nearestImage(known, { images: true }, noParts);
    const { slices } = await learned.apply(study(2, '....########....', 90));
    expect(Array.from(slices[0].mask).join('')).toBe('0000111111110000');
    expect(slices[0].index).toBe(2);
  });

  it('says nothing about another study of many slices', () =>
    expect(nearestImage(known, {}, noParts)).rejects.toThrow('another study'));
});
