/** @jest-environment node */
import { execFileSync, spawn } from 'node:child_process';
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import { writeAside } from './writeAsideNode';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'write-aside-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const put = (file: string, text: string) => writeAside(file, aside => writeFile(aside, text));

describe('writeAside', () => {
  it('writes to the target of a symbolic link, which stays one', async () => {
    await mkdir(path.join(folder, 'disk'));
    await symlink(path.join('disk', 'mask.nii'), path.join(folder, 'link.nii'));
    for (const text of ['first', 'second']) {
      // The first time the link leads to nothing yet.
      await put(path.join(folder, 'link.nii'), text);
      expect((await lstat(path.join(folder, 'link.nii'))).isSymbolicLink()).toBe(true);
      expect(await readFile(path.join(folder, 'disk', 'mask.nii'), 'utf8')).toBe(text);
    }
    expect(await readdir(path.join(folder, 'disk'))).toEqual(['mask.nii']);
  });

  it('refuses a link into a missing folder, links in circles, and pipes', async () => {
    await symlink('none/mask.nii', path.join(folder, 'dangling'));
    await symlink('circle', path.join(folder, 'circle'));
    execFileSync('mkfifo', [path.join(folder, 'pipe')]);
    await expect(put(path.join(folder, 'dangling'), 'x')).rejects.toThrow('ENOENT');
    await expect(put(path.join(folder, 'circle'), 'x')).rejects.toThrow('ELOOP');
    await expect(put(path.join(folder, 'pipe'), 'x')).rejects.toThrow('not a regular file');
  });

  it('keeps the permissions of an older file', async () => {
    const file = path.join(folder, 'mask.nii');
    await writeFile(file, 'old');
    await chmod(file, 0o640);
    await put(file, 'new');
    expect((await stat(file)).mode & 0o777).toBe(0o640);
  });

  it('takes an empty or a short file for a full disk, and leaves the older one', async () => {
    const file = path.join(folder, 'mask.nii');
    await writeFile(file, 'old');
    await expect(put(file, '')).rejects.toMatchObject({ code: 'ENOSPC' });
    const short = writeAside(file, async aside => {
      await writeFile(aside, 'half');
      return 8;
    });
    await expect(short).rejects.toThrow('4 of 8 bytes');
    expect(await readFile(file, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['mask.nii']);
  });

  it('survives kill -9 while it writes; the next writing cleans up', async () => {
    const file = path.join(folder, 'mask.nii');
    await writeFile(file, 'old');
    const program = `
      import { writeFileSync } from 'node:fs';
      const { writeAside } = await import(${JSON.stringify(path.join(__dirname, 'writeAsideNode.ts'))});
      await writeAside(${JSON.stringify(file)}, aside => {
        writeFileSync(aside, 'half');
        console.log('half');
        setInterval(() => {}, 1000);
        return new Promise(() => {});
      });`;
    const child = spawn(process.execPath, [
      ...['--import', 'tsx', '--input-type=module', '-e', program],
    ]);
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(await readFile(file, 'utf8')).toBe('old');
    expect(await readdir(folder)).toHaveLength(2);
    await put(file, 'new');
    expect(await readdir(folder)).toEqual(['mask.nii']);
    expect(await readFile(file, 'utf8')).toBe('new');
  }, 60_000);
});

/** A file system of 64 KiB, or why there can be none. */
function smallDisk(place: string): string | null {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', place], { stdio: 'pipe' });
    return null;
  } catch (error) {
    return `no file system can be mounted here (${(error as Error).message.split('\n')[0]})`;
  }
}

/** In a process of its own: ITK-Wasm is made of ES modules. @returns the error */
function writeNoise(file: string): unknown {
  const program = `
    const { writeMaskNifti } = await import(${JSON.stringify(path.resolve('cli/src/nifti/writeNiftiNode.ts'))});
    // Noise, so that it stays large when compressed.
    const mask = Uint8Array.from({ length: 64 ** 3 }, (_, i) => (Math.imul(i, i ^ 2654435761) >>> 13) & 255);
    const geometry = {
      size: [64, 64, 64],
      spacing: [1, 1, 1],
      origin: [0, 0, 0],
      direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    };
    const { code, message, remedy } = await writeMaskNifti(mask, geometry, ${JSON.stringify(file)})
      .then(() => ({}), error => error);
    console.log('\\n' + JSON.stringify({ code, message, remedy }));`;
  const node = ['--import', 'tsx', '--input-type=module', '-e', program];
  const output = execFileSync(process.execPath, node, { encoding: 'utf8', stdio: 'pipe' });
  return JSON.parse(output.trim().split('\n').at(-1)!);
}

describe('a full disk', () => {
  it.each(['mask.nii', 'mask.nii.gz'])(
    'is reported for %s, and the older file stays',
    async name => {
      const reason = smallDisk(folder);
      if (reason) return console.warn(`A full disk: skipped, ${reason}.`);
      try {
        const file = path.join(folder, name);
        await writeFile(file, 'old');
        expect(writeNoise(file)).toEqual({
          code: 'bad-input',
          message: expect.stringContaining('no space left on device'),
          remedy: expect.stringContaining('Free disk space'),
        });
        expect(await readFile(file, 'utf8')).toBe('old');
        expect(await readdir(folder)).toEqual([name]);
        const text = writeAside(file, aside => writeFile(aside, Buffer.alloc(2 ** 20, 1)));
        await expect(text).rejects.toMatchObject({ code: 'ENOSPC' });
        expect(await readdir(folder)).toEqual([name]);
      } finally {
        execFileSync('umount', [folder]);
      }
    },
    60_000,
  );
});
