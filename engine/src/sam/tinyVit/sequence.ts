import type { KernelCall } from '../../program/wasm/kernelModule';
import { GELU, TRANSPOSE_B } from '../../program/wasm/matmulFlags';
import { MemoryPlan } from '../../program/wasm/memoryPlan';
import { samWeight, type Weights } from '../weights';
import { TINY_VIT, windowBiases, windowPlaces, windowTokens, type Stage } from './structure';

/** The encoder for one input size as kernel calls, one after the other. */
export interface EncoderSequence {
  calls: readonly KernelCall[];
  /** Address of [3, size, size]. */
  input: number;
  /** Address of [256, size / 16, size / 16]. */
  output: number;
}

/** The encoder for several input sizes, which share memory: only one runs at a time. */
export interface EncoderSequences {
  /** By input size. */
  bySize: ReadonlyMap<number, EncoderSequence>;
  bytes: number;
  /** Initial content of the memory. */
  constants: readonly Constant[];
}

interface Constant {
  address: number;
  values: Float32Array | Int32Array;
}

const PREFIX = 'image_encoder.';

/**
 * Translates the encoder into kernel calls.
 *
 * @param weights of encoder.safetensors
 * @param start first usable address
 * @param sizes sides of the square input, multiples of 16
 * @throws FewshotError `model-altered` when a tensor is missing
 */
export function encoderSequences(
  weights: Weights,
  start: number,
  sizes: readonly number[],
): EncoderSequences {
  const writer = new EncoderWriter(weights, start);
  // Largest first: the others reuse its memory.
  const descending = [...sizes].sort((a, b) => b - a);
  const bySize = new Map(descending.map(size => [size, writer.write(size)]));
  return { bySize, bytes: writer.bytes, constants: writer.constants };
}

/**
 * Pixels lie row by row, the channels of each side by side.
 *
 * Source: MobileSAM, modeling/tiny_vit_sam.py; batch norms are merged into the convolutions.
 */
class EncoderWriter {
  private readonly plan: MemoryPlan;
  private readonly known = new Map<string, Constant>();
  private calls: KernelCall[] = [];

  constructor(
    private readonly weights: Weights,
    start: number,
  ) {
    this.plan = new MemoryPlan(start);
  }

  get bytes(): number {
    return this.plan.bytes;
  }

  get constants(): Constant[] {
    return [...this.known.values()];
  }

  write(size: number): EncoderSequence {
    this.calls = [];
    const input = this.plan.allocate(3 * size * size);
    let side = size / 4;
    let x = this.patchEmbedding(input, size);
    for (let block = 0; block < TINY_VIT.mobileBlocks; block++) {
      x = this.mobileBlock(`layers.0.blocks.${block}`, x, side);
    }
    let channels: number = TINY_VIT.patchEmbedding[1];
    TINY_VIT.stages.forEach((stage, index) => {
      x = this.patchMerging(`layers.${index}.downsample`, x, side, channels, stage);
      side /= stage.mergeStride;
      channels = stage.channels;
      const windows = this.windows(side, stage.window);
      for (let block = 0; block < stage.blocks; block++) {
        x = this.transformerBlock(`layers.${index + 1}.blocks.${block}`, x, side, stage, windows);
      }
    });
    const output = this.neck(x, side, channels);
    this.plan.releaseAll();
    return { calls: this.calls, input, output };
  }

  private patchEmbedding(input: number, size: number): number {
    const [first, second] = TINY_VIT.patchEmbedding;
    const pixels = this.plan.allocate(3 * size * size);
    this.call('transpose', 3, size * size, input, pixels);
    const half = this.convolution('patch_embed.seq.0.c', pixels, size, 3, first, 2, GELU);
    this.plan.release(pixels);
    const quarter = this.convolution('patch_embed.seq.2.c', half, size / 2, first, second, 2, 0);
    this.plan.release(half);
    return quarter;
  }

  /** Expands channels, convolves depthwise, projects back, and adds the input. Releases `x`. */
  private mobileBlock(name: string, x: number, side: number): number {
    const channels = TINY_VIT.patchEmbedding[1];
    const wide = channels * TINY_VIT.expansion;
    const pixels = side * side;
    const widened = this.linear(`${name}.conv1.c`, x, pixels, channels, wide, GELU);
    const mixed = this.depthwise(`${name}.conv2.c`, widened, side, wide, 1, true);
    this.plan.release(widened);
    const out = this.linear(`${name}.conv3.c`, mixed, pixels, wide, channels, GELU, x);
    this.plan.release(mixed);
    this.plan.release(x);
    return out;
  }

  private patchMerging(
    name: string,
    x: number,
    side: number,
    channels: number,
    { channels: outputs, mergeStride }: Stage,
  ): number {
    const first = this.linear(`${name}.conv1.c`, x, side * side, channels, outputs, GELU);
    this.plan.release(x);
    const merged = this.depthwise(`${name}.conv2.c`, first, side, outputs, mergeStride, true);
    this.plan.release(first);
    const pixels = (side / mergeStride) ** 2;
    const out = this.linear(`${name}.conv3.c`, merged, pixels, outputs, outputs, 0);
    this.plan.release(merged);
    return out;
  }

  private transformerBlock(
    name: string,
    x: number,
    side: number,
    stage: Stage,
    windows: WindowTables,
  ): number {
    const attended = this.attention(`${name}.attn`, x, side, stage, windows);
    this.plan.release(x);
    const { channels } = stage;
    const local = this.depthwise(`${name}.local_conv.c`, attended, side, channels, 1, false);
    this.plan.release(attended);

    const tokens = side * side;
    const wide = channels * TINY_VIT.expansion;
    const normed = this.norm(`${name}.mlp.norm`, local, tokens, channels, TINY_VIT.normEpsilon);
    const hidden = this.linear(`${name}.mlp.fc1`, normed, tokens, channels, wide, GELU);
    this.plan.release(normed);
    const out = this.linear(`${name}.mlp.fc2`, hidden, tokens, wide, channels, 0, local);
    this.plan.release(hidden);
    this.plan.release(local);
    return out;
  }

  private attention(
    name: string,
    x: number,
    side: number,
    { channels, heads, window }: Stage,
    windows: WindowTables,
  ): number {
    const tokens = side * side;
    // One extra token for the border: zero before the norm, so the norm's bias after it.
    const normed = this.plan.allocate((tokens + 1) * channels);
    const border = normed + 4 * tokens * channels;
    const bias = this.weight(`${name}.norm.bias`);
    this.normInto(`${name}.norm`, x, tokens, channels, TINY_VIT.normEpsilon, normed);
    this.call('gatherRows', 1, channels, bias, windows.first, bias, border);
    const mixed = this.linear(`${name}.qkv`, normed, tokens + 1, channels, 3 * channels, 0);
    this.plan.release(normed);

    const inWindows = this.plan.allocate(windows.count * 3 * channels);
    const last = mixed + 4 * tokens * 3 * channels;
    const { count, tokenOf, placeOf } = windows;
    this.call('gatherRows', count, 3 * channels, mixed, tokenOf, last, inWindows);
    this.plan.release(mixed);
    const attended = this.plan.allocate(count * channels);
    const places = window * window;
    const biases = this.weight(`${name}.attention_biases`, compact =>
      windowBiases(compact, heads, window),
    );
    const size = [count / places, places, heads, channels / heads];
    this.call('windowAttention', ...size, inWindows, biases, attended);
    this.plan.release(inWindows);

    const inPlace = this.plan.allocate(tokens * channels);
    this.call('gatherRows', tokens, channels, attended, placeOf, attended, inPlace);
    this.plan.release(attended);
    const out = this.linear(`${name}.proj`, inPlace, tokens, channels, channels, 0, x);
    this.plan.release(inPlace);
    return out;
  }

  /** @returns address of [channels, side, side] */
  private neck(x: number, side: number, channels: number): number {
    const outputs = TINY_VIT.neckChannels;
    const epsilon = TINY_VIT.norm2dEpsilon;
    const pixels = side * side;
    const narrow = this.linear('neck.0', x, pixels, channels, outputs, 0);
    const normed = this.norm('neck.1', narrow, pixels, outputs, epsilon);
    const mixed = this.convolution('neck.2', normed, side, outputs, outputs, 1, 0);
    const last = this.norm('neck.3', mixed, pixels, outputs, epsilon);
    const out = this.plan.allocate(outputs * pixels);
    this.call('transpose', pixels, outputs, last, out);
    return out;
  }

  /** A linear layer or 1 x 1 convolution, plus `addend` if there is one. */
  private linear(
    name: string,
    x: number,
    rows: number,
    inputs: number,
    outputs: number,
    flags: number,
    addend = 0,
  ): number {
    const out = this.plan.allocate(rows * outputs);
    const weight = this.weight(`${name}.weight`);
    const bias = this.weights.has(`${PREFIX}${name}.bias`) ? this.weight(`${name}.bias`) : 0;
    this.call(
      'matmul',
      ...[rows, outputs, inputs],
      ...[x, inputs, weight, inputs],
      ...[bias, addend, out, outputs],
      ...[flags | TRANSPOSE_B, 1],
    );
    return out;
  }

  private convolution(
    name: string,
    x: number,
    side: number,
    inputs: number,
    outputs: number,
    stride: number,
    flags: number,
  ): number {
    const out = this.plan.allocate((side / stride) ** 2 * outputs);
    const weight = this.weight(`${name}.weight`, values => kernelRows(values, outputs, inputs));
    const bias = this.weights.has(`${PREFIX}${name}.bias`) ? this.weight(`${name}.bias`) : 0;
    this.call('convolution', side, side, inputs, stride, outputs, x, weight, bias, out, flags);
    return out;
  }

  private depthwise(
    name: string,
    x: number,
    side: number,
    channels: number,
    stride: number,
    activate: boolean,
  ): number {
    const out = this.plan.allocate((side / stride) ** 2 * channels);
    // Same layout as one input and `channels` outputs.
    const weight = this.weight(`${name}.weight`, values => kernelRows(values, channels, 1));
    const bias = this.weight(`${name}.bias`);
    const size = [side, side, channels, stride];
    this.call('depthwiseConvolution', ...size, x, weight, bias, out, activate ? 1 : 0);
    return out;
  }

  private norm(name: string, x: number, rows: number, channels: number, epsilon: number): number {
    const out = this.plan.allocate(rows * channels);
    this.normInto(name, x, rows, channels, epsilon, out);
    return out;
  }

  private normInto(
    name: string,
    x: number,
    rows: number,
    channels: number,
    epsilon: number,
    out: number,
  ): void {
    const weight = this.weight(`${name}.weight`);
    const bias = this.weight(`${name}.bias`);
    this.call('layerNorm', rows, channels, x, weight, bias, epsilon, 0, 0, out);
  }

  private windows(side: number, window: number): WindowTables {
    const name = `windows of ${window} in ${side}`;
    return {
      count: (Math.ceil(side / window) * window) ** 2,
      tokenOf: this.constant(`${name}: tokens`, () => windowTokens(side, window)),
      placeOf: this.constant(`${name}: places`, () => windowPlaces(side, window)),
      first: this.constant('zero', () => Int32Array.of(0)),
    };
  }

  private call(kernel: string, ...args: number[]): void {
    this.calls.push({ kernel, args });
  }

  /** Returns the address of a model tensor, converted to its kernel's layout. */
  private weight(
    name: string,
    change: (values: Float32Array) => Float32Array = values => values,
  ): number {
    return this.constant(name, () =>
      change(samWeight(this.weights, PREFIX + name, 'image encoder')),
    );
  }

  /** Returns the address of a constant; all input sizes share it. */
  private constant(name: string, make: () => Float32Array | Int32Array): number {
    let constant = this.known.get(name);
    if (!constant) {
      const values = make();
      constant = { address: this.plan.allocateUnused(values.length), values };
      this.known.set(name, constant);
    }
    return constant.address;
  }
}

interface WindowTables {
  /** Number of places in all windows. */
  count: number;
  /** Addresses of int32. */
  tokenOf: number;
  placeOf: number;
  /** Address of one zero. */
  first: number;
}

/** [outputs, inputs, 3, 3] -> [9 * inputs, outputs], rows by line, pixel, input. */
function kernelRows(weight: Float32Array, outputs: number, inputs: number): Float32Array {
  const rows = new Float32Array(weight.length);
  for (let output = 0; output < outputs; output++) {
    for (let input = 0; input < inputs; input++) {
      for (let place = 0; place < 9; place++) {
        rows[(place * inputs + input) * outputs + output] =
          weight[(output * inputs + input) * 9 + place];
      }
    }
  }
  return rows;
}
