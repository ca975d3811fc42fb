import { stat } from 'node:fs/promises';
import { type OnNote, type OnProgress, printable, throwIfCancelled } from 'fewshot-sam';
import { learnTaskFiles } from 'fewshot-sam/compute';
import { writeFileAside } from '../files/writeFileAside';
import { checkOutputs } from './checkOutputs';
import type { FitImagesArguments } from './imageArguments';
import { listLabeled, readShots } from './labeledImages';
import { durationText } from './progressLine';
import type { Installation } from './segment';
import { modelFolder, withModel } from './withModel';

/**
 * Runs `fewshot-sam fit` on single images: learns a structure from the labeled ones and writes it to a task
 * file.
 *
 * @returns a report for people
 * @throws FewshotError
 */
export async function fitImages(
  args: FitImagesArguments,
  installation: Installation,
  onProgress: OnProgress,
  signal: AbortSignal,
  onNote: OnNote,
): Promise<string> {
  const { name, iterations, initialization, seed, method, out } = args;
  await checkOutputs(
    [['--out', out]],
    [
      ...args.images.map(image => ['--image', image] as const),
      ['--labels', args.labels],
      ['--model', args.model],
    ],
  );
  const set = await listLabeled(args.images, args.labels, args.shots);
  const [studies] = await readShots(set, args.structures, args.window, onNote);
  throwIfCancelled(signal);
  const machinery = {
    ...installation,
    model: modelFolder(args.model, installation),
    cache: args.cache,
  };
  return withModel(machinery, onProgress, signal, async ({ parts, modelId, backend }) => {
    const { metadata, task, seconds, embeddingsFromCache } = await learnTaskFiles(
      // An image has no axis; tasks need one.
      studies.map(study => ({ ...study, axis: 'axial' })),
      { name, modelId, iterations, initialization, seed, images: true },
      parts,
      { signal, onProgress },
      { method },
    );
    throwIfCancelled(signal);
    await writeFileAside('--out', out, task);
    const size = ((await stat(out)).size / 2 ** 20).toFixed(1);
    const { fieldOfViewMm, leaveOneOut } = metadata;
    return [
      `Learned "${printable(name)}" from ${metadata.shots} images (method ${method}, ${metadata.iterations} iterations, ${backend}).`,
      ...(leaveOneOut === null
        ? []
        : [
            `Dice of its own images, each found by heads that did not learn from it: ${leaveOneOut.toFixed(2)}.`,
          ]),
      `Encoding ${durationText(seconds.encode)}${embeddingsFromCache ? ` (${embeddingsFromCache} from the cache)` : ''}, learning ${durationText(seconds.fit)}. Tiles of ${Math.round(fieldOfViewMm)} pixels (mm where the images say how wide a pixel is).`,
      `Task: ${printable(out)} (${size} MB)`,
      '',
    ].join('\n');
  });
}
