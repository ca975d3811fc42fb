import { FewshotError } from '../platform/errors';

/** Begins a file of examples of both kinds. Those of one kind are a safetensors file, which begins otherwise. */
const MAGIC = 'fewshot-sam examples of decoder and heads 1\n';
const LENGTH_BYTES = 8;

/** What a task was learned from, as the decoder and as heads see it: files of `encodeExamples` and `encodeHeadExamples`. */
export interface KeptExamples {
  decoder?: Uint8Array;
  heads?: Uint8Array;
}

/** Joins both files to one. */
export function joinExamples(decoder: Uint8Array, heads: Uint8Array): Uint8Array {
  const magic = new TextEncoder().encode(MAGIC);
  const start = magic.length + LENGTH_BYTES;
  const joined = new Uint8Array(start + decoder.length + heads.length);
  joined.set(magic);
  new DataView(joined.buffer).setBigUint64(magic.length, BigInt(decoder.length), true);
  joined.set(decoder, start);
  joined.set(heads, start + decoder.length);
  return joined;
}

/**
 * Parts what `joinExamples` joined; a file of one kind is returned as it is.
 *
 * @param method of the task, whose kind a single file is
 * @throws FewshotError `bad-input` when the file is cut off
 */
export function partExamples(bytes: Uint8Array, method: 'paper' | 'head'): KeptExamples {
  const magic = new TextEncoder().encode(MAGIC);
  if (!magic.every((byte, i) => bytes[i] === byte)) {
    return method === 'head' ? { heads: bytes } : { decoder: bytes };
  }
  const start = magic.length + LENGTH_BYTES;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end =
    start + (bytes.length < start ? Infinity : Number(view.getBigUint64(magic.length, true)));
  if (end > bytes.length) {
    throw new FewshotError(
      'bad-input',
      'The slices that were kept with the task are cut off.',
      'Apply the task as it is, or learn it again.',
    );
  }
  // Copies, because safetensors need their tensors aligned.
  return { decoder: bytes.slice(start, end), heads: bytes.slice(end) };
}
