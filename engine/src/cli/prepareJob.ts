import { bytesOf, sha256Hex } from '../cache/sha256';
import { FewshotError } from '../errors';
import type { FewshotJob } from '../fewshot/job';
import type { Mask, Slice } from '../image/slice';
import { extractMask, extractSlice, type Plane } from '../volume/plane';
import type { Volume } from '../volume/volume';
import type { SegmentArguments } from './segmentArguments';

/**
 * Cuts a volume into the slices of one job: the shots are labelled, all others are wanted.
 *
 * @param labels on the image's grid
 * @throws FewshotError `bad-input` when a shot lies outside the volume or does not show the label
 */
export async function prepareJob(
  image: Volume,
  labels: Volume,
  plane: Plane,
  { label, shots, window, iterations, seed }: SegmentArguments,
): Promise<FewshotJob> {
  const outside = shots.find(shot => shot >= plane.slices);
  if (outside !== undefined) {
    throw new FewshotError(
      'bad-input',
      `--shots ${outside} lies outside the volume, whose ${plane.name} slices run from 0 to ${plane.slices - 1}.`,
      'Give --shots inside the volume, or another --axis.',
    );
  }
  const masks = new Map<number, Mask>();
  for (const shot of shots) {
    const mask = extractMask(labels, plane, shot, label);
    if (!mask.includes(1)) throw absentLabel(labels, plane, label, shot);
    masks.set(shot, mask);
  }
  const slices: Slice[] = [];
  for (let index = 0; index < plane.slices; index++) {
    const pixels = extractSlice(image, plane, index);
    slices.push({
      pixels,
      rows: plane.rows,
      columns: plane.columns,
      rowSpacing: plane.rowSpacing,
      columnSpacing: plane.columnSpacing,
      index,
      // What the slice shows, not who it shows, names it in the cache.
      identity: await sha256Hex(bytesOf(pixels)),
    });
  }
  const targets = slices.map(({ index }) => index).filter(index => !masks.has(index));
  if (targets.length === 0) {
    throw new FewshotError(
      'bad-input',
      `--shots names every slice of the volume (${plane.slices}).`,
      'Leave out the slices that are to be segmented.',
    );
  }
  return { slices, labels: masks, targets, window, iterations, seed };
}

function absentLabel(
  labels: Volume,
  plane: Plane,
  label: readonly number[],
  shot: number,
): FewshotError {
  const values = [...new Set(labels.data)].filter(value => value !== 0).sort((a, b) => a - b);
  const name = label.join(',');
  if (!values.some(value => label.includes(value))) {
    const found = values.length > 40 ? [...values.slice(0, 40), '...'] : values;
    return new FewshotError(
      'bad-input',
      `--label ${name} does not occur in --labels${values.length ? `, which holds ${found.join(', ')}` : ', which is empty where the image lies'}.`,
      'Give a value that the labels hold.',
    );
  }
  const present: number[] = [];
  for (let slice = 0; slice < plane.slices; slice++) {
    if (extractMask(labels, plane, slice, label).includes(1)) present.push(slice);
  }
  return new FewshotError(
    'bad-input',
    `--label ${name} does not occur on slice ${shot} of --shots.`,
    `Choose shots among the ${plane.name} slices that show it: ${ranges(present)}.`,
  );
}

/** E.g. `3-7, 9`. */
export function ranges(ascending: readonly number[]): string {
  const parts: [number, number][] = [];
  for (const value of ascending) {
    const last = parts.at(-1);
    if (last && last[1] === value - 1) last[1] = value;
    else parts.push([value, value]);
  }
  return parts.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
}
