import type { TaskMetadata } from '../finetune/task';
import { encodeTaskTensors, readTaskTensors } from '../finetune/taskFile';
import { testValues } from '../numeric/comparison';
import { HEAD_SHAPE } from './fitHead';
import { headLayers } from './headProgram';
import { encodeHeadTask, parseHeadTask, type HeadTask } from './task';

const metadata: TaskMetadata = {
  version: 1,
  name: 'Parotid',
  modality: 'CT',
  model: { id: 'mobile-sam', sha256: 'ab' },
  method: 'head',
  axis: 'axial',
  window: { kind: 'clip', low: -160, high: 240 },
  spacingMm: [1, 1],
  fieldOfViewMm: 320,
  offsetMm: [0, 0],
  shots: 5,
  studies: 5,
  iterations: 120,
  seed: 0,
  leaveOneOut: 0.5,
};

const { length } = headLayers(HEAD_SHAPE);
const task: HeadTask = {
  metadata,
  model: {
    projection: {
      mean: testValues(256, 1),
      axes: testValues(64 * 256, 2),
      deviations: new Float32Array(64).fill(2),
      channels: 256,
      dimensions: 64,
    },
    parameters: [testValues(length, 3), testValues(length, 4)],
    refinement: { knots: [0, 0.5, 1], offsets: [-1, 0, 0.5], gains: [1, 0.75, 1.5] },
    threshold: 0.375,
    calibration: -0.25,
    heldOutDice: 0.5,
  },
};

describe('the file of a task of heads', () => {
  it('holds all that finding the structure takes', () => {
    const file = encodeHeadTask(task);
    expect(parseHeadTask(file)).toEqual(task);
    expect(encodeHeadTask(parseHeadTask(file))).toEqual(file);
    const plain = { ...task, model: { ...task.model, refinement: null } };
    expect(parseHeadTask(encodeHeadTask(plain))).toEqual(plain);
    // Three heads of 18,000 weights and a projection of 16,000.
    expect(file.length).toBeLessThan(400_000);
  });

  it.each([
    ['a head cut off', 'parameters.1', [length - 4], /parameters.1 has the shape/],
    ['a spread of nothing', 'deviations', [64], /deviations holds a value that is not positive/],
    ['a threshold that nothing passes', 'threshold', [1], /its threshold is 0/],
    ['gray values out of order', 'knots', [3], /no ascending gray values/],
    ['a stranger', 'layers', [1], /head.layers does not belong to it/],
  ])('refuses %s', (_, name, shape, message) => {
    const { tensors } = readTaskTensors(encodeHeadTask(task));
    const data = new Float32Array(shape[0]);
    tensors.set(`fewshot.head.${name}`, { shape, data });
    expect(() => parseHeadTask(encodeTaskTensors(metadata, tensors))).toThrow(message);
  });

  it('refuses a value that is not a number, and a missing part', () => {
    const { tensors } = readTaskTensors(encodeHeadTask(task));
    tensors.delete('fewshot.head.axes');
    expect(() => parseHeadTask(encodeTaskTensors(metadata, tensors))).toThrow(/axes is missing/);
    const holed = { ...task, model: { ...task.model, calibration: NaN } };
    expect(() => parseHeadTask(encodeHeadTask(holed))).toThrow(/not a number/);
  });
});
