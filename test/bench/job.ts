import type { FewshotJob, Mask, Slice } from 'fewshot-sam';

const SIZE = 256;
const SLICES = 5;

/** A bright disk that grows from slice to slice, on noise: 3 labelled slices, 2 wanted ones. */
export function benchJob(): FewshotJob {
  const slices: Slice[] = [];
  const masks: Mask[] = [];
  for (let index = 0; index < SLICES; index++) {
    const pixels = new Float32Array(SIZE * SIZE);
    const mask: Mask = new Uint8Array(SIZE * SIZE);
    for (let i = 0; i < pixels.length; i++) {
      const [x, y] = [(i % SIZE) - SIZE / 2, Math.floor(i / SIZE) - SIZE / 2];
      mask[i] = Math.hypot(x, y) < 30 + 4 * index ? 1 : 0;
      pixels[i] = 100 * mask[i] + 20 * Math.sin(i * 12.9898);
    }
    masks.push(mask);
    slices.push({
      pixels,
      rows: SIZE,
      columns: SIZE,
      rowSpacing: 1,
      columnSpacing: 1,
      index,
      identity: `bench ${index}`,
    });
  }
  return {
    slices,
    labels: new Map([0, 2, 4].map(index => [index, masks[index]])),
    targets: [1, 3],
    window: { kind: 'percentile', low: 0.5, high: 99.5 },
    iterations: 10,
  };
}
