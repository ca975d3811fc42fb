/** SAM's prompt encoder and mask decoder as they were exported, on ONNX Runtime. */
import onnxProto from 'onnx-proto';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Weights } from '../../engine/src/sam/weights';
import { decoderWeights, samOnnx } from './realModel';

const { onnx } = onnxProto;
const MASK_PIXELS = 256 * 256;
const IOU_HEAD = 'mask_decoder.iou_prediction_head.';

/** SAM's labels of a point: 1 foreground, 0 background, -1 padding, 2 and 3 corners of a box. */
export interface LabeledPoint {
  x: number;
  y: number;
  label: -1 | 0 | 1 | 2 | 3;
}

export interface OriginalAnswer {
  /** [256, 256] of each of the four masks. */
  masks: Float32Array[];
  /** Estimated IoU of each of the four masks. */
  iou: Float32Array;
  /** [256, 256], the mask that the export itself chooses. */
  chosen: Float32Array;
}

/**
 * The export gives out the mask of its choice alone. The product of hyper-networks and upscaled
 * image, and the result of the IoU head, are made outputs too.
 */
export async function runOriginalDecoder(
  embedding: Float32Array,
  points: readonly LabeledPoint[],
): Promise<OriginalAnswer> {
  const model = onnx.ModelProto.decode(await samOnnx());
  const nodes = model.graph!.node!;
  const masks = nodes.filter(({ opType }) => opType === 'MatMul').at(-1)!.output![0];
  const iou = nodes.filter(({ opType }) => opType === 'Gemm').at(-1)!.output![0];
  const type = { tensorType: { elemType: onnx.TensorProto.DataType.FLOAT } };
  model.graph!.output!.push({ name: masks, type }, { name: iou, type });
  const session = await InferenceSession.create(onnx.ModelProto.encode(model).finish(), {
    logSeverityLevel: 3,
  });
  const tensor = (values: Iterable<number>, ...dims: number[]) =>
    new Tensor('float32', Float32Array.from(values), dims);
  const outputs = await session.run(
    {
      image_embeddings: tensor(embedding, 1, 256, 64, 64),
      point_coords: tensor(
        points.flatMap(({ x, y }) => [x, y]),
        1,
        points.length,
        2,
      ),
      point_labels: tensor(
        points.map(({ label }) => label),
        1,
        points.length,
      ),
      mask_input: tensor(new Float32Array(MASK_PIXELS), 1, 1, 256, 256),
      has_mask_input: tensor([0], 1),
      orig_im_size: tensor([256, 256], 2),
    },
    [masks, iou, 'low_res_masks'],
  );
  const values = (name: string) => (outputs[name].data as Float32Array).slice();
  const all = values(masks);
  const answer = {
    masks: [0, 1, 2, 3].map(mask => all.slice(mask * MASK_PIXELS, (mask + 1) * MASK_PIXELS)),
    iou: values(iou),
    chosen: values('low_res_masks'),
  };
  await session.release();
  return answer;
}

/** SAM's weights together with those of its IoU head. */
export async function weightsWithIouHead(): Promise<Weights> {
  const weights: Weights = new Map(await decoderWeights());
  for (const { name, dims, rawData } of onnx.ModelProto.decode(await samOnnx()).graph!
    .initializer!) {
    if (!name?.startsWith(IOU_HEAD)) continue;
    const data = new Float32Array(new Uint8Array(rawData!).buffer);
    weights.set(name, { shape: dims!.map(Number), data });
  }
  return weights;
}
