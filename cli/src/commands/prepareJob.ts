import {
  bytesOf,
  extractMask,
  extractSlice,
  FewshotError,
  type FewshotJob,
  type Initialization,
  type IntensityWindow,
  type Mask,
  type Plane,
  sha256Hex,
  type Slice,
  type Volume,
} from 'fewshot-sam';

/** The structure to learn, and how. */
export interface JobSettings {
  /** Labelmap values that together make up the structure. */
  label: readonly number[];
  shots: readonly number[];
  /** Slices on which it is absent, to learn its absence. */
  empty?: readonly number[];
  window: IntensityWindow;
  iterations?: number;
  initialization?: Initialization;
  seed?: number;
}

/** Names of settings in messages: options of the command line, or fields of a suite. */
export interface SettingNames {
  shots: string;
  label: string;
  labels: string;
  empty?: string;
}

const OPTION_NAMES: SettingNames = { shots: '--shots', label: '--label', labels: '--labels' };

/**
 * Makes a job of a volume's slices: the shots are labeled, all others are targets.
 *
 * @param labels on the image's grid
 * @throws FewshotError `bad-input` when a shot lies outside the volume or does not show the label
 */
export async function prepareJob(
  image: Volume,
  labels: Volume,
  plane: Plane,
  { label, shots, empty, window, iterations, initialization, seed }: JobSettings,
  names: SettingNames = OPTION_NAMES,
): Promise<FewshotJob> {
  const masks = labeledShots(labels, plane, label, { shots, empty }, names);
  const targets = sliceIndices(plane).filter(index => !masks.has(index));
  if (targets.length === 0) {
    throw new FewshotError(
      'bad-input',
      `${names.shots} lists every slice of the volume (${plane.slices}).`,
      'Exclude the slices to segment.',
    );
  }
  const slices = await cutSlices(image, plane);
  const { sliceSpacing, slicePositions } = plane;
  return {
    slices,
    labels: masks,
    targets,
    window,
    sliceSpacing,
    ...(slicePositions && { slicePositions }),
    iterations,
    initialization,
    seed,
  };
}

/**
 * Returns the structure as drawn on the slices to learn from, and empty masks where it is absent.
 *
 * @throws FewshotError `bad-input` when a slice lies outside the volume, when a shot does not show the
 *   label, or an empty slice does
 */
export function labeledShots(
  labels: Volume,
  plane: Plane,
  label: readonly number[],
  { shots, empty = [] }: Pick<JobSettings, 'shots' | 'empty'>,
  names: SettingNames = OPTION_NAMES,
): Map<number, Mask> {
  const { empty: emptyName = '--empty' } = names;
  for (const [name, indices] of [
    [names.shots, shots],
    [emptyName, empty],
  ] as const) {
    const outside = indices.find(index => index >= plane.slices);
    if (outside !== undefined) {
      throw new FewshotError(
        'bad-input',
        `${name} ${outside} lies outside the volume, whose ${plane.name} slices run from 0 to ${plane.slices - 1}.`,
        `Give ${name} inside the volume, or another axis.`,
      );
    }
  }
  const masks = structureOn(labels, plane, label, [...shots, ...empty]);
  for (const [index, mask] of masks) {
    if (shots.includes(index)) {
      if (!mask.includes(1)) throw absentLabel(labels, plane, label, index, names);
    } else if (mask.includes(1)) {
      throw new FewshotError(
        'bad-input',
        `${names.label} ${label.join(',')} occurs on slice ${index} of ${emptyName}.`,
        'List there only slices on which the structure is absent.',
      );
    }
  }
  return masks;
}

/** Returns the structure's mask on some slices, empty where it is absent. */
export function structureOn(
  labels: Volume,
  plane: Plane,
  label: readonly number[],
  slices: readonly number[],
): Map<number, Mask> {
  return new Map(slices.map(index => [index, extractMask(labels, plane, index, label)]));
}

export async function cutSlices(image: Volume, plane: Plane): Promise<Slice[]> {
  const slices: Slice[] = [];
  for (const index of sliceIndices(plane)) {
    const pixels = extractSlice(image, plane, index);
    slices.push({
      pixels,
      rows: plane.rows,
      columns: plane.columns,
      rowSpacing: plane.rowSpacing,
      columnSpacing: plane.columnSpacing,
      index,
      // Identify the slice in the cache by its pixels, not by the patient.
      identity: await sha256Hex(bytesOf(pixels)),
    });
  }
  return slices;
}

export function sliceIndices({ slices }: Plane): number[] {
  return Array.from({ length: slices }, (_, index) => index);
}

function absentLabel(
  labels: Volume,
  plane: Plane,
  label: readonly number[],
  shot: number,
  names: SettingNames,
): FewshotError {
  const values = [...new Set(labels.data)].filter(value => value !== 0).sort((a, b) => a - b);
  const name = `${names.label} ${label.join(',')}`;
  if (!values.some(value => label.includes(value))) {
    const found = values.length > 40 ? [...values.slice(0, 40), '...'] : values;
    return new FewshotError(
      'bad-input',
      `${name} does not occur in ${names.labels}${values.length ? `, which holds ${found.join(', ')}` : ', which is empty where the image lies'}.`,
      'Give a value that the labels hold.',
    );
  }
  const present = sliceIndices(plane).filter(slice =>
    extractMask(labels, plane, slice, label).includes(1),
  );
  return new FewshotError(
    'bad-input',
    `${name} does not occur on slice ${shot} of ${names.shots}.`,
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
