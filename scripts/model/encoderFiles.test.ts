/** @jest-environment ./engine/src/sam/jestEnvironmentOnnx.mjs */
import onnxProto from 'onnx-proto';
import { parseSafetensors, parseSafetensorsHeader } from '../../engine/src/sam/safetensors';
import { encoderOnnx } from '../../test/parity/realModel';
import { encoderFiles, type EncoderFiles } from './encoderFiles';
import { windowOffsets } from './encoderTensors';

const { onnx } = onnxProto;

describe('the encoder as weights and graph', () => {
  let files: EncoderFiles;
  let original: onnxProto.onnx.IGraphProto;
  beforeAll(async () => {
    const bytes = await encoderOnnx();
    original = onnx.ModelProto.decode(bytes).graph!;
    files = encoderFiles(bytes);
  });

  it('gives every tensor TinyViT’s name and the layout of PyTorch', () => {
    const { tensors } = parseSafetensorsHeader(files.weights);
    const shapes = Object.fromEntries([...tensors].map(([name, { shape }]) => [name, shape]));
    expect(tensors.size).toBe(190);
    expect(shapes).toMatchObject({
      'image_encoder.patch_embed.seq.0.c.weight': [32, 3, 3, 3],
      'image_encoder.layers.0.blocks.1.conv2.c.weight': [256, 1, 3, 3],
      'image_encoder.layers.0.downsample.conv3.c.bias': [128],
      'image_encoder.layers.1.blocks.0.attn.qkv.weight': [384, 128],
      'image_encoder.layers.1.blocks.0.attn.attention_biases': [4, 49],
      'image_encoder.layers.2.blocks.5.attn.attention_biases': [5, 196],
      'image_encoder.layers.2.blocks.5.local_conv.c.weight': [160, 1, 3, 3],
      'image_encoder.layers.3.blocks.1.mlp.fc2.weight': [320, 1280],
      'image_encoder.neck.1.weight': [256],
      'image_encoder.neck.2.weight': [256, 256, 3, 3],
    });
    expect([...tensors.values()].every(({ precision }) => precision === 'F16')).toBe(true);
  });

  it('turns linear weights, and rounds each value to the nearest', () => {
    const { weights } = parseSafetensors(files.weights);
    const { data } = weights.get('image_encoder.layers.1.blocks.0.attn.qkv.weight')!;
    const { rawData } = original.initializer!.find(({ name }) => name === 'onnx::MatMul_2385')!;
    const published = new Float32Array(new Uint8Array(rawData!).buffer);
    for (const [input, output] of [
      [0, 0],
      [5, 300],
      [127, 383],
    ]) {
      const value = published[input * 384 + output];
      expect(Math.abs(data[output * 128 + input] - value)).toBeLessThanOrEqual(
        Math.abs(value) / 2 ** 11,
      );
    }
  });

  it('leaves nothing in the graph but where the weights are', () => {
    const { graph } = onnx.ModelProto.decode(files.graph);
    const { tensors } = parseSafetensorsHeader(files.weights);
    const external = graph!.initializer!.filter(({ externalData }) => externalData?.length);
    expect(external.length).toBe(tensors.size);
    for (const { name, externalData, rawData } of external) {
      const { start, length } = tensors.get(name!)!;
      expect(rawData?.length ?? 0).toBe(0);
      expect(externalData!.map(({ key, value }) => [key, value])).toEqual([
        ['location', 'encoder.safetensors'],
        ['offset', String(start)],
        ['length', String(length)],
      ]);
    }
    expect(files.graph.length).toBeLessThan(400_000);
    expect(files.weights.length).toBeLessThan(11_600_000);
  });

  it('keeps what is no weight in full precision', () => {
    const constants = (nodes: onnxProto.onnx.INodeProto[]) =>
      nodes.flatMap(({ opType, attribute }) => {
        const tensor = attribute?.[0]?.t;
        const isSmall = opType === 'Constant' && (tensor?.rawData?.length ?? 0) <= 64;
        return isSmall ? [Buffer.from(tensor!.rawData!).toString('hex')] : [];
      });
    const { graph } = onnx.ModelProto.decode(files.graph);
    const kept = constants(graph!.node!);
    expect(kept).toEqual(constants(original.node!));
    expect(kept.length).toBeGreaterThan(500);
  });

  it('is the same for the same bytes', async () => {
    const again = encoderFiles(await encoderOnnx());
    expect(Buffer.compare(again.graph, files.graph)).toBe(0);
    expect(Buffer.compare(again.weights, files.weights)).toBe(0);
  });

  it('refuses an export with a tensor that has no place in TinyViT', async () => {
    const model = onnx.ModelProto.decode(await encoderOnnx());
    model.graph!.initializer!.push({ ...model.graph!.initializer![0], name: 'an adapter' });
    const bytes = onnx.ModelProto.encode(model).finish();
    expect(() => encoderFiles(bytes)).toThrow('Nothing uses an adapter.');
  });
});

describe('windowOffsets', () => {
  it('numbers distances row by row', () => {
    // Tokens of a window of 2 x 2: 0 1 / 2 3. To the right is 1, below 2, both 3.
    expect([...windowOffsets(2)]).toEqual([0, 1, 2, 3, 1, 0, 3, 2, 2, 3, 0, 1, 3, 2, 1, 0]);
  });
});
