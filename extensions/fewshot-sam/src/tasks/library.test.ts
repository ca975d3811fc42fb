import type { TaskMetadata } from 'fewshot-sam';
import { encodeSafetensors, parseSafetensors } from 'fewshot-sam/compute';
import { TaskLibrary, type NewTask } from './library';
import { silhouetteOf, thumbnailOfSilhouette } from './silhouette';
import { MemoryFiles } from './taskFiles';

const metadata = (name: string): TaskMetadata => ({
  version: 1,
  name,
  modality: 'CT',
  model: { id: 'mobile-sam', sha256: 'abc' },
  method: 'paper',
  axis: 'axial',
  window: { kind: 'clip', low: -160, high: 240 },
  spacingMm: [1, 1],
  fieldOfViewMm: 200,
  offsetMm: [0, 0],
  shots: 3,
  studies: 1,
  iterations: 60,
  seed: 0,
  leaveOneOut: null,
});
const newTask = (name: string, examples: Uint8Array | null = Uint8Array.of(1, 2)): NewTask => ({
  metadata: metadata(name),
  color: [10, 20, 30],
  silhouette: silhouetteOf({ width: 2, height: 1, mask: Uint8Array.of(0, 1) }),
  task: encodeSafetensors(new Map(), {
    kind: 'fewshot-sam task',
    task: JSON.stringify(metadata(name)),
  }),
  examples,
});

describe('library of tasks', () => {
  it('lists what it keeps, by name, also to another tab', async () => {
    const files = new MemoryFiles();
    const library = new TaskLibrary(files, () => 5);
    const spleen = await library.add(newTask('Spleen'));
    await library.add(newTask('Aorta', null));
    const [aorta, other] = await new TaskLibrary(files).entries();
    expect(aorta).toMatchObject({ metadata: { name: 'Aorta' }, savedAt: 5, examplesBytes: 0 });
    expect(other).toEqual(spleen);
    expect(await library.task(spleen)).toEqual(newTask('Spleen').task);
    expect(await library.examples(spleen)).toEqual(Uint8Array.of(1, 2));
    await expect(library.examples(aorta)).rejects.toThrow('no longer in this browser');
  });

  it('renames the task in its file as well', async () => {
    const library = new TaskLibrary(new MemoryFiles());
    const renamed = await library.rename(await library.add(newTask('Aorta')), 'Aorta, venous');
    expect((await library.entries()).map(entry => entry.metadata.name)).toEqual(['Aorta, venous']);
    const { metadata: text } = parseSafetensors(await library.task(renamed));
    expect(JSON.parse(text.task)).toEqual(metadata('Aorta, venous'));
  });

  it('deletes all of a task', async () => {
    const files = new MemoryFiles();
    const library = new TaskLibrary(files);
    await library.remove(await library.add(newTask('Aorta')));
    expect(await files.names()).toEqual([]);
  });

  it('lists nothing of a task that was written in part, or by a later version', async () => {
    const files = new MemoryFiles();
    const library = new TaskLibrary(files);
    const { id } = await library.add(newTask('Aorta'));
    const later = { ...JSON.parse(new TextDecoder().decode((await files.read(`${id}.json`))!)) };
    await files.write(
      `${id}.json`,
      new TextEncoder().encode(JSON.stringify({ ...later, version: 2 })),
    );
    await files.write('0.json', new TextEncoder().encode('{'));
    expect(await library.entries()).toEqual([]);
  });

  it('says so when the browser has no room, and lists nothing then', async () => {
    const files = new MemoryFiles();
    const full: MemoryFiles = Object.assign(files, {
      write: (name: string) =>
        name.endsWith('.task')
          ? Promise.reject(new Error('quota exceeded'))
          : Promise.resolve(undefined),
    });
    const library = new TaskLibrary(full);
    await expect(library.add(newTask('Aorta'))).rejects.toMatchObject({
      message: 'The browser could not save the task “Aorta” (1 MB): quota exceeded.',
    });
    expect(await library.entries()).toEqual([]);
  });
});

it('shows a task by its shape alone', () => {
  const thumbnail = thumbnailOfSilhouette(
    silhouetteOf({ width: 2, height: 2, mask: Uint8Array.of(0, 1, 0, 0) }),
  );
  expect(thumbnail.gray.every(value => value === 0)).toBe(true);
  expect([thumbnail.mask[0], thumbnail.mask[47], thumbnail.mask[48 * 48 - 1]]).toEqual([0, 1, 0]);
});
