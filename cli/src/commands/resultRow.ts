import { type FewshotResult, printable } from 'fewshot-sam';
import type { Evaluation } from './evaluate';
import { durationText } from './progressLine';
import type { SegmentArguments } from './segmentArguments';

/** One result in the form that benchmarks share; `null` where nothing was evaluated. */
export interface ResultRow {
  /** Names the case by its settings, not by its files, whose names may name a patient. */
  id: string;
  method: string;
  iou: number | null;
  dice: number | null;
  assd_mm: number | null;
  /** Fraction of the segmented slices with the structure that need no correction: Dice of 0.9 or more. */
  accepted_unchanged: number | null;
  encode_s: number;
  fit_s: number;
  apply_s: number;
  /** Number of segmented slices. */
  slices: number;
  peak_rss_mb: number;
  backend: string;
  iterations: number;
  embeddings_from_cache: number;
  label: number[];
  axis: string;
  shots: number[];
  /** Expected Dice of all segmented slices together; null where the method gives none. */
  expected_dice: number | null;
  /**
   * Expected Dice of each slice on which something was found; null where the image shows nothing.
   * `extrapolated` marks slices beyond the outermost outlines, `blank` those where the image shows nothing.
   */
  confidence: SliceConfidence[] | null;
  /** For each label value: its voxels on the segmented slices, and the fraction of them that was found. */
  per_label: { label: number; voxels: number; found: number | null }[] | null;
  /** Notes on the input, one sentence each. */
  notes?: readonly string[];
}

export interface SliceConfidence {
  index: number;
  dice: number | null;
  extrapolated?: true;
  blank?: true;
}

export function resultRow(
  args: SegmentArguments,
  label: number[],
  result: FewshotResult,
  backend: string,
  evaluation: Evaluation | undefined,
): ResultRow {
  const seconds = (value: number) => Number(value.toFixed(3));
  return {
    id: `label-${label.join('+')}/${args.axis}/${args.shots.length}-shots`,
    method: args.method,
    iou: evaluation?.iou ?? null,
    dice: evaluation?.dice ?? null,
    assd_mm: evaluation?.assdMm ?? null,
    accepted_unchanged: evaluation?.accepted ?? null,
    encode_s: seconds(result.seconds.encode),
    fit_s: seconds(result.seconds.fit),
    apply_s: seconds(result.seconds.propagate),
    slices: result.slices.length,
    // libuv returns kilobytes on every system.
    peak_rss_mb: Math.round(process.resourceUsage().maxRSS / 1024),
    backend,
    iterations: result.iterations,
    embeddings_from_cache: result.embeddingsFromCache,
    label,
    axis: args.axis,
    shots: args.shots,
    expected_dice: result.expectedDice ?? null,
    confidence: confidences(result),
    per_label: evaluation?.perLabel ?? null,
  };
}

function confidences({ expectedDice, slices }: FewshotResult): ResultRow['confidence'] {
  if (expectedDice === undefined && !slices.some(({ blank }) => blank)) return null;
  return slices.flatMap(({ index, mask, confidence, extrapolated, blank }): SliceConfidence[] => {
    if (confidence === undefined && !(blank && mask.includes(1))) return [];
    return [
      {
        index,
        dice: confidence === undefined ? null : Number(confidence.toFixed(3)),
        ...(extrapolated && { extrapolated }),
        ...(blank && { blank }),
      },
    ];
  });
}

/** Describes the results for people. */
export function summary(rows: readonly ResultRow[], out: string | undefined): string {
  const lines = rows.flatMap(row => [
    ...(rows.length > 1 ? [`${printable(row.id)}:`] : []),
    ...rowLines(row),
  ]);
  if (out !== undefined) lines.push(`Mask: ${printable(out)}`);
  return `${lines.join('\n')}\n`;
}

/** @returns e.g. `2 slices lie (0, 19)` */
function sliceCount(slices: readonly { index: number }[]): string {
  const count = slices.length === 1 ? '1 slice lies' : `${slices.length} slices lie`;
  return `${count} (${slices.map(({ index }) => index).join(', ')})`;
}

function rowLines(row: ResultRow): string[] {
  const lines = [
    `Segmented ${row.slices} ${row.axis} slices from ${row.shots.length} shots (${row.iterations} iterations, ${row.backend}).`,
    `Encoding ${durationText(row.encode_s)}${row.embeddings_from_cache ? ` (${row.embeddings_from_cache} slices from the cache)` : ''}, learning ${durationText(row.fit_s)}, segmenting ${durationText(row.apply_s)}; ${row.peak_rss_mb} MB.`,
  ];
  const confidence = row.confidence ?? [];
  const known = confidence.flatMap(({ index, dice }) => (dice === null ? [] : { index, dice }));
  if (row.expected_dice !== null && known.length > 0) {
    const least = known.reduce((low, one) => (one.dice < low.dice ? one : low));
    lines.push(
      `Expected Dice ${row.expected_dice.toFixed(2)}; least sure of slice ${least.index} (${least.dice.toFixed(2)}).`,
    );
  }
  const beyond = confidence.filter(({ extrapolated }) => extrapolated);
  if (beyond.length > 0) {
    lines.push(
      `${sliceCount(beyond)} beyond the outermost shots, where no outline limits the structure. Check them, or draw the last slice that shows it.`,
    );
  }
  const blank = confidence.filter(one => one.blank);
  if (blank.length > 0) {
    lines.push(
      `${sliceCount(blank)} where the image shows nothing: the masks there come from the shots alone, and no Dice is predicted. Check them.`,
    );
  }
  if (row.iou !== null && row.dice !== null) {
    lines.push(agreementText(row.iou, row.dice, row.assd_mm));
    if (row.per_label && row.per_label.length > 1) {
      for (const { label, voxels, found } of row.per_label) {
        const share =
          found === null ? 'not on these slices' : `${(100 * found).toFixed(1)} % found`;
        lines.push(`  label ${label}: ${voxels} voxels, ${share}`);
      }
    }
  }
  return lines;
}

/** Describes how well a result agrees with the truth. @param assdMm null where there is none */
export function agreementText(iou: number, dice: number, assdMm: number | null): string {
  const distance =
    assdMm === null
      ? 'undefined (one is empty, or slices are tilted or uneven)'
      : `${assdMm.toFixed(2)} mm`;
  return `IoU ${iou.toFixed(4)}, Dice ${dice.toFixed(4)}, ASSD ${distance}.`;
}
