/** @jest-environment ./engine/src/sam/jestEnvironmentOnnx.mjs */
/** Task files with the shapes of the real decoder. */
import { decoderWeights } from '../../../test/parity/realModel';
import { encodeSafetensors, parseSafetensors } from '../sam/safetensors';
import type { Weights } from '../sam/weights';
import { startWeights } from './startWeights';
import type { Task, TaskMetadata } from './task';
import { encodeTask, parseTask, renameTask } from './taskFile';

const metadata: TaskMetadata = {
  version: 1,
  name: 'Aorta',
  terms: {
    category: { value: '91723000', scheme: 'SCT', meaning: 'Anatomical Structure' },
    type: { value: '15825003', scheme: 'SCT', meaning: 'Aorta' },
  },
  modality: 'CT',
  model: { id: 'mobile-sam', sha256: '18348d14' },
  method: 'paper',
  axis: 'axial',
  window: { kind: 'clip', low: -160, high: 240 },
  spacingMm: [3, 3],
  fieldOfViewMm: 183,
  offsetMm: [-1.5, 15],
  shots: 5,
  studies: 2,
  iterations: 60,
  seed: 0,
  leaveOneOut: null,
};
const LIN1 = 'mask_decoder.transformer.layers.0.mlp.lin1.bias';

describe('task file', () => {
  let sam: Weights;
  let task: Task;
  let bytes: Uint8Array;
  beforeAll(async () => {
    sam = await decoderWeights();
    const weights: Weights = new Map(
      [...startWeights(sam)].filter(
        ([name]) => !/iou|mask_tokens|mlps\.[03]|prompt_encoder\.(?!pe_layer)/.test(name),
      ),
    );
    task = { metadata, weights, targetEmbeddings: new Float32Array(5 * 256).fill(0.25) };
    bytes = encodeTask(task);
  });

  it('round-trips', () => {
    const read = parseTask(bytes, sam);
    expect(read.metadata).toEqual(metadata);
    expect(read.targetEmbeddings).toEqual(task.targetEmbeddings);
    expect([...read.weights.keys()]).toEqual([...task.weights.keys()]);
    expect(read.weights.get(LIN1)).toEqual(task.weights.get(LIN1));
  });

  it('stores the laterality of a structure and the location of a lesion', () => {
    const left = { value: '7771000', scheme: 'SCT', meaning: 'Left' };
    const kidney = { value: '64033007', scheme: 'SCT', meaning: 'Kidney' };
    const terms = { ...metadata.terms!, type: kidney, typeModifier: left };
    const cyst = { ...metadata.terms!, anatomicRegion: kidney, anatomicRegionModifier: left };
    for (const known of [terms, cyst]) {
      const file = encodeTask({ ...task, metadata: { ...metadata, terms: known } });
      expect(parseTask(file, sam).metadata.terms).toEqual(known);
    }
  });

  it('is byte for byte the same for the same task', () => {
    expect(Buffer.compare(bytes, encodeTask(task))).toBe(0);
  });

  it('can be renamed', () => {
    const read = parseTask(renameTask(bytes, 'Aorta, venous'), sam);
    expect(read).toEqual({ ...task, metadata: { ...metadata, name: 'Aorta, venous' } });
    expect(() => renameTask(bytes, ' ')).toThrow('its name is " "');
  });

  it('drops unknown fields, so that no patient name is stored by mistake', () => {
    const terms = { ...metadata.terms!, patientName: 'Doe' };
    for (const change of [{ patientName: 'Doe' }, { terms }]) {
      const named = { ...metadata, ...change } as TaskMetadata;
      const file = encodeTask({ ...task, metadata: named });
      expect(Buffer.from(file).includes('Doe')).toBe(false);
    }
  });

  const refuse = (file: Uint8Array, message: string) => {
    expect(() => parseTask(file, sam)).toThrow(
      expect.objectContaining({ code: 'bad-input', message: expect.stringContaining(message) }),
    );
  };

  it('is rejected when truncated, empty, or another kind of file', () => {
    refuse(bytes.subarray(0, bytes.length - 1), 'is cut off');
    refuse(bytes.subarray(0, 100), 'its header is cut off');
    refuse(new Uint8Array(0), 'it has only 0 bytes');
    refuse(new TextEncoder().encode('PK\x03\x04 an archive of something else'), 'cut off');
    refuse(encodeSafetensors(sam), 'it is not a task of fewshot-sam');
  });

  it('is rejected when written by another version', () => {
    const later = { ...metadata, version: 2 } as unknown as TaskMetadata;
    refuse(
      rewritten({ task: JSON.stringify(later) }),
      'of version 2; this program reads version 1',
    );
  });

  it.each<[keyof TaskMetadata, unknown, string]>([
    ['name', ' ', 'its name is " "'],
    ['model', { id: 'mobile-sam' }, 'its model is'],
    ['method', 'magic', 'its method is "magic"'],
    ['axis', 'oblique', 'its axis is "oblique"'],
    ['window', { kind: 'clip', low: 5, high: 5 }, 'its window is'],
    ['spacingMm', [0, 1], 'its spacingMm is [0,1]'],
    ['fieldOfViewMm', -3, 'its fieldOfViewMm is -3'],
    ['encoderSize', 500, 'its encoderSize is 500'],
    ['fieldOfViewMm', 20000, 'its fieldOfViewMm is 20000'],
    ['offsetMm', [1], 'its offsetMm is [1]'],
    ['shots', 0, 'its shots is 0'],
    ['studies', 0, 'its studies is 0'],
    ['modality', 'Doe^Jane', 'its modality is "Doe^Jane"'],
    ['iterations', 1.5, 'its iterations is 1.5'],
    ['seed', undefined, 'its seed is missing'],
    ['leaveOneOut', 2, 'its leaveOneOut is 2'],
    ['terms', { category: metadata.terms?.category }, 'its terms is'],
    ['terms', { ...metadata.terms, typeModifier: 'left' }, 'its terms is'],
  ])('is rejected when its %s is %j', (field, value, message) => {
    refuse(rewritten({ task: JSON.stringify({ ...metadata, [field]: value }) }), message);
  });

  it('is rejected when its description is not JSON', () => {
    refuse(rewritten({ task: '{' }), 'its description is not JSON');
  });

  it.each<[string, (tensors: Weights) => void, string]>([
    ['a tensor is missing', tensors => tensors.delete(LIN1), `the tensor ${LIN1} is missing`],
    [
      'a tensor has another shape',
      tensors => tensors.set(LIN1, { shape: [2], data: new Float32Array(2) }),
      `${LIN1} has the shape [2], the model's is [2048]`,
    ],
    [
      'a tensor does not belong to it',
      tensors => tensors.set('extra', { shape: [1], data: new Float32Array(1) }),
      'the tensor extra does not belong to it',
    ],
    [
      'a weight is not a number',
      tensors => tensors.set(LIN1, { shape: [2048], data: new Float32Array(2048).fill(NaN) }),
      `${LIN1} holds a value that is not a number`,
    ],
    [
      'there are no prompts',
      tensors => tensors.delete('fewshot.target_embeddings'),
      'it holds no target embeddings of 256 values',
    ],
  ])('is rejected when %s', (_, damage, message) => {
    const { weights } = parseSafetensors(bytes);
    damage(weights);
    refuse(rewritten({}, weights), message);
  });

  /** The file with another description or other tensors. */
  function rewritten(change: Record<string, string>, weights?: Weights): Uint8Array {
    const file = parseSafetensors(bytes);
    return encodeSafetensors(weights ?? file.weights, { ...file.metadata, ...change });
  }
});
