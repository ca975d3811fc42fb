import {
  FewshotError,
  keepNotes,
  type Mask,
  type OnNote,
  type OnProgress,
  throwIfCancelled,
} from 'fewshot-sam';
import { writeFileAside } from '../files/writeFileAside';
import type { ImageFile, SetImage } from '../images/imageSet';
import { readMask } from '../images/masks';
import { methodEntry } from '../methods/registry';
import { checkOutputs } from './checkOutputs';
import { findInImages, ImageResults, roundedSeconds } from './findInImages';
import type { SegmentImagesArguments } from './imageArguments';
import { prepareOutputs } from './imageOutputs';
import { imageRowsJson, type ImageSetRow } from './imageRows';
import { labelValues, listLabeled, readShots } from './labeledImages';
import { runAcross } from './runMethod';
import type { Installation } from './segment';
import { modelFolder } from './withModel';

/**
 * Runs `fewshot-sam segment` on single images: learns structures from the labeled ones and finds them in
 * the others.
 *
 * @returns a row for each structure
 * @throws FewshotError
 */
export async function segmentImages(
  args: SegmentImagesArguments,
  installation: Installation,
  onProgress: OnProgress,
  signal: AbortSignal,
  onNote: OnNote,
): Promise<ImageSetRow[]> {
  const { notes, note } = keepNotes(onNote);
  const { structures, window, method, iterations, initialization, seed } = args;
  const json = args.json === '-' ? undefined : args.json;
  await checkOutputs(
    [['--json', json]],
    [...args.images.map(image => ['--image', image] as const), ['--labels', args.labels]],
  );
  const set = await listLabeled(args.images, args.labels, args.shots);
  const { images, masks, shots } = set;
  const wanted = [...images.keys()].filter(index => !shots.includes(index));
  if (wanted.length === 0) throw nothingLeft(images.length);
  const results = new ImageResults(args, structures.length, window);
  const targets = wanted.map(index => images[index]);
  await prepareOutputs(args, targets, [...images, ...masks.values()]);
  const studies = await readShots(set, structures, window, note);
  throwIfCancelled(signal);

  const { needsTruth = false } = methodEntry(method);
  const machinery = {
    ...installation,
    model: modelFolder(args.model, installation),
    cache: args.cache,
  };
  const settings = { iterations, initialization, seed, images: true };
  const rows: ImageSetRow[] = [];
  for (const [i, label] of structures.entries()) {
    const truthOf = async (image: SetImage): Promise<Mask | undefined> => {
      const file: ImageFile | undefined = masks.get(image.stem);
      if (needsTruth && !file) throw noTruth(method, image.stem);
      if (!file || !(needsTruth || args.evaluate)) return undefined;
      return (await readMask(file, image, labelValues(label))).mask;
    };
    // While images are searched, their number is reported, not what happens in each.
    let isSearching = false;
    const show: OnProgress = progress => isSearching || onProgress(progress);
    const row = await runAcross(
      ...([method, studies[i], settings, machinery, show, signal] as const),
      async (learned): Promise<ImageSetRow> => {
        isSearching = true;
        const figures = await findInImages({
          ...{ images, wanted, truthOf, results, value: label[0] ?? 1 },
          ...{ onProgress, onNote: i === 0 ? note : () => undefined, signal },
          find: ({ slice }, truth) =>
            learned.segment({
              slices: [slice],
              window,
              truth: new Map(truth ? [[slice.index, truth]] : []),
            }),
        });
        return {
          id: label.length > 0 ? `label-${label.join('+')}` : 'structure',
          method,
          ...figures,
          encode_s: roundedSeconds(figures.encode_s + learned.seconds.encode),
          fit_s: roundedSeconds(learned.seconds.fit),
          embeddings_from_cache: figures.embeddings_from_cache + learned.embeddingsFromCache,
          shots: shots.length,
          backend: learned.backend,
          notes,
        };
      },
    );
    rows.push(row);
  }
  if (json !== undefined) await writeFileAside('--json', json, imageRowsJson(rows));
  return rows;
}

function nothingLeft(count: number): FewshotError {
  return new FewshotError(
    'bad-input',
    `All ${count} images are labeled: there is none left to segment.`,
    'Name the images to learn from by --shots, or add images without masks.',
  );
}

function noTruth(method: string, stem: string): FewshotError {
  return new FewshotError(
    'bad-input',
    `The method ${method} takes its prompts from the true mask, and --labels has none of ${stem}.`,
    'Give masks of all images, or choose head.',
  );
}
