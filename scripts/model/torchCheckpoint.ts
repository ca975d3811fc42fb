import { unzipSync } from 'fflate';
import { Parser } from 'pickleparser';
import type { Weights, WeightTensor } from '../../engine/src/sam/weights';

/** What `torch.save` writes for the bytes of a tensor. */
interface Storage {
  type: string;
  key: string;
}

/**
 * Reads the float32 tensors of a PyTorch state dict; other tensors, such as the batch counters of batch norms,
 * are left out. Nothing in the file is executed: a name that a state dict does not need is refused.
 *
 * Source: PyTorch, torch/serialization.py (zip format) and torch/_utils.py (`_rebuild_tensor_v2`).
 *
 * @param file bytes of a `.pth` as `torch.save` writes since version 1.6
 * @throws Error when the file holds anything else
 */
export function readTorchCheckpoint(file: Uint8Array): Weights {
  const entries = unzipSync(file);
  const pickle = Object.keys(entries).find(name => /^[^/]+\/data\.pkl$/.test(name));
  if (!pickle) throw new Error('The checkpoint has no data.pkl.');
  const folder = pickle.slice(0, pickle.indexOf('/'));

  const rebuildTensor = (
    { type, key }: Storage,
    offset: number,
    shape: number[],
    strides: number[],
  ): WeightTensor | null => {
    if (type !== 'FloatStorage') return null;
    const bytes = entries[`${folder}/data/${key}`];
    const count = shape.reduce((product, side) => product * side, 1);
    if (!bytes || bytes.length < 4 * (offset + count) || !isContiguous(shape, strides)) {
      throw new Error(`The checkpoint's tensor ${key} is cut off or not contiguous.`);
    }
    // The copy is aligned, as Float32Array demands.
    const data = new Float32Array(bytes.slice(4 * offset, 4 * (offset + count)).buffer);
    return { shape, data };
  };
  const storageType = (type: string) => () => type;
  const known: Record<string, () => unknown> = {
    'collections.OrderedDict': () => ({}),
    'torch._utils._rebuild_tensor_v2': rebuildTensor as () => unknown,
    'torch.FloatStorage': storageType('FloatStorage'),
    'torch.LongStorage': storageType('LongStorage'),
  };
  const parser = new Parser({
    nameResolver: {
      resolve(module, name) {
        const found = known[`${module}.${name}`];
        if (!found) throw new Error(`The checkpoint refers to ${module}.${name}.`);
        return found;
      },
    },
    persistentResolver: {
      // ('storage', storage type, key, device, number of values)
      resolve: (id: unknown): Storage => {
        const [, type, key] = id as [string, () => string, string];
        return { type: type(), key };
      },
    },
  });
  const state = parser.parse<Record<string, WeightTensor | null>>(entries[pickle]);
  return new Map(
    Object.entries(state).filter((entry): entry is [string, WeightTensor] => !!entry[1]?.data),
  );
}

function isContiguous(shape: number[], strides: number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] > 1 && strides[axis] !== expected) return false;
    expected *= shape[axis];
  }
  return true;
}
