import { AUGMENTATION } from '../finetune/learnTask';
import { asSlice, viewCenter, type TaskView } from '../finetune/taskView';
import { augment, type AugmentSettings } from '../image/augment';
import { bodyCenter, extentMm } from '../image/fieldOfView';
import type { Mask, Slice } from '../image/slice';
import type { ResolvedWindow } from '../image/window';
import type { Labeled } from '../job/checkJob';
import type { Embeddings } from '../job/embeddings';
import { fineCoverage, grayOf, type HeadView } from './headInput';

/** A labeled slice, or a changed copy of one, with the share of each fine cell that is foreground. */
export interface LabeledView extends HeadView {
  /** [fine cells * fine cells] 0..1 */
  coverage: Float32Array;
}

/**
 * Share of the narrowest study that is seen. Chosen on the left parotid of CT head and neck, where it
 * makes cells of 5 mm; a square of half the study around the structure found far less of it.
 */
const SHARE = 0.65;
/** Room around the structure, as a share of its distance from the body's center. */
const MARGIN = 1.2;
/**
 * Sides of the square are powers of this ratio, so that different structures are mostly seen alike and a
 * study is encoded once for all of them.
 */
const SIDE_RATIO = 2 ** (1 / 4);
/** A side in mm that is among them: cells of 5 mm. */
const A_SIDE_MM = 320;

/**
 * Chooses what heads see: a square around the center of the body, of one size in mm for all studies, in
 * which the structure lies on every labeled slice.
 */
export function chooseHeadView(
  studies: readonly (Labeled & { window: ResolvedWindow })[],
): TaskView {
  let reach = 0;
  for (const { slices, labels, window } of studies) {
    for (const slice of slices) {
      const mask = labels.get(slice.index);
      if (!mask?.includes(1)) continue;
      const center = bodyCenter(slice, window);
      mask.forEach((value, i) => {
        if (!value) return;
        const down = (Math.floor(i / slice.columns) + 0.5 - center.row) * slice.rowSpacing;
        const right = ((i % slice.columns) + 0.5 - center.column) * slice.columnSpacing;
        reach = Math.max(reach, Math.abs(down), Math.abs(right));
      });
    }
  }
  const study = Math.min(...studies.map(({ slices }) => extentMm(slices[0])));
  const steps = (sideMm: number) => Math.log(sideMm / A_SIDE_MM) / Math.log(SIDE_RATIO);
  const step = Math.max(Math.round(steps(SHARE * study)), Math.ceil(steps(2 * MARGIN * reach)));
  return { fieldOfViewMm: A_SIDE_MM * SIDE_RATIO ** step, offsetMm: [0, 0] };
}

/** The structure's own brightness changes less than that of the whole: heads see gray values, too. */
const COPIES: AugmentSettings = { ...AUGMENTATION, structureShift: 0.1 };

/**
 * What heads see of a changed copy of an outlined slice: other brightness and contrast, another size,
 * another place.
 *
 * @param random 0..1; the same numbers give the same copy
 */
export async function changedCopy(
  slice: Slice,
  mask: Mask,
  window: ResolvedWindow,
  view: TaskView,
  embeddings: Embeddings,
  random: () => number,
): Promise<LabeledView> {
  const center = viewCenter(slice, window, view);
  const { fieldOfViewMm } = view;
  const changed = augment(slice, mask, window, center, fieldOfViewMm, COPIES, random);
  const { rows, columns } = changed.rectangle;
  const seen = await asSlice(changed.pixels, slice, changed.rectangle);
  const { embedding } = await embeddings.of(seen);
  const whole = { row: 0, column: 0, rows, columns };
  return {
    embedding,
    gray: grayOf(seen, window),
    coverage: fineCoverage(changed.mask, { rows, columns }, whole),
  };
}
