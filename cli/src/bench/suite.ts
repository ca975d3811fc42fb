import { FewshotError, type IntensityWindow, type PlaneName } from 'fewshot-sam';

/** Paths of an image and of its labelmap. */
export interface Study {
  image: string;
  labels: string;
}

/** A study of a few-shot set, with ascending slice indices in the image's voxel grid along the axis. */
export interface LabeledStudy extends Study {
  /** Slices that show the structure. */
  shots: number[];
  /**
   * Slices on which it is absent, to learn its absence; a number: that many, chosen from the labels, see
   * `emptySlices`.
   */
  empty: number[] | number;
}

interface CommonCase {
  id: string;
  /** Labelmap values that together make up the structure; none where it is given by name. */
  label: number[];
  /** Its name in the labels. */
  labelName?: string;
  axis: PlaneName;
  window: IntensityWindow;
}

/** Every slice that is not a shot is a test slice. */
export interface WithinCase extends CommonCase {
  kind: 'within';
  learn: Study;
  /** Slice indices to learn from, ascending, in the image's voxel grid along the axis. */
  shots: number[];
}

/** Every slice of other studies is a test slice. */
export interface AcrossCase extends CommonCase {
  kind: 'across';
  /** Whether each study is a single image. */
  images?: true;
  /** Studies to learn from, with two or more shots in total. */
  fewShot: LabeledStudy[];
  test: Study[];
}

export type BenchCase = WithinCase | AcrossCase;

/** Returns the structure of a case as it was asked for: by values or by name. */
export const wantedOf = ({ label, labelName }: CommonCase): (number | string)[] =>
  labelName === undefined ? label : [labelName];

/** Fewest shots of a case in total. */
const FEWEST_SHOTS = 2;

type Fields = Record<string, unknown>;

const AXES: readonly unknown[] = ['axial', 'coronal', 'sagittal'] satisfies PlaneName[];

/**
 * Checks a suite.
 *
 * @param suite the parsed JSON
 * @param resolve resolves a path of the suite against its `root`
 * @returns the cases, `within` first, then `across` and `2d`, in the order of the suite
 * @throws FewshotError `bad-input` naming the case and the invalid field
 */
export function parseSuite(
  suite: unknown,
  resolve: (root: string, file: string) => string,
): BenchCase[] {
  const top = fields(suite, 'The suite');
  const { root = '.', within = [], across = [], '2d': images = [] } = top;
  if (typeof root !== 'string') throw wrong('The suite', 'root', root, 'a folder');
  if (!Array.isArray(within)) throw wrong('The suite', 'within', within, 'a list of cases');
  if (!Array.isArray(across)) throw wrong('The suite', 'across', across, 'a list of cases');
  if (!Array.isArray(images)) throw wrong('The suite', '2d', images, 'a list of cases');
  if (within.length + across.length + images.length === 0) {
    throw new FewshotError(
      'bad-input',
      'The suite holds no case.',
      'Add cases to its list `within`, `across` or `2d`.',
    );
  }
  const open = (file: string) => resolve(root, file);
  const cases = [
    ...within.map((value: unknown, i) => parseWithin(value, `within[${i}]`, open)),
    ...across.map((value: unknown, i) => parseAcross(value, `across[${i}]`, open)),
    ...images.map((value: unknown, i) => parseImages(value, `2d[${i}]`, open)),
  ];
  const seen = new Set<string>();
  for (const { id } of cases) {
    if (seen.has(id)) throw wrong(`Case ${id}`, 'id', id, 'the name of one case only');
    seen.add(id);
  }
  return cases;
}

function parseWithin(value: unknown, place: string, open: (file: string) => string): WithinCase {
  const { id, name, given } = named(value, place);
  return {
    kind: 'within',
    id,
    learn: study(given, name, '', open),
    shots: slices(given.shots, name, 'shots', FEWEST_SHOTS),
    ...structure(given, name),
  };
}

function parseAcross(value: unknown, place: string, open: (file: string) => string): AcrossCase {
  const { id, name, given } = named(value, place);
  const fewShot = listed(given.few_shot, name, 'few_shot').map(({ value, field }) =>
    labeledStudy(fields(value, `${name}: ${field}`), name, field, open),
  );
  const test = listed(given.test, name, 'test').map(({ value, field }) =>
    study(fields(value, `${name}: ${field}`), name, `${field}.`, open),
  );
  const count = fewShot.reduce((sum, { shots }) => sum + shots.length, 0);
  if (count < FEWEST_SHOTS) {
    throw new FewshotError(
      'bad-input',
      `${name}: few_shot has ${count === 0 ? 'no shot' : 'only one shot'}.`,
      `Give ${FEWEST_SHOTS} or more slices that show the structure, in one or more studies.`,
    );
  }
  return { kind: 'across', id, fewShot, test, ...structure(given, name) };
}

/** A case of single images: each of the few-shot set is labeled, and has no slices to choose. */
function parseImages(value: unknown, place: string, open: (file: string) => string): AcrossCase {
  const given = fields(value, `Case ${place}`);
  const whole = (study: unknown) => ({ ...fields(study, `Case ${place}: few_shot`), shots: [0] });
  const shown = {
    window: ['p0.5', 'p99.5'],
    ...given,
    few_shot: [given.few_shot].flat().map(whole),
  };
  return { ...parseAcross(shown, place, open), images: true };
}

/** Accepts one study or a list of them; returns each with its name for messages. */
function listed(value: unknown, name: string, field: string): { value: unknown; field: string }[] {
  if (!Array.isArray(value)) return [{ value, field }];
  if (value.length === 0) throw wrong(name, field, value, 'a study, or a list of studies');
  return value.map((item: unknown, i) => ({ value: item, field: `${field}[${i}]` }));
}

function labeledStudy(
  given: Fields,
  name: string,
  field: string,
  open: (file: string) => string,
): LabeledStudy {
  const { empty = [] } = given;
  const isTaughtAbsence = Array.isArray(empty) && empty.length > 0;
  const isCount = typeof empty === 'number' && Number.isInteger(empty) && empty > 0;
  const one: LabeledStudy = {
    ...study(given, name, `${field}.`, open),
    shots:
      given.shots === undefined && isTaughtAbsence
        ? []
        : slices(given.shots, name, `${field}.shots`, isTaughtAbsence ? 0 : 1),
    empty: isCount ? empty : slices(empty, name, `${field}.empty`, 0),
  };
  const listed = typeof one.empty === 'number' ? [] : one.empty;
  const both = listed.find(index => one.shots.includes(index));
  if (both === undefined) return one;
  throw new FewshotError(
    'bad-input',
    `${name}: slice ${both} is among ${field}.shots and ${field}.empty.`,
    'List it in only one of them.',
  );
}

function named(value: unknown, place: string): { id: string; name: string; given: Fields } {
  const given = fields(value, `Case ${place}`);
  const { id } = given;
  // The id is a table cell and a JSON key: no line breaks, no column separators.
  if (typeof id !== 'string' || !/^[^\s|]+$/.test(id)) {
    throw wrong(`Case ${place}`, 'id', id, 'a name without spaces');
  }
  return { id, name: `Case ${id}`, given };
}

function study(given: Fields, name: string, prefix: string, open: (file: string) => string): Study {
  const file = (field: 'image' | 'labels') => {
    const value = given[field];
    if (typeof value !== 'string' || value === '') {
      throw wrong(name, prefix + field, value, 'the path of a NIfTI file or of a DICOM folder');
    }
    return open(value);
  };
  return { image: file('image'), labels: file('labels') };
}

function structure(
  given: Fields,
  name: string,
): Pick<CommonCase, 'label' | 'labelName' | 'axis' | 'window'> {
  const { label, axis = 'axial', window } = given;
  const labelName = typeof label === 'string' && label.trim() ? label.trim() : undefined;
  const values = wholeNumbers(label);
  const isList =
    values !== null &&
    values.length > 0 &&
    !values.includes(0) &&
    new Set(values).size === values.length;
  if (!isList && labelName === undefined) {
    throw wrong(
      name,
      'label',
      label,
      'a list of different whole numbers from 1, or the name of a structure',
    );
  }
  if (!AXES.includes(axis)) throw wrong(name, 'axis', axis, AXES.join(', '));
  return {
    label: labelName === undefined ? (values ?? []) : [],
    ...(labelName !== undefined && { labelName }),
    axis: axis as PlaneName,
    window: intensityWindow(window, name),
  };
}

function slices(value: unknown, name: string, field: string, fewest: number): number[] {
  const indices = wholeNumbers(value);
  if (!indices || indices.length < fewest || new Set(indices).size < indices.length) {
    const count = ['', 'one or more ', 'two or more '][fewest];
    throw wrong(name, field, value, `a list of ${count}different slice indices from 0`);
  }
  return indices.sort((a, b) => a - b);
}

/** `[-160, 240]`: modality units; `["p0.5", "p99.5"]`: percentiles. */
function intensityWindow(value: unknown, name: string): IntensityWindow {
  const bounds: unknown[] = Array.isArray(value) ? value : [];
  const isPercentile = bounds.every(bound => typeof bound === 'string');
  const [low, high] = bounds.map(bound =>
    typeof bound === 'string' && /^p\d+(\.\d+)?$/.test(bound) ? Number(bound.slice(1)) : bound,
  );
  const isWindow =
    bounds.length === 2 &&
    typeof low === 'number' &&
    typeof high === 'number' &&
    Number.isFinite(low) &&
    Number.isFinite(high) &&
    isPercentile === bounds.some(bound => typeof bound === 'string') &&
    low < high &&
    (!isPercentile || high <= 100);
  if (!isWindow) {
    throw wrong(
      name,
      'window',
      value,
      'like [-160, 240] or ["p0.5", "p99.5"], the lower one first',
    );
  }
  return { kind: isPercentile ? 'percentile' : 'clip', low, high };
}

function wholeNumbers(value: unknown): number[] | null {
  if (!Array.isArray(value)) return null;
  const isWhole = (item: unknown) => Number.isSafeInteger(item) && (item as number) >= 0;
  return value.every(isWhole) ? [...(value as number[])] : null;
}

function fields(value: unknown, what: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new FewshotError(
    'bad-input',
    `${what} is ${shown(value)}, not an object with fields.`,
    'Compare the suite with the one in the documentation.',
  );
}

function wrong(what: string, field: string, value: unknown, expected: string): FewshotError {
  return new FewshotError(
    'bad-input',
    `${what}: ${field} is ${shown(value)}.`,
    `It must be ${expected}.`,
  );
}

function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
