import {
  FewshotError,
  type OnNote,
  type OnProgress,
  planeOf,
  printable,
  type Slice,
} from 'fewshot-sam';
import { chooseSlices } from 'fewshot-sam/compute';
import { writeFileAside } from '../files/writeFileAside';
import { readVolume } from '../volume/readVolumeNode';
import { checkOutputs } from './checkOutputs';
import type { ChooseArguments, SliceRange } from './chooseArguments';
import { cutSlices } from './prepareJob';
import type { Installation } from './segment';
import { modelFolder, withModel } from './withModel';

/** The slices to outline of one study, ascending. */
export interface ChosenSlices {
  image: string;
  slices: number[];
}

/**
 * Runs `fewshot-sam choose`.
 *
 * @returns the slices as JSON if `--json -`, else a report for people
 * @throws FewshotError
 */
export async function chooseCommand(
  { studies, count, axis, window, ...args }: ChooseArguments,
  installation: Installation,
  onProgress: OnProgress,
  signal: AbortSignal,
  onNote: OnNote,
): Promise<string> {
  const inputs = studies.map(({ image }): [string, string] => ['--image', image]);
  const toFile = args.json === '-' ? undefined : args.json;
  await checkOutputs([['--json', toFile]], inputs);
  const candidates: { slices: Slice[]; window: typeof window }[] = [];
  for (const { image, among } of studies) {
    const volume = await readVolume(image, '--image', onNote);
    const slices = await cutSlices(volume, planeOf(volume, axis));
    candidates.push({ slices: within(slices, among), window });
  }
  const model = modelFolder(args.model, installation);
  const machinery = { ...installation, model, cache: args.cache };
  const chosen = await withModel(machinery, onProgress, signal, ({ parts }) =>
    chooseSlices(candidates, count, parts, { signal, onProgress }),
  );
  const byStudy = studies.map(({ image }, study): ChosenSlices => {
    const slices = chosen.filter(one => one.study === study).map(({ slice }) => slice);
    return { image, slices: slices.sort((a, b) => a - b) };
  });
  const json = `${JSON.stringify(byStudy, null, 2)}\n`;
  if (args.json === '-') return json;
  if (args.json) await writeFileAside('--json', args.json, json);
  const all = candidates.reduce((sum, { slices }) => sum + slices.length, 0);
  const from = studies.length === 1 ? '' : ` in ${studies.length} studies`;
  return [
    `Outline ${chosen.length === 1 ? 'this slice' : `these ${chosen.length} slices`} of ${all}${from}; where the structure does not show, give the slice to --empty instead of --shots:`,
    ...byStudy
      .filter(({ slices }) => slices.length > 0)
      .map(({ image, slices }) => `  --image ${printable(image)} --shots ${slices.join(',')}`),
    '',
  ].join('\n');
}

function within<T extends { index: number }>(slices: readonly T[], among?: SliceRange): T[] {
  if (!among) return [...slices];
  const kept = slices.filter(({ index }) => index >= among.first && index <= among.last);
  if (kept.length > 0) return kept;
  throw new FewshotError(
    'bad-input',
    `--among ${among.first}-${among.last} lies outside the volume, whose slices run from 0 to ${slices.length - 1}.`,
    'Give slices of the volume.',
  );
}
