import { ProgramBuilder, aligned } from '../program/programBuilder';
import type { Program, Tensor } from '../program/program';
import {
  finishProgram,
  type ProgramTraining,
  type ProgramTrainingSettings,
} from '../program/training';
import { gaussian, seededRandom } from '../numeric/random';

/** Shape of a segmentation head: what it sees of a cell, and how wide it is. */
export interface HeadShape {
  /** Cells per side of the square grid. */
  size: number;
  /** Channels of a cell, a multiple of 4. */
  channels: number;
  /** Channels of the hidden layers, a multiple of 4. */
  width: number;
}

/** Of the 3 x 3 convolutions: each cell sees 7 cells on each side. */
const DILATIONS = [1, 2, 4];

/** Both rows of the logits: foreground and background. */
const CLASSES = 2;

/** The tensors through which a head's program is fed and read. */
export interface HeadProgram {
  program: Program;
  /** [1, length] */
  parameters: Tensor;
  /** [size * size, channels] input */
  features: Tensor;
  /** [2, size * size] output of `forward` */
  logits: Tensor;
  /** Only of a program that trains. */
  training: ProgramTraining | null;
}

/** A weight of the head and where it lies among all parameters. */
interface Layer {
  weight: { offset: number; rows: number; columns: number };
  bias: { offset: number; rows: number; columns: number } | null;
}

/** Layers in order: 1 x 1, three dilated 3 x 3, and the classifier, [classes, width] without a bias. */
export function headLayers({ channels, width }: Omit<HeadShape, 'size'>): {
  layers: Layer[];
  length: number;
} {
  let length = 0;
  const place = (rows: number, columns: number) => {
    const offset = length;
    length = aligned(length + rows * columns);
    return { offset, rows, columns };
  };
  const layers: Layer[] = [channels, ...DILATIONS.map(() => 9 * width)].map(inputs => ({
    weight: place(inputs, width),
    bias: place(1, width),
  }));
  layers.push({ weight: place(CLASSES, width), bias: null });
  return { layers, length };
}

/** Kaiming's normal initialization, as in PyTorch's `kaiming_normal_`, for layers followed by ReLU. */
export function startParameters(shape: Omit<HeadShape, 'size'>, seed: number): Float32Array {
  const { layers, length } = headLayers(shape);
  const parameters = new Float32Array(length);
  const random = seededRandom(seed);
  for (const { weight, bias } of layers) {
    const inputs = bias ? weight.rows : weight.columns;
    const deviation = Math.sqrt((bias ? 2 : 1) / inputs);
    for (let i = 0; i < weight.rows * weight.columns; i++) {
      parameters[weight.offset + i] = deviation * gaussian(random);
    }
  }
  return parameters;
}

/**
 * A small convolutional head on frozen features as a program: 1 x 1, then three dilated 3 x 3
 * convolutions, ReLU after each, then the logits. Sequences: `forward`; with training also `gradient`
 * (adds the gradients of one slice to those that are there) and `update` (Adam).
 */
export function headProgram(
  shape: HeadShape,
  training: ProgramTrainingSettings | null,
): HeadProgram {
  const { size, channels } = shape;
  const cells = size * size;
  const { layers, length } = headLayers(shape);
  const builder = new ProgramBuilder(length);
  const parameter = (place: Layer['weight']): Tensor => ({ storage: builder.parameters, ...place });
  const features = builder.tensor('input', cells, channels);
  let x = features;
  layers.slice(0, -1).forEach(({ weight, bias }, i) => {
    const seen = i === 0 ? x : builder.unfold(x, size, DILATIONS[i - 1]);
    x = builder.matmul(seen, parameter(weight), { bias: parameter(bias!) });
    x = builder.activation('relu', x);
  });
  const logits = builder.matmul(parameter(layers.at(-1)!.weight), x, {
    transposeB: true,
    out: builder.tensor('output', CLASSES, cells),
  });
  return { features, logits, ...finishProgram(builder, logits, training) };
}
