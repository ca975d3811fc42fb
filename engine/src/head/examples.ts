import { FewshotError } from '../platform/errors';
import { encodeSafetensors, parseSafetensors } from '../sam/safetensors';
import type { Weights } from '../sam/weights';
import type { TaskView } from '../finetune/taskView';
import type { LabeledView } from './labeledViews';

/** A labeled slice, or a changed copy of one, as heads were trained on it. */
export interface HeadExample extends LabeledView {
  /** Counts the studies, from 0. */
  study: number;
  /** Counts the labeled slices of all studies, from 0. */
  slice: number;
  /** 0 for the slice itself, from 1 on its changed copies. */
  copy: number;
}

/** All that heads were trained on, so that they can be trained again together with other slices. */
export interface HeadExamples {
  /** Slices to come are seen the same way. */
  view: TaskView;
  items: HeadExample[];
}

const KIND = 'fewshot-sam head examples';
const PARTS = ['embedding', 'gray', 'coverage'] as const;

/** Writes examples in half precision: 0.8 MB each. */
export function encodeHeadExamples({ view, items }: HeadExamples): Uint8Array {
  const tensors: Weights = new Map();
  items.forEach((item, i) => {
    for (const part of PARTS) {
      tensors.set(`${i}.${part}`, { shape: [item[part].length], data: item[part] });
    }
  });
  const { fieldOfViewMm, offsetMm, tiled } = view;
  const description = {
    view: { fieldOfViewMm, offsetMm, tiled },
    items: items.map(({ study, slice, copy }) => ({ study, slice, copy })),
  };
  return encodeSafetensors(tensors, { kind: KIND, examples: JSON.stringify(description) }, 'F16');
}

/**
 * Reads what `encodeHeadExamples` wrote.
 *
 * @throws FewshotError `bad-input` when it is cut off or something else
 */
export function parseHeadExamples(bytes: Uint8Array): HeadExamples {
  try {
    const { weights, metadata } = parseSafetensors(bytes);
    if (metadata.kind !== KIND) throw new Error('they are of another kind');
    const { view, items } = JSON.parse(metadata.examples) as {
      view: TaskView;
      items: Pick<HeadExample, 'study' | 'slice' | 'copy'>[];
    };
    const read = items.map((item, i): HeadExample => {
      const [embedding, gray, coverage] = PARTS.map(part => {
        const tensor = weights.get(`${i}.${part}`);
        if (!tensor) throw new Error(`the tensor ${i}.${part} is missing`);
        return tensor.data;
      });
      return { ...item, embedding, gray, coverage };
    });
    return { view, items: read };
  } catch (cause) {
    throw new FewshotError(
      'bad-input',
      `The slices that were kept with the task cannot be read (${(cause as Error).message}).`,
      'Apply the task as it is, or learn it again.',
      { cause },
    );
  }
}
