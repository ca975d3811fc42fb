/**
 * `npm run bench:overlays`: draws test/bench/results/overlays.png. A row per case: the slice in the middle
 * between two labeled ones, with the true outline in green and the result in red; a column per method.
 */
import { PNG } from 'pngjs';
import type { WithinCase } from '../../cli/src/bench/suite';
import { readStudy } from '../../cli/src/commands/benchTask';
import { prepareJob, structureOn } from '../../cli/src/commands/prepareJob';
import type { LoadedModel } from '../../cli/src/commands/withModel';
import { cropAround } from '../../engine/src/context/cropAround';
import type { CropRectangle } from '../../engine/src/image/slice';
import type { Mask, Slice } from '../../engine/src/image/slice';
import { resolveWindow } from '../../engine/src/image/window';
import { type MethodName, loadMethod } from '../../cli/src/methods/registry';
import { planeOf } from '../../engine/src/geometry/plane';
import { casesWithin, withLoadedModel, writeResult } from './devSuite';

const CASES = ['ct2/aorta/2', 'ct1/kidney_right/5', 'ct1/lumbar_spine/5', 'mr3/cord_t2/5'];
const METHODS: MethodName[] = ['interpolate', 'nearest', 'context'];
/** Side of one picture, and the gap between two, in pixels. */
const SIDE = 240;
const GAP = 6;
const GREEN = [70, 220, 110] as const;
const RED = [255, 90, 90] as const;

/** Returns the nearest pixel of the crop for each pixel of the picture; -1 beyond the crop. */
function pixelMap({ row, column, rows, columns }: CropRectangle, slice: Slice): Int32Array {
  const side = Math.max(rows * slice.rowSpacing, columns * slice.columnSpacing);
  return Int32Array.from({ length: SIDE * SIDE }, (_, i) => {
    const y = Math.floor(((Math.floor(i / SIDE) + 0.5) / SIDE) * (side / slice.rowSpacing));
    const x = Math.floor((((i % SIDE) + 0.5) / SIDE) * (side / slice.columnSpacing));
    return y < rows && x < columns ? (row + y) * slice.columns + column + x : -1;
  });
}

/** Whether the right or lower neighbor of a pixel lies on the other side of the outline. */
function isOnOutline(mask: Mask, map: Int32Array, i: number): boolean {
  const inside = (at: number) => map[at] >= 0 && mask[map[at]] === 1;
  const isLast = i % SIDE === SIDE - 1;
  return (
    (!isLast && inside(i) !== inside(i + 1)) ||
    (i + SIDE < map.length && inside(i) !== inside(i + SIDE))
  );
}

async function drawRow(
  png: PNG,
  top: number,
  one: WithinCase,
  { parts }: LoadedModel,
): Promise<void> {
  const { image, labels } = await readStudy(one.learn);
  const plane = planeOf(image, one.axis);
  const job = await prepareJob(image, labels, plane, one);
  const middle = Math.floor(one.shots.length / 2);
  const index = Math.round((one.shots[middle - 1] + one.shots[middle]) / 2);
  const slice = job.slices.find(candidate => candidate.index === index)!;
  const { low, high } = resolveWindow(one.window, job.slices);
  const truth = structureOn(labels, plane, one.label, [index]).get(index)!;
  const map = pixelMap(cropAround(job.labels.values(), slice), slice);
  for (const [column, name] of METHODS.entries()) {
    const { slices } = await (await loadMethod(name))(job, parts);
    const { mask } = slices.find(candidate => candidate.index === index)!;
    for (let i = 0; i < SIDE * SIDE; i++) {
      const value = map[i] < 0 ? low : slice.pixels[map[i]];
      const gray = Math.round((255 * (Math.min(Math.max(value, low), high) - low)) / (high - low));
      const isTrue = isOnOutline(truth, map, i);
      const color = isOnOutline(mask, map, i) ? RED : isTrue ? GREEN : [gray, gray, gray];
      const x = column * (SIDE + GAP) + (i % SIDE);
      const y = top + Math.floor(i / SIDE);
      png.data.set([...color, 255], (y * png.width + x) * 4);
    }
  }
}

const all = await casesWithin();
const png = new PNG({
  width: METHODS.length * (SIDE + GAP) - GAP,
  height: CASES.length * (SIDE + GAP) - GAP,
});
png.data.fill(255);
await withLoadedModel(async model => {
  for (const [row, id] of CASES.entries()) {
    await drawRow(
      png,
      row * (SIDE + GAP),
      all.find(one => one.id === id)!,
      model,
    );
    console.error(id);
  }
});
await writeResult('overlays.png', PNG.sync.write(png));
console.log(`${CASES.join(', ')} (rows); ${METHODS.join(', ')} (columns)`);
