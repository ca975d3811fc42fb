import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DiskCache } from 'fewshot-sam/node';
import { clearCache } from './clearCache';

describe('clearCache', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'clear-cache-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('deletes embeddings, and nothing that is not ours', async () => {
    await new DiskCache(folder).put('a'.repeat(64), new Uint16Array(500_000));
    await writeFile(path.join(folder, 'thesis.doc'), 'mine');
    expect(await clearCache(['--cache', folder])).toBe(
      `Deleted the embeddings of 1 slice, 1 MB, from ${folder}.\n`,
    );
    expect(await readdir(folder)).toEqual(['thesis.doc']);
    expect(await clearCache(['--cache', folder])).toBe(`No embeddings in ${folder}.\n`);
  });

  it('names a wrong option', async () => {
    await expect(clearCache(['--cash', folder])).rejects.toThrow('--cash');
  });
});
