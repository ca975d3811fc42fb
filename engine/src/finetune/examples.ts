import { FewshotError } from '../platform/errors';
import { encodeSafetensors, parseSafetensors, type SafetensorsFile } from '../sam/safetensors';
import type { Weights } from '../sam/weights';
import type { Shot } from './decoderEngine';
import type { TaskView } from './taskView';

/** A training example of a task: a labeled slice or an augmented copy of one. */
export interface Example extends Shot {
  /** Index of the slice among the labeled slices of all studies, from 0. */
  slice: number;
  /** 0 for the slice itself, 1 and up for its augmented copies. */
  copy: number;
}

/** Everything a task was trained on, so that it can be trained again with more slices. */
export interface Examples {
  /** Number of studies they come from. */
  studies: number;
  /** Field of view of the examples; later slices use the same one. */
  view: TaskView;
  items: Example[];
}

/** The file contains only embeddings and masks: no intensities, no identity. */
const KIND = 'fewshot-sam examples';
const PARTS = ['embedding', 'coverage', 'valid'] as const;

/** Writes examples in half precision: 2.3 MB each. */
export function encodeExamples({ studies, view, items }: Examples): Uint8Array {
  const tensors: Weights = new Map();
  items.forEach((item, i) => {
    for (const part of PARTS) {
      tensors.set(`${i}.${part}`, { shape: [item[part].length], data: item[part] });
    }
  });
  const { fieldOfViewMm, offsetMm, tiled } = view;
  const description = {
    studies,
    view: { fieldOfViewMm, offsetMm, tiled },
    items: items.map(({ slice, copy }) => ({ slice, copy })),
  };
  return encodeSafetensors(tensors, { kind: KIND, examples: JSON.stringify(description) }, 'F16');
}

/**
 * Reads what `encodeExamples` wrote.
 *
 * @throws FewshotError `bad-input` when it is cut off or something else
 */
export function parseExamples(bytes: Uint8Array): Examples {
  try {
    const { weights, metadata }: SafetensorsFile = parseSafetensors(bytes);
    if (metadata.kind !== KIND) throw new Error('the file is of another kind');
    const { studies, view, items } = JSON.parse(metadata.examples) as Omit<Examples, 'items'> & {
      items: Pick<Example, 'slice' | 'copy'>[];
    };
    const read = items.map(({ slice, copy }, i): Example => {
      const [embedding, coverage, valid] = PARTS.map(part => {
        const tensor = weights.get(`${i}.${part}`);
        if (!tensor) throw new Error(`the tensor ${i}.${part} is missing`);
        return tensor.data;
      });
      return { slice, copy, embedding, coverage, valid };
    });
    return { studies, view, items: read };
  } catch (cause) {
    throw new FewshotError(
      'bad-input',
      `The slices saved with the task cannot be read (${(cause as Error).message}).`,
      'Apply the task as it is, or learn it again.',
      { cause },
    );
  }
}

/** Returns the number of labeled slices, not counting copies, and each once, however many parts it has. */
export function sliceCount({ items }: { items: readonly Pick<Example, 'slice'>[] }): number {
  return new Set(items.map(({ slice }) => slice)).size;
}
