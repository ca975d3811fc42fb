import type { FewshotJob, Mask, Slice } from 'fewshot-sam';

interface Study {
  slices: Slice[];
  masks: Mask[];
}

/** Makes a bright disk on noise that drifts and changes from slice to slice, in integers like CT. */
function study(count: number, size: number): Study {
  const slices: Slice[] = [];
  const masks: Mask[] = [];
  for (let index = 0; index < count; index++) {
    const pixels = new Int16Array(size * size);
    const mask: Mask = new Uint8Array(size * size);
    const radius = size * (0.14 + 0.04 * Math.sin(index / 5));
    const middle = size * (0.5 + 0.05 * Math.sin(index / 9));
    for (let i = 0; i < pixels.length; i++) {
      const [x, y] = [(i % size) - middle, Math.floor(i / size) - size / 2];
      mask[i] = Math.hypot(x, y) < radius ? 1 : 0;
      pixels[i] = 100 * mask[i] + 20 * Math.sin((i + index) * 12.9898);
    }
    masks.push(mask);
    slices.push({
      pixels,
      ...{ rows: size, columns: size, rowSpacing: 0.8, columnSpacing: 0.8 },
      index,
      identity: `bench ${size} ${index} of ${count}`,
    });
  }
  return { slices, masks };
}

const WINDOW = { kind: 'clip', low: -40, high: 140 } as const;

/** Makes a job of three labeled slices and two targets, to time a training step. */
export function trainingJob(): FewshotJob {
  const { slices, masks } = study(5, 256);
  return {
    slices,
    labels: new Map([0, 2, 4].map(index => [index, masks[index]])),
    targets: [1, 3],
    window: WINDOW,
    iterations: 10,
  };
}

/** Makes a CT of `count` slices, 512 x 512, of which five are labeled and the others are targets. */
export function seriesJob(count: number): FewshotJob {
  const { slices, masks } = study(count, 512);
  const shots = [0, 1, 2, 3, 4].map(i => Math.round((i * (count - 1)) / 4));
  return {
    slices,
    labels: new Map(shots.map(index => [index, masks[index]])),
    targets: slices.map(({ index }) => index).filter(index => !shots.includes(index)),
    window: WINDOW,
    sliceSpacing: 3,
  };
}
