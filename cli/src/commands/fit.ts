import { stat } from 'node:fs/promises';
import { type OnNote, type OnProgress, planeOf, printable, throwIfCancelled } from 'fewshot-sam';
import { type LabeledStudy, learnTaskFiles } from 'fewshot-sam/compute';
import { readVolume } from '../volume/readVolumeNode';
import { checkOutputs, type Named } from './checkOutputs';
import { type FitArguments, fitMethod, type FitStudy } from './fitArguments';
import { outlineNotes } from './outlineNotes';
import { cutSlices, labeledShots } from './prepareJob';
import { durationText } from './progressLine';
import { readLabels } from './readLabels';
import type { Installation } from './segment';
import { modelFolder, withModel } from './withModel';
import { writeFileAside } from '../files/writeFileAside';

/**
 * Runs `fewshot-sam fit`: learns a structure from one or more studies and writes it to a task file.
 *
 * @returns a report for people
 * @throws FewshotError
 */
export async function fitCommand(
  args: FitArguments,
  installation: Installation,
  onProgress: OnProgress,
  signal: AbortSignal,
  onNote: OnNote,
): Promise<string> {
  await checkOutputs(
    [['--out', args.out]],
    [
      ...args.studies.flatMap(({ image, labels }): Named[] => [
        ['--image', image],
        ['--labels', labels],
      ]),
      ['--model', args.model],
    ],
  );
  const studies: LabeledStudy[] = [];
  for (const [i, study] of args.studies.entries()) {
    const note: OnNote = text => onNote(args.studies.length > 1 ? `Study ${i + 1}: ${text}` : text);
    studies.push(await readLabeled(study, args, note));
    throwIfCancelled(signal);
  }

  const { name, iterations, initialization, seed } = args;
  const machinery = {
    ...installation,
    model: modelFolder(args.model, installation),
    cache: args.cache,
  };
  return withModel(machinery, onProgress, signal, async ({ parts, modelId, backend }) => {
    const { metadata, task, seconds, embeddingsFromCache } = await learnTaskFiles(
      studies,
      { name, modelId, iterations, initialization, seed },
      parts,
      { signal, onProgress },
      { method: fitMethod(args) },
    );
    throwIfCancelled(signal);
    await writeFileAside('--out', args.out, task);
    const size = ((await stat(args.out)).size / 2 ** 20).toFixed(1);
    const { fieldOfViewMm, leaveOneOut } = metadata;
    return [
      `Learned "${printable(name)}" from ${metadata.shots} slices of ${studies.length === 1 ? 'one study' : `${studies.length} studies`} (method ${fitMethod(args)}, ${metadata.iterations} iterations, ${backend}).`,
      ...(leaveOneOut === null
        ? []
        : [
            `Dice of its own slices, each found by heads that did not learn from it: ${leaveOneOut.toFixed(2)}.`,
          ]),
      `Encoding ${durationText(seconds.encode)}${embeddingsFromCache ? ` (${embeddingsFromCache} images from the cache)` : ''}, learning ${durationText(seconds.fit)}. Field of view: ${Math.round(fieldOfViewMm)} mm.`,
      `Task: ${printable(args.out)} (${size} MB)`,
      '',
    ].join('\n');
  });
}

async function readLabeled(
  { image: imagePath, labels: labelsPath, shots, empty }: FitStudy,
  { axis, window, label }: FitArguments,
  onNote: OnNote,
): Promise<LabeledStudy> {
  const image = await readVolume(imagePath, '--image', onNote);
  const plane = planeOf(image, axis);
  const {
    volume,
    structures: [values],
  } = await readLabels(labelsPath, { location: imagePath, volume: image }, [label], {
    onNote,
  });
  const labels = labeledShots(volume, plane, values, { shots, empty });
  outlineNotes(volume, plane, values, labels).forEach(onNote);
  return { slices: await cutSlices(image, plane), labels, window, axis };
}
