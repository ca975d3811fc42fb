import {
  FewshotError,
  type Learner,
  linearWeights,
  type Mask,
  type Method,
  neighbors,
  resample,
  type Slice,
} from 'fewshot-sam';
import { checkLabeled } from 'fewshot-sam/compute';
import { outlineMethod } from './outlineMethod';

/** Copies the nearest labeled slice; the lower of two equally near ones. */
export const nearest: Method = outlineMethod('nearest', async outlines => index => {
  const { below, above } = neighbors(index, outlines.keys());
  const isBelow = above === null || (below !== null && index - below <= above - index);
  return outlines.get(isBelow ? below! : above!)!.slice();
});

/** Side of the small copies that are compared. */
const SMALL = 32;

/**
 * Copies the mask of the labeled image that looks most alike, stretched to the image: by the correlation of
 * small copies.
 */
export const nearestImage: Learner = async (studies, { images }) => {
  if (!images) {
    throw new FewshotError(
      'bad-input',
      'The method nearest uses the outlines alone, which say nothing about another study.',
      'Choose a method that learns from the image, e.g. paper-context.',
    );
  }
  checkLabeled(studies);
  const known = studies.flatMap(({ slices, labels }) =>
    slices.flatMap(slice => {
      const mask = labels.get(slice.index);
      return mask ? [{ slice, mask, small: smallCopy(slice) }] : [];
    }),
  );
  return {
    ...{ iterations: 0, losses: [], seconds: { encode: 0, fit: 0 }, embeddingsFromCache: 0 },
    apply: async ({ slices }) => {
      const start = performance.now();
      const found = slices.map(slice => {
        const small = smallCopy(slice);
        const scores = known.map(one => one.small.reduce((sum, v, i) => sum + v * small[i], 0));
        const { slice: other, mask } = known[scores.indexOf(Math.max(...scores))];
        const copied = stretched(mask, other, slice);
        return { index: slice.index, mask: copied, probability: () => Float32Array.from(copied) };
      });
      const propagate = (performance.now() - start) / 1000;
      return { slices: found, seconds: { encode: 0, propagate }, embeddingsFromCache: 0 };
    },
  };
};

/** [SMALL * SMALL], of mean 0 and length 1. */
function smallCopy({ pixels, rows, columns }: Slice): Float32Array {
  const axis = (size: number) =>
    linearWeights({ sourceSize: size, targetSize: SMALL, step: size / SMALL, offset: 0 });
  const small = resample(Float32Array.from(pixels), columns, axis(rows), axis(columns));
  const mean = small.reduce((sum, value) => sum + value, 0) / small.length;
  const length = Math.hypot(...small.map(value => value - mean)) || 1;
  return small.map(value => (value - mean) / length);
}

function stretched(
  mask: Mask,
  from: Pick<Slice, 'rows' | 'columns'>,
  { rows, columns }: Pick<Slice, 'rows' | 'columns'>,
): Mask {
  const at = (index: number, size: number, sourceSize: number) =>
    Math.min(sourceSize - 1, Math.floor(((index + 0.5) * sourceSize) / size));
  return Uint8Array.from({ length: rows * columns }, (_, i) => {
    const row = at(Math.floor(i / columns), rows, from.rows);
    return mask[row * from.columns + at(i % columns, columns, from.columns)];
  });
}
