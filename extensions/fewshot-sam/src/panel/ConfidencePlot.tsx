import { SURE } from '../session/sureness';
import type { Caveat } from '../session/state';
import { diceWords, plural, sliceNumber } from './words';

/** Expected Dice at the lower edge. Lower values are drawn there too. */
const LOWEST = 0.5;
const HEIGHT = 100;

const y = (confidence: number) =>
  HEIGHT * (1 - (Math.max(LOWEST, Math.min(1, confidence)) - LOWEST) / (1 - LOWEST));

export interface PlotLine {
  /** Points of an SVG polyline. */
  points: string;
  isExtrapolated: boolean;
}

/**
 * Lines through adjacent slices with a value. Slices beyond the outermost outlines form a separate line
 * that starts where the other one ends.
 */
export function plotLines(
  confidences: readonly (number | null)[],
  caveats: readonly (Caveat | null)[] = [],
): PlotLine[] {
  const lines: { points: string[]; isExtrapolated: boolean }[] = [];
  let line: (typeof lines)[number] | null = null;
  confidences.forEach((confidence, i) => {
    if (confidence === null) {
      line = null;
      return;
    }
    const point = `${i + 0.5},${y(confidence).toFixed(1)}`;
    const isExtrapolated = caveats[i] === 'extrapolated';
    if (line && line.isExtrapolated !== isExtrapolated) {
      // The stretch between the lines is as uncertain as its extrapolated end.
      const from = line.points[line.points.length - 1];
      if (line.isExtrapolated) line.points.push(point);
      line = { points: isExtrapolated ? [from] : [], isExtrapolated };
      lines.push(line);
    }
    if (!line) lines.push((line = { points: [], isExtrapolated }));
    line.points.push(point);
  });
  // Draw a single known slice as a short line.
  return lines.map(({ points, isExtrapolated }) => {
    if (points.length > 1) return { points: points.join(' '), isExtrapolated };
    const [x, height] = points[0].split(',').map(Number);
    return { points: `${x - 0.4},${height} ${x + 0.4},${height}`, isExtrapolated };
  });
}

/** "lowest 0.72 on slice 4, highest 0.95 on slice 9; 2 slices beyond your outlines". */
export function plotWords(
  confidences: readonly (number | null)[],
  caveats: readonly (Caveat | null)[] = [],
): string {
  const known = confidences.flatMap((confidence, slice) =>
    confidence === null ? [] : [{ confidence, slice }],
  );
  const sorted = [...known].sort((a, b) => a.confidence - b.confidence);
  const words = ({ confidence, slice }: (typeof known)[number]) =>
    `${diceWords(confidence)} on slice ${sliceNumber(slice)}`;
  const beyond = known.filter(({ slice }) => caveats[slice] === 'extrapolated').length;
  const range = `lowest ${words(sorted[0])}, highest ${words(sorted[sorted.length - 1])}`;
  return beyond ? `${range}; ${plural(beyond, 'slice')} beyond your outlines` : range;
}

/** Plots the expected Dice along the slices, aligned with the strip. Hidden if no value is known. */
export function ConfidencePlot(props: {
  confidences: (number | null)[];
  caveats?: (Caveat | null)[];
}) {
  const { confidences, caveats } = props;
  if (confidences.every(confidence => confidence === null)) return null;
  return (
    <div className="fs-plot">
      <svg
        viewBox={`0 0 ${confidences.length} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Expected Dice per slice: ${plotWords(confidences, caveats)}`}
      >
        <line className="fs-plot-sure" x1="0" x2={confidences.length} y1={y(SURE)} y2={y(SURE)} />
        {plotLines(confidences, caveats).map(({ points, isExtrapolated }) => (
          <polyline
            key={points}
            points={points}
            className={isExtrapolated ? 'fs-plot-beyond' : undefined}
          />
        ))}
      </svg>
      <span style={{ top: `${y(SURE)}%` }} aria-hidden="true">
        {SURE}
      </span>
      <span className="fs-plot-top" aria-hidden="true">
        1.0
      </span>
      <span className="fs-plot-bottom" aria-hidden="true">
        {LOWEST}
      </span>
    </div>
  );
}
