import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeFileAside } from './writeFileAside';

const made: string[] = [];
const folder = async () => {
  made.push(await mkdtemp(path.join(tmpdir(), 'write-file-aside-')));
  return made.at(-1)!;
};
afterAll(() => Promise.all(made.map(one => rm(one, { recursive: true, force: true }))));

describe('writeFileAside', () => {
  it('writes over an older file, and leaves nothing beside it', async () => {
    const file = path.join(await folder(), 'liver.task');
    await writeFile(file, 'old');
    await writeFileAside('--out', file, 'new');
    expect(await readFile(file, 'utf8')).toBe('new');
    expect(await readdir(path.dirname(file))).toEqual(['liver.task']);
  });

  it('leaves an older file as it was when writing fails half way', async () => {
    const file = path.join(await folder(), 'liver.task');
    await writeFile(file, 'old');
    // Half of it is written before the rest cannot be.
    const content = (function* () {
      yield 'half';
      throw new Error('ENOSPC: no space left on device');
    })() as unknown as string;
    await expect(writeFileAside('--out', file, content)).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('no space left on device'),
    });
    expect(await readFile(file, 'utf8')).toBe('old');
    expect(await readdir(path.dirname(file))).toEqual(['liver.task']);
  });
});
