import { diceWords, sliceNumber } from './words';

/** Expected Dice at the lower edge: what is below is bad enough to lie there. */
const LOWEST = 0.5;
const HEIGHT = 100;
const SURE = 0.88;

const y = (confidence: number) =>
  HEIGHT * (1 - (Math.max(LOWEST, Math.min(1, confidence)) - LOWEST) / (1 - LOWEST));

/** Runs of neighbouring slices with a value, as points of an SVG polyline. */
export function plotLines(confidences: readonly (number | null)[]): string[] {
  const lines: string[][] = [];
  let line: string[] | null = null;
  confidences.forEach((confidence, i) => {
    if (confidence === null) {
      line = null;
      return;
    }
    if (!line) lines.push((line = []));
    line.push(`${i + 0.5},${y(confidence).toFixed(1)}`);
  });
  // A slice between two that are not known is drawn as a short line.
  return lines.map(points => {
    if (points.length > 1) return points.join(' ');
    const [x, height] = points[0].split(',').map(Number);
    return `${x - 0.4},${height} ${x + 0.4},${height}`;
  });
}

/** "lowest 0.72 on slice 4, highest 0.95 on slice 9". */
export function plotWords(confidences: readonly (number | null)[]): string {
  const known = confidences.flatMap((confidence, slice) =>
    confidence === null ? [] : [{ confidence, slice }],
  );
  const sorted = [...known].sort((a, b) => a.confidence - b.confidence);
  const words = ({ confidence, slice }: (typeof known)[number]) =>
    `${diceWords(confidence)} on slice ${sliceNumber(slice)}`;
  return `lowest ${words(sorted[0])}, highest ${words(sorted[sorted.length - 1])}`;
}

/** Expected Dice along the slices, above the strip and on its scale. Nothing where none is known. */
export function ConfidencePlot({ confidences }: { confidences: (number | null)[] }) {
  if (confidences.every(confidence => confidence === null)) return null;
  return (
    <div className="fs-plot">
      <svg
        viewBox={`0 0 ${confidences.length} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Expected Dice per slice: ${plotWords(confidences)}`}
      >
        <line className="fs-plot-sure" x1="0" x2={confidences.length} y1={y(SURE)} y2={y(SURE)} />
        {plotLines(confidences).map(points => (
          <polyline key={points} points={points} />
        ))}
      </svg>
      <span style={{ top: `${y(SURE)}%` }} aria-hidden="true">
        {SURE}
      </span>
      <span className="fs-plot-bottom" aria-hidden="true">
        {LOWEST}
      </span>
    </div>
  );
}
