import { fewshotSam } from '../cli/command';
import { type Grid, writeNifti } from '../cli/syntheticVolume';
import { disk } from './phantoms';

/**
 * Learns the disk from another phantom with the built command.
 *
 * @param folder gets the task and what it is learned from
 * @param options of `fit`
 * @returns path of the task file
 */
export async function learnDisk(
  folder: string,
  name = 'Disk',
  options: readonly string[] = [],
): Promise<string> {
  const grid: Grid = {
    size: [64, 64, 4],
    spacing: [1, 1, 3],
    origin: [32, 32, 100],
    sign: [-1, -1, 1],
  };
  const at = (x: number, y: number) => disk(x + 0.5 - grid.size[0] / 2, y + 0.5 - grid.size[1] / 2);
  await writeNifti(`${folder}/known.nii.gz`, grid, (x, y) => at(x, y).value);
  await writeNifti(`${folder}/labels.nii.gz`, grid, (x, y) => (at(x, y).isInside ? 3 : 0));
  const task = `${folder}/${name}.task`;
  const { code, stderr } = await fewshotSam([
    ...['fit', '--image', `${folder}/known.nii.gz`, '--labels', `${folder}/labels.nii.gz`],
    ...['--label', '3', '--shots', '0,3', '--window', '0,200', '--name', name],
    ...['--iterations', '30', '--out', task, '--cache', `${folder}/cache`, ...options],
  ]);
  if (code !== 0) throw new Error(stderr);
  return task;
}
