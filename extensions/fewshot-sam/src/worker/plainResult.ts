import {
  type FewshotResult,
  mapInto,
  type PropagatedSlice,
  trimmed,
  type Trimmed,
  untrimmed,
} from 'fewshot-sam';

/** A segmented slice of a run that is not finished. */
export type SliceSoFar = Omit<PropagatedSlice, 'probability'>;

/** A slice as it is sent from the worker to the page, without functions. */
export interface PlainSlice extends SliceSoFar {
  /** In 255ths. */
  probability: Trimmed<Uint8Array>;
}

type Continuation = NonNullable<FewshotResult['continuation']>;

export interface PlainResult extends Omit<FewshotResult, 'slices'> {
  slices: PlainSlice[];
}

const HIGHEST = 255;

export function plainSlice({ probability, ...slice }: PropagatedSlice): PlainSlice {
  const values = probability();
  // A typed array truncates fractions: add 0.5 to round.
  const bytes = mapInto(values, new Uint8Array(values.length), p => p * HIGHEST + 0.5);
  return { ...slice, probability: trimmed(bytes) };
}

export function fromPlainSlice({ probability, ...slice }: PlainSlice): PropagatedSlice {
  return {
    ...slice,
    probability: () =>
      untrimmed(probability, new Float32Array(slice.mask.length), p => p / HIGHEST),
  };
}

/** Copies slices of a run that is not finished: the run still needs the originals. */
export function slicesSoFar(slices: readonly PropagatedSlice[]): SliceSoFar[] {
  return slices.map(({ index, mask, confidence, extrapolated, blank }) => ({
    index,
    mask: mask.slice(),
    ...(confidence !== undefined && { confidence }),
    ...(extrapolated && { extrapolated }),
    ...(blank && { blank }),
  }));
}

/** @param result is emptied slice by slice, because both forms of a long study need too much memory */
export function plainResult({ continuation, slices, ...result }: FewshotResult): PlainResult {
  const plain: PlainSlice[] = [];
  for (let slice = slices.shift(); slice; slice = slices.shift()) plain.push(plainSlice(slice));
  return {
    ...result,
    slices: plain,
    ...(continuation && { continuation: compact(continuation) }),
  };
}

/** Copies weights: a view of a larger buffer would send all of it. */
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

/** Buffers to transfer instead of copying. */
export function buffersOf(slices: readonly (SliceSoFar | PlainSlice)[]): ArrayBuffer[] {
  return slices.flatMap(slice => {
    const probability = 'probability' in slice ? [slice.probability.values] : [];
    return [slice.mask, ...probability].map(({ buffer }) => buffer as ArrayBuffer);
  });
}
