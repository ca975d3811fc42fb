import { FewshotError } from 'fewshot-sam';

/** Something in the labels that can be asked for: a segment, an ROI, a row of a label table. */
export interface Choice {
  /** Its value in the label volume. */
  number: number;
  label: string;
}

/** A structure as asked for: label values, or the name of one or more segments. */
export type Wanted = readonly (number | string)[];

/**
 * Finds the values of structures that were asked for by number or name. A name must be spelled as in the
 * file; others that differ only in case, spaces or marks are listed.
 *
 * @param choices what the labels hold; undefined for labels without names
 * @param names `label`: of the option, e.g. `--label`; `labels`: of the file, e.g. `--labels drawn.dcm`
 * @throws FewshotError `bad-input` when a name or number is not there, or two have it
 */
export function resolveStructures(
  wanted: readonly Wanted[],
  choices: readonly Choice[] | undefined,
  names: { label: string; labels: string },
): number[][] {
  const resolved = wanted.map(structure => [
    ...new Set(structure.flatMap(part => find(part, choices, names))),
  ]);
  const all = resolved.flat();
  const twice = all.find((value, i) => all.indexOf(value) !== i);
  if (twice === undefined) return resolved;
  throw new FewshotError(
    'bad-input',
    `${names.label} gives ${listed(choices?.filter(({ number }) => number === twice)) || twice} to two structures.`,
    'Name each segment once.',
  );
}

function find(
  part: number | string,
  choices: readonly Choice[] | undefined,
  names: { label: string; labels: string },
): number[] {
  if (typeof part === 'number') {
    if (!choices || choices.some(({ number }) => number === part)) return [part];
    const called = choices.filter(({ label }) => label === String(part));
    if (called.length === 1) return [called[0].number];
    throw missing(String(part), choices, names);
  }
  if (!choices) {
    throw new FewshotError(
      'bad-input',
      `${names.label} "${part}" is a name, but ${names.labels} has no names.`,
      'Give label values, e.g. --label 5, or labels with names: DICOM SEG, RTSTRUCT, .seg.nrrd, or NIfTI with a label table beside it.',
    );
  }
  const byName = (name: string) => choices.filter(({ label }) => label.trim() === name.trim());
  const whole = byName(part);
  if (whole.length > 1) {
    throw new FewshotError(
      'bad-input',
      `${names.label} "${part}" is the name of ${whole.length} segments in ${names.labels}: ${listed(whole)}.`,
      'Give the number of one of them.',
    );
  }
  if (whole.length === 1) return [whole[0].number];
  // A name may itself hold a comma; several names are separated by one.
  const parts = part.split(',');
  if (parts.length > 1) return parts.flatMap(name => find(asNumber(name), choices, names));
  throw missing(part, choices, names);
}

const asNumber = (text: string) => (/^\d+$/.test(text.trim()) ? Number(text) : text.trim());

function missing(
  name: string,
  choices: readonly Choice[],
  { label, labels }: { label: string; labels: string },
): FewshotError {
  const like = choices.filter(choice => isLike(choice.label, name));
  return new FewshotError(
    'bad-input',
    `${label} "${name}" is not in ${labels}, which holds ${listed(choices)}.`,
    like.length > 0
      ? `Did you mean ${like.map(choice => `"${choice.label}"`).join(' or ')}? Give the name as it is spelled there, or the number.`
      : 'Give one of these names or numbers.',
  );
}

/** Whether two names differ only in case, accents, spaces and marks, or one contains the other. */
function isLike(a: string, b: string): boolean {
  const [one, other] = [a, b].map(text =>
    text
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]/gu, ''),
  );
  return one !== '' && other !== '' && (one.includes(other) || other.includes(one));
}

const MOST_LISTED = 40;

function listed(choices: readonly Choice[] | undefined): string {
  if (!choices || choices.length === 0) return 'nothing';
  const shown = choices.slice(0, MOST_LISTED).map(({ number, label }) => `${number} "${label}"`);
  return [...shown, ...(choices.length > MOST_LISTED ? ['...'] : [])].join(', ');
}
