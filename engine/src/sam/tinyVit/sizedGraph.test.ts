import onnxProto from 'onnx-proto';
import { encoderFiles } from '../../../../scripts/model/encoderFiles';
import { encoderOnnx } from '../../../../test/parity/realModel';
import { sizedGraph } from './sizedGraph';

describe('sizedGraph', () => {
  let graph: Uint8Array;
  beforeAll(async () => {
    graph = encoderFiles(await encoderOnnx()).graph;
  });

  const shapeOf = (bytes: Uint8Array, which: 'input' | 'output') =>
    onnxProto.onnx.ModelProto.decode(bytes).graph![which]![0].type!.tensorType!.shape!.dim!.map(
      ({ dimValue }) => Number(dimValue),
    );

  it('gives the graph itself for the size that it has', () => {
    expect(Buffer.compare(sizedGraph(graph, 1024)!, graph)).toBe(0);
  });

  it('has the sides of the new size, and leaves the graph as it was', () => {
    const before = new Uint8Array(graph);
    const small = sizedGraph(graph, 672)!;
    expect(shapeOf(small, 'input').slice(1)).toEqual([3, 672, 672]);
    expect(shapeOf(small, 'output').slice(1)).toEqual([256, 42, 42]);
    expect(small.length).toBe(graph.length);
    expect(Buffer.compare(graph, before)).toBe(0);
  });

  it('does not change what it does not know', () => {
    const model = onnxProto.onnx.ModelProto.decode(graph);
    model.graph!.node = model.graph!.node!.filter(({ output }) => !/blocks\.3/.test(output![0]));
    expect(sizedGraph(onnxProto.onnx.ModelProto.encode(model).finish(), 512)).toBeNull();
    expect(sizedGraph(new TextEncoder().encode('this is no graph'), 512)).toBeNull();
    expect(sizedGraph(new Uint8Array(), 512)).toBeNull();
  });
});
