import {
  type FewshotResult,
  mapInto,
  type PropagatedSlice,
  trimmed,
  type Trimmed,
  untrimmed,
} from 'fewshot-sam';

/** A slice while others are still being segmented. */
export type SliceSoFar = Omit<PropagatedSlice, 'probability'>;

/** A slice as it goes from the worker to the page: functions stay behind. */
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
  // A typed array cuts fractions off.
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

/** Slices of a run that goes on: copies, because the run still needs what they hold. */
export function slicesSoFar(slices: readonly PropagatedSlice[]): SliceSoFar[] {
  return slices.map(({ index, mask, confidence, extrapolated, blank }) => ({
    index,
    mask: mask.slice(),
    ...(confidence !== undefined && { confidence }),
    ...(extrapolated && { extrapolated }),
    ...(blank && { blank }),
  }));
}

/** @param result loses its slices one after the other: both forms of a long study would be too much */
export function plainResult({ continuation, slices, ...result }: FewshotResult): PlainResult {
  const plain: PlainSlice[] = [];
  for (let slice = slices.shift(); slice; slice = slices.shift()) plain.push(plainSlice(slice));
  return {
    ...result,
    slices: plain,
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
export function buffersOf(slices: readonly (SliceSoFar | PlainSlice)[]): ArrayBuffer[] {
  return slices.flatMap(slice => {
    const probability = 'probability' in slice ? [slice.probability.values] : [];
    return [slice.mask, ...probability].map(({ buffer }) => buffer as ArrayBuffer);
  });
}
