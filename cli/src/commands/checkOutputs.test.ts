import { execFileSync } from 'node:child_process';
import { link, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkOutputs } from './checkOutputs';

let folder: string;
const at = (...names: string[]) => path.join(folder, ...names);
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'check-outputs-'));
  await mkdir(at('series'));
  await writeFile(at('image.nii'), 'image');
  await symlink('image.nii', at('link.nii'));
  await symlink('series', at('linked'));
  await symlink('none/mask.nii', at('dangling.nii'));
  await symlink(path.join('series', 'new.nii'), at('into.nii'));
  await link(at('image.nii'), at('hard.nii'));
  execFileSync('mkfifo', [at('pipe.nii')]);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const check = (out: string, json?: string) =>
  checkOutputs(
    [
      ['--out', out],
      ['--json', json],
    ],
    [
      ['--image', at('series')],
      ['--labels', at('image.nii')],
    ],
  );

it.each([
  ['the input itself', 'image.nii', /same file as --labels/],
  ['a detour to it', 'series/../image.nii', /same file as --labels/],
  ['a symbolic link to it', 'link.nii', /same file as --labels/],
  ['a hard link to it', 'hard.nii', /same file as --labels/],
  ['a new file in the image folder', 'series/mask.nii', /in the folder --image/],
  ['the same through a link to the folder', 'linked/mask.nii', /in the folder --image/],
  ['a link to a new file there', 'into.nii', /in the folder --image/],
  ['a link into a missing folder', 'dangling.nii', /symbolic link into a missing folder/],
  ['a missing folder', 'none/mask.nii', /is missing or read-only/],
  ['a pipe', 'pipe.nii', /a device or a pipe/],
  ['a folder', 'series', /is a folder/],
])('refuses %s', async (_, name, message) => {
  const out = `${folder}/${name}`;
  await expect(check(out)).rejects.toMatchObject({
    code: 'bad-input',
    message: expect.stringMatching(message),
  });
});

it('refuses two results in one file, also one that differs in case', async () => {
  await expect(check(at('mask.nii'), at('Mask.NII'))).rejects.toThrow(
    /--json .* same file as --out/,
  );
});

it('allows files of their own', async () => {
  await check(at('mask.nii'), at('row.json'));
});
