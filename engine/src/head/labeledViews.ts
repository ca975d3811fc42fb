import { AUGMENTATION } from '../finetune/learnTask';
import {
  asSlice,
  cutSlice,
  viewCenter,
  viewRectangles,
  wholeImages,
  type TaskView,
} from '../finetune/taskView';
import { augment, type AugmentSettings } from '../image/augment';
import { bodyCenter, cutMask, extentMm, squareAround } from '../image/fieldOfView';
import type { CropRectangle, Mask, Slice } from '../image/slice';
import { meanWidthMm } from '../image/tiles';
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

/** How far a changed copy may reach beyond the part of an image that it is a copy of, as a factor. */
const COPY_REACH = 1.5;

/**
 * What heads see of a changed copy of an outlined part of a slice: other brightness and contrast, another
 * size, another place.
 *
 * @param random 0..1; the same numbers give the same copy
 */
export async function changedCopy(
  { slice, mask, rectangle, window, embeddings }: LabeledPart,
  view: TaskView,
  random: () => number,
): Promise<LabeledView> {
  let [source, sourceMask, center] = [slice, mask, viewCenter(slice, window, view)];
  let side = view.fieldOfViewMm;
  if (view.tiled) {
    // Only the surroundings of a tile: an image may be as large as a hundred of them.
    const middle = {
      row: rectangle.row + rectangle.rows / 2,
      column: rectangle.column + rectangle.columns / 2,
    };
    side = rectangle.rows * slice.rowSpacing;
    const around = squareAround(slice, middle, COPY_REACH * side);
    source = await cutSlice(slice, around, window);
    sourceMask = cutMask(mask, slice, around);
    center = { row: middle.row - around.row, column: middle.column - around.column };
  }
  const changed = augment(source, sourceMask, window, center, side, COPIES, random);
  const { rows, columns } = changed.rectangle;
  const seen = await asSlice(changed, slice, changed.rectangle);
  const { embedding } = await embeddings.of(seen);
  const whole = { row: 0, column: 0, rows, columns };
  return {
    embedding,
    gray: grayOf(seen, window),
    coverage: fineCoverage(changed.mask, { rows, columns }, whole),
  };
}

/** Tiles are this many times as wide as the structure, see `meanWidthMm`: it is two or three cells wide. */
const WIDTHS = 24;
/** Most tiles along the side of the largest image. */
const MOST_ALONG = 10;
/** From this share of the largest image on, a tile is the whole of it. */
const NEARLY_WHOLE = 0.75;

/**
 * Chooses what heads see of single images: tiles of one size, in which the structure's parts are some cells
 * wide, or images as a whole.
 */
export function chooseTileView(studies: readonly Labeled[]): TaskView {
  const whole = wholeImages(studies);
  const widths = studies
    .flatMap(({ slices, labels }) =>
      slices.map(slice => ({ slice, mask: labels.get(slice.index) })),
    )
    .flatMap(({ slice, mask }) => (mask && meanWidthMm(mask, slice)) ?? [])
    .sort((a, b) => a - b);
  const asked = Math.max(
    WIDTHS * widths[Math.floor(widths.length / 2)],
    whole.fieldOfViewMm / MOST_ALONG,
  );
  if (asked >= NEARLY_WHOLE * whole.fieldOfViewMm) return whole;
  const step = Math.round(Math.log(asked / A_SIDE_MM) / Math.log(SIDE_RATIO));
  return { ...whole, fieldOfViewMm: A_SIDE_MM * SIDE_RATIO ** step };
}

/** Tiles of all images together to learn from, before copies. */
const MOST_PARTS = 80;
/** Of each image at least. */
const FEWEST_PARTS = 4;

/** A part of a labeled slice that heads see. */
export interface LabeledPart extends ViewedStudy {
  /** Counts the studies, and the labeled slices of all studies, from 0. */
  study: number;
  number: number;
  slice: Slice;
  mask: Mask;
  rectangle: CropRectangle;
  /** Whether the structure is in this part. */
  shows: boolean;
}

/** A study as it is seen. */
export interface ViewedStudy {
  window: ResolvedWindow;
  embeddings: Embeddings;
}

/**
 * Lists what heads learn from: one part of each labeled slice, or tiles of each labeled image, most of which
 * show the structure.
 */
export function labeledParts(
  studies: readonly (Labeled & ViewedStudy)[],
  view: TaskView,
): LabeledPart[] {
  const labeled = studies.flatMap(({ slices, labels, window, embeddings }, study) =>
    slices.flatMap(slice => {
      const mask = labels.get(slice.index);
      return mask ? [{ study, slice, mask, window, embeddings }] : [];
    }),
  );
  const most = Math.max(FEWEST_PARTS, Math.floor(MOST_PARTS / labeled.length));
  return labeled.flatMap((one, number) => {
    const { slice, mask, window } = one;
    const parts = viewRectangles(slice, window, view).map(rectangle => {
      const shows = cutMask(mask, slice, rectangle).includes(1);
      return { ...one, number, rectangle, shows };
    });
    const showing = evenly(
      parts.filter(({ shows }) => shows),
      most,
    );
    const absent = parts.filter(({ shows }) => !shows);
    return [...showing, ...evenly(absent, Math.max(1, Math.ceil((most - showing.length) / 2)))];
  });
}

/** At most `count` items, spread over all. */
function evenly<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from(
    { length: count },
    (_, i) => items[Math.floor(((i + 0.5) * items.length) / count)],
  );
}
