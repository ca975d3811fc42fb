import type { TaskMetadata } from '../finetune/task';
import { readTaskTensors, encodeTaskTensors, wrongTask } from '../finetune/taskFile';
import { EMBEDDING_CHANNELS } from '../sam/imageEncoder';
import type { WeightTensor, Weights } from '../sam/weights';
import { HEAD_SHAPE } from './fitHead';
import type { HeadModel } from './head';
import { headLayers } from './headProgram';

/** A structure learned by heads, ready to be found in another study. */
export interface HeadTask {
  metadata: TaskMetadata;
  model: HeadModel;
}

const PREFIX = 'fewshot.head.';
const { length: PARAMETERS } = headLayers(HEAD_SHAPE);
const DIMENSIONS = 64;

/** Writes a task as a safetensors file. Equal tasks give equal bytes. */
export function encodeHeadTask({ metadata, model }: HeadTask): Uint8Array {
  const { projection, parameters, refinement, threshold, calibration } = model;
  const tensors: Weights = new Map();
  const set = (name: string, shape: number[], values: ArrayLike<number>) =>
    tensors.set(PREFIX + name, { shape, data: Float32Array.from(values) });
  set('mean', [EMBEDDING_CHANNELS], projection.mean);
  set('axes', [DIMENSIONS, EMBEDDING_CHANNELS], projection.axes);
  set('deviations', [DIMENSIONS], projection.deviations);
  parameters.forEach((values, i) => set(`parameters.${i}`, [PARAMETERS], values));
  set('threshold', [1], [threshold]);
  set('calibration', [1], [calibration]);
  if (refinement) {
    for (const part of ['knots', 'offsets', 'gains'] as const) {
      set(part, [refinement[part].length], refinement[part]);
    }
  }
  return encodeTaskTensors(metadata, tensors);
}

/**
 * Reads a task file of heads and checks all of it.
 *
 * @throws FewshotError `bad-input` saying what is wrong with the file
 */
export function parseHeadTask(bytes: Uint8Array): HeadTask {
  const { metadata, tensors } = readTaskTensors(bytes);
  const take = (name: string, ...shape: (number | null)[]): Float32Array => {
    const tensor = tensors.get(PREFIX + name);
    if (!tensor) throw wrongTask(`the tensor ${PREFIX}${name} is missing`);
    tensors.delete(PREFIX + name);
    checkTensor(PREFIX + name, tensor, shape);
    return tensor.data;
  };
  const projection = {
    mean: take('mean', EMBEDDING_CHANNELS),
    axes: take('axes', DIMENSIONS, EMBEDDING_CHANNELS),
    deviations: take('deviations', DIMENSIONS),
    channels: EMBEDDING_CHANNELS,
    dimensions: DIMENSIONS,
  };
  if (!projection.deviations.every(value => value > 0)) {
    throw wrongTask(`${PREFIX}deviations holds a value that is not positive`);
  }
  const parameters: Float32Array[] = [];
  do parameters.push(take(`parameters.${parameters.length}`, PARAMETERS));
  while (tensors.has(`${PREFIX}parameters.${parameters.length}`));
  const [threshold] = take('threshold', 1);
  if (!(threshold > 0 && threshold < 1)) throw wrongTask(`its threshold is ${threshold}`);
  const [calibration] = take('calibration', 1);
  const refinement = tensors.has(`${PREFIX}knots`)
    ? {
        knots: [...take('knots', null)],
        offsets: [...take('offsets', null)],
        gains: [...take('gains', null)],
      }
    : null;
  if (refinement) {
    const { knots, offsets, gains } = refinement;
    const isAscending = knots.every((knot, i) => i === 0 || knot > knots[i - 1]);
    if (!isAscending || offsets.length !== knots.length || gains.length !== knots.length) {
      throw wrongTask('its refinement has no ascending gray values with a weight for each');
    }
  }
  const [unknown] = tensors.keys();
  if (unknown !== undefined) throw wrongTask(`the tensor ${unknown} does not belong to it`);
  const reading = { refinement, threshold, calibration, heldOutDice: metadata.leaveOneOut };
  return { metadata, model: { projection, parameters, ...reading } };
}

/** @param shape null: any length from 1 */
function checkTensor(
  name: string,
  { shape: found, data }: WeightTensor,
  shape: readonly (number | null)[],
): void {
  const isShape =
    found.length === shape.length &&
    found.every((size, i) => (shape[i] === null ? size > 0 : size === shape[i]));
  if (!isShape) throw wrongTask(`${name} has the shape [${found}]`);
  if (!data.every(Number.isFinite)) throw wrongTask(`${name} holds a value that is not a number`);
}
