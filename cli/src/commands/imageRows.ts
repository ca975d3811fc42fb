import {
  countOverlap,
  dice,
  iou,
  type Mask,
  type Overlap,
  printable,
  sumOverlaps,
} from 'fewshot-sam';
import { durationText } from './progressLine';

/** One structure in a set of images; `null` where nothing was evaluated. */
export interface ImageSetRow {
  id: string;
  method: string;
  /** Over the pixels of all evaluated images together. */
  iou: number | null;
  dice: number | null;
  /** Mean over the images that show the structure. */
  mean_iou: number | null;
  mean_dice: number | null;
  encode_s: number;
  fit_s?: number;
  apply_s: number;
  /** Number of segmented images, and of those in which the structure was found. */
  images: number;
  images_with_structure: number;
  /** Labeled images learned from. */
  shots?: number;
  backend: string;
  embeddings_from_cache: number;
  /** Each segmented image, by its number in the set. */
  per_image: ImageRow[];
  /** Notes on the input, one sentence each. */
  notes?: readonly string[];
}

export interface ImageRow {
  index: number;
  /** Pixels found. */
  pixels: number;
  iou?: number;
  dice?: number;
  /** Expected by the method. */
  expected_dice?: number;
}

/** What was found in an image, compared with the truth if that is known. */
export interface FoundImage {
  row: ImageRow;
  overlap?: Overlap;
}

const rounded = (value: number) => Number(value.toFixed(4));

/** @param confidence expected Dice */
export function foundImage(
  index: number,
  mask: Mask,
  confidence: number | undefined,
  truth: Mask | undefined,
): FoundImage {
  const overlap = truth && countOverlap(mask, truth);
  const row: ImageRow = {
    index,
    pixels: mask.reduce((sum, value) => sum + value, 0),
    ...(overlap && { iou: rounded(iou(overlap)), dice: rounded(dice(overlap)) }),
    ...(confidence !== undefined && { expected_dice: rounded(confidence) }),
  };
  return { row, overlap };
}

/** Summarizes the images of one structure. */
export function imageFigures(
  found: readonly FoundImage[],
): Pick<
  ImageSetRow,
  'iou' | 'dice' | 'mean_iou' | 'mean_dice' | 'images' | 'images_with_structure' | 'per_image'
> {
  const overlaps = found.flatMap(({ overlap }) => overlap ?? []);
  const shown = overlaps.filter(({ truth }) => truth > 0);
  const mean = (of: (overlap: Overlap) => number) =>
    shown.length ? rounded(shown.reduce((sum, one) => sum + of(one), 0) / shown.length) : null;
  const all = overlaps.length ? sumOverlaps(overlaps) : null;
  return {
    iou: all && rounded(iou(all)),
    dice: all && rounded(dice(all)),
    mean_iou: mean(iou),
    mean_dice: mean(dice),
    images: found.length,
    images_with_structure: found.filter(({ row }) => row.pixels > 0).length,
    per_image: found.map(({ row }) => row),
  };
}

/** Formats one result as a JSON object, several as a list. */
export function imageRowsJson(rows: readonly ImageSetRow[]): string {
  return `${JSON.stringify(rows.length === 1 ? rows[0] : rows, null, 2)}\n`;
}

/** Describes the results for people. */
export function imageSummary(
  rows: readonly ImageSetRow[],
  { out, overlays }: { out?: string; overlays?: string },
): string {
  const lines = rows.flatMap(row => {
    const from = row.shots === undefined ? '' : ` from ${row.shots} labeled ones`;
    const cached = row.embeddings_from_cache;
    return [
      `Found ${printable(row.id)} in ${row.images_with_structure} of ${row.images} images${from} (method ${row.method}, ${row.backend}).`,
      `Encoding ${durationText(row.encode_s)}${cached ? ` (${cached} from the cache)` : ''}${row.fit_s === undefined ? '' : `, learning ${durationText(row.fit_s)}`}, segmenting ${durationText(row.apply_s)}.`,
      ...(row.iou === null || row.dice === null
        ? []
        : [
            `All pixels together: IoU ${row.iou.toFixed(4)}, Dice ${row.dice.toFixed(4)}. Mean of images: IoU ${row.mean_iou?.toFixed(4) ?? '-'}, Dice ${row.mean_dice?.toFixed(4) ?? '-'}.`,
          ]),
    ];
  });
  if (out !== undefined) lines.push(`Masks: ${printable(out)}`);
  if (overlays !== undefined) lines.push(`Overlays: ${printable(overlays)}`);
  return `${lines.join('\n')}\n`;
}
