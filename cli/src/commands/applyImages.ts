import { keepNotes, type Mask, MR_PERCENTILES, type OnNote, type OnProgress } from 'fewshot-sam';
import { applyTask, methodOf, parseTask } from 'fewshot-sam/compute';
import { writeFileAside } from '../files/writeFileAside';
import { listImages, type SetImage } from '../images/imageSet';
import { listMasks, readMask } from '../images/masks';
import { readTaskFile } from './apply';
import { checkOutputs } from './checkOutputs';
import { findInImages, ImageResults } from './findInImages';
import type { ApplyImagesArguments } from './imageArguments';
import { prepareOutputs } from './imageOutputs';
import { imageRowsJson, type ImageSetRow } from './imageRows';
import { labelValues } from './labeledImages';
import type { Installation } from './segment';
import { modelFolder, withMemory, withModel } from './withModel';

/**
 * Runs `fewshot-sam apply` on single images, with tasks learned from such images.
 *
 * @returns a row for each task
 * @throws FewshotError
 */
export async function applyImages(
  args: ApplyImagesArguments,
  installation: Installation,
  onProgress: OnProgress,
  signal: AbortSignal,
  onNote: OnNote,
): Promise<ImageSetRow[]> {
  const { notes, note } = keepNotes(onNote);
  const json = args.json === '-' ? undefined : args.json;
  await checkOutputs(
    [['--json', json]],
    [
      ...args.tasks.map(task => ['task', task] as const),
      ...args.images.map(image => ['--image', image] as const),
      ['--labels', args.labels],
    ],
  );
  const files = await Promise.all(args.tasks.map(readTaskFile));
  const images = await listImages(args.images, '--image');
  const masks = args.labels ? await listMasks(args.labels, images) : new Map<string, never>();
  await prepareOutputs(args, images, [...images, ...masks.values()]);
  const truthOf = async (image: SetImage): Promise<Mask | undefined> => {
    const file = masks.get(image.stem);
    return file && (await readMask(file, image, labelValues(args.label))).mask;
  };
  const machinery = {
    ...installation,
    model: modelFolder(args.model, installation),
    cache: args.cache,
  };
  return withModel(machinery, onProgress, signal, async loaded => {
    const { parts, backend } = files.length > 1 ? withMemory(loaded) : loaded;
    // All of them first, so that a damaged one is refused before the long computation.
    const tasks = files.map(file => parseTask(file, parts.weights));
    const results = new ImageResults(args, tasks.length, args.window ?? MR_PERCENTILES);
    const rows: ImageSetRow[] = [];
    for (const [i, task] of tasks.entries()) {
      const window = args.window ?? task.metadata.window;
      const figures = await findInImages({
        ...{ images, wanted: [...images.keys()], truthOf, results, value: i + 1 },
        ...{ onProgress, onNote: i === 0 ? note : () => undefined, signal },
        find: ({ slice }) =>
          applyTask(task, { slices: [slice], window, images: true }, parts, { signal }),
      });
      rows.push({ id: task.metadata.name, method: methodOf(task), ...figures, backend, notes });
    }
    if (json !== undefined) await writeFileAside('--json', json, imageRowsJson(rows));
    return rows;
  });
}
