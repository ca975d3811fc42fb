import type { FewshotResult, PropagatedSlice } from 'fewshot-sam';
import { mapInto } from 'fewshot-sam/numeric/mapInto';

/** A slice as it goes from the worker to the page: functions stay behind. */
export interface PlainSlice extends Omit<PropagatedSlice, 'probability'> {
  /** In 255ths. */
  probability: Uint8Array;
}

type Continuation = NonNullable<FewshotResult['continuation']>;

export interface PlainResult extends Omit<FewshotResult, 'slices'> {
  slices: PlainSlice[];
}

const HIGHEST = 255;

export function plainSlice({ probability, ...slice }: PropagatedSlice): PlainSlice {
  const values = probability();
  // A typed array cuts fractions off.
  const plain = mapInto(values, new Uint8Array(values.length), p => p * HIGHEST + 0.5);
  return { ...slice, probability: plain };
}

export function fromPlainSlice({ probability, ...slice }: PlainSlice): PropagatedSlice {
  return {
    ...slice,
    probability: () => mapInto(probability, new Float32Array(probability.length), p => p / HIGHEST),
  };
}

/** Slices of a run that goes on: copies, because the run still needs what they hold. */
export function copiedSlices(slices: readonly PropagatedSlice[]): PlainSlice[] {
  return slices.map(slice => plainSlice({ ...slice, mask: slice.mask.slice() }));
}

export function plainResult({ continuation, ...result }: FewshotResult): PlainResult {
  return {
    ...result,
    slices: result.slices.map(plainSlice),
    ...(continuation && { continuation: compact(continuation) }),
  };
}

/** Weights that are a view of a larger memory would take all of it along. */
function compact({ weights, ...rest }: Continuation): Continuation {
  if (!weights) return rest;
  const copies = [...weights].map(
    ([name, { shape, data }]) => [name, { shape, data: data.slice() }] as const,
  );
  return { ...rest, weights: new Map(copies) };
}

export function fromPlainResult(result: PlainResult): FewshotResult {
  return { ...result, slices: result.slices.map(fromPlainSlice) };
}

/** Memory that can change hands instead of being copied. */
export function buffersOf(slices: readonly PlainSlice[]): ArrayBuffer[] {
  return slices.flatMap(({ mask, probability }) => [
    mask.buffer as ArrayBuffer,
    probability.buffer as ArrayBuffer,
  ]);
}
