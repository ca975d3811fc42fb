import type { FewshotJob, Mask, Slice } from 'fewshot-sam';

interface Study {
  slices: Slice[];
  masks: Mask[];
}

/** A bright disk on noise that drifts and changes from slice to slice, in whole numbers as CT has them. */
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

/** Three labelled slices and two wanted ones: what a training step costs. */
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

/** A CT of so many slices, 512 x 512, of which five are labelled and the others wanted. */
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
