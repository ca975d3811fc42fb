import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RowFile } from './rowFile';
import { row } from './testRows';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fewshot-rows-'));
  file = path.join(folder, 'rows.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const written = async () => JSON.parse(await readFile(file, 'utf8'));

describe('RowFile', () => {
  it('is a valid list after each row, and nothing else lies beside it', async () => {
    const rows = await RowFile.open(file);
    expect(rows.all()).toEqual([]);
    await rows.put(row('a', 'paper'));
    expect(await written()).toEqual([row('a', 'paper')]);
    await rows.put(row('b', 'paper'));
    expect(await written()).toEqual([row('a', 'paper'), row('b', 'paper')]);
    expect(await readdir(folder)).toEqual(['rows.json']);
  });

  it('finds again what an earlier run has finished', async () => {
    await (await RowFile.open(file)).put(row('a', 'paper', { iou: 0.75 }));
    const later = await RowFile.open(file);
    expect(later.find({ id: 'a', method: 'paper', seed: 0 })?.iou).toBe(0.75);
    for (const other of [
      { id: 'b', method: 'paper', seed: 0 },
      { id: 'a', method: 'nearest', seed: 0 },
      { id: 'a', method: 'paper', seed: 1 },
    ]) {
      expect(later.find(other)).toBeUndefined();
    }
  });

  it('replaces a row that is computed again, in its place', async () => {
    const rows = await RowFile.open(file);
    await rows.put(row('a', 'paper', { iou: 0.1 }));
    await rows.put(row('b', 'paper'));
    await rows.put(row('a', 'paper', { iou: 0.2 }));
    expect(await written()).toEqual([row('a', 'paper', { iou: 0.2 }), row('b', 'paper')]);
  });

  it.each(['', 'notes', '{}', '[1]', '[{"id":"a","method":"paper"}]'])(
    'leaves a file alone that holds %j',
    async text => {
      await writeFile(file, text);
      await expect(RowFile.open(file)).rejects.toMatchObject({
        code: 'bad-input',
        message: expect.stringContaining(file),
      });
      expect(await readFile(file, 'utf8')).toBe(text);
    },
  );

  it('says that it cannot be written, and keeps no half file', async () => {
    const rows = await RowFile.open(path.join(folder, 'absent', 'rows.json'));
    await expect(rows.put(row('a', 'paper'))).rejects.toThrow('cannot be written (ENOENT)');
    expect(rows.all()).toEqual([]);
  });
});
