import { memo, useEffect, useRef, useState } from 'react';
import type { SheetPicture } from '../session/sheetPictures';
import type { Caveat, SliceOutcome } from '../session/state';
import { css } from './color';
import { CheckIcon, CloseIcon } from './icons';
import { CAVEAT_WORDS } from './sliceStates';
import { drawGray } from './Thumbnail';
import { diceWords, sliceNumber } from './words';

/** A structure on the slice of a cell. */
export interface CellStructure {
  segmentIndex: number;
  color: [number, number, number];
  outcome: SliceOutcome;
}

const FILL = 0.16;
const HALO = 'rgb(0 0 0 / 0.55)';

/** @param side in canvas pixels. @param scale canvas pixels per CSS pixel */
function draw(
  canvas: HTMLCanvasElement,
  picture: SheetPicture,
  structures: readonly CellStructure[],
  side: number,
  scale: number,
): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const { gray, side: points } = picture;
  drawGray(context, { width: points, height: points, gray }, side);
  for (const { segmentIndex, contours } of picture.shapes) {
    const structure = structures.find(one => one.segmentIndex === segmentIndex);
    // What a person drew since overrides what was found.
    if (!structure || structure.outcome === 'drawn' || structure.outcome === 'given') continue;
    const path = new Path2D();
    for (const points of contours) {
      for (let i = 0; i < points.length; i += 2) {
        path[i ? 'lineTo' : 'moveTo'](points[i] * side, points[i + 1] * side);
      }
      path.closePath();
    }
    const isRejected = structure.outcome === 'rejected';
    context.setLineDash(isRejected ? [scale, 4 * scale] : []);
    if (!isRejected) {
      context.strokeStyle = HALO;
      context.lineWidth = 3.5 * scale;
      context.stroke(path);
    }
    context.strokeStyle = css(structure.color);
    context.lineWidth = 1.75 * scale;
    context.stroke(path);
    if (isRejected) continue;
    context.globalAlpha = FILL;
    context.fillStyle = css(structure.color);
    context.fill(path, 'evenodd');
    context.globalAlpha = 1;
  }
}

/** What a cell asks for, by slice. */
export interface CellActions {
  load(sliceIndex: number, signal: AbortSignal): Promise<SheetPicture | null>;
  drawn(sliceIndex: number): void;
  toggle(sliceIndex: number): void;
  open(sliceIndex: number): void;
  focused(sliceIndex: number): void;
}

/** One slice of the contact sheet. Its picture is made once the cell is rendered. */
export const SheetCell = memo(function SheetCell(props: {
  sliceIndex: number;
  /** Screen reader words. */
  name: string;
  /** JSON of its `CellStructure[]`, so that equal ones are not drawn again. */
  looks: string;
  decision: 'accepted' | 'rejected' | null;
  confidence: number | null;
  caveat: Caveat | null;
  /** CSS pixels. */
  side: number;
  /** Position in its row, from 1. */
  column: number;
  isTabStop: boolean;
  isCurrent: boolean;
  actions: CellActions;
}) {
  const { sliceIndex, looks, decision, confidence, caveat, side, actions } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [picture, setPicture] = useState<SheetPicture | null | 'missing'>(null);

  useEffect(() => {
    const abort = new AbortController();
    void actions.load(sliceIndex, abort.signal).then(loaded => {
      if (!abort.signal.aborted) setPicture(loaded ?? 'missing');
    });
    return () => abort.abort();
  }, [actions, sliceIndex]);

  const scale = Math.min(2, window.devicePixelRatio || 1);
  const pixels = Math.round(side * scale);
  useEffect(() => {
    if (!canvas.current || !picture || picture === 'missing') return;
    draw(canvas.current, picture, JSON.parse(looks) as CellStructure[], pixels, scale);
    actions.drawn(sliceIndex);
  }, [picture, looks, pixels, scale, actions, sliceIndex]);

  return (
    <div
      role="gridcell"
      className={`fs-sheet-cell ${decision ? `fs-sheet-${decision}` : ''}`}
      style={{ width: side, height: side }}
      tabIndex={props.isTabStop ? 0 : -1}
      aria-colindex={props.column}
      aria-selected={decision === 'rejected'}
      aria-current={props.isCurrent || undefined}
      aria-label={props.name}
      data-slice={sliceIndex}
      onClick={() => actions.toggle(sliceIndex)}
      onDoubleClick={() => actions.open(sliceIndex)}
      onFocus={() => actions.focused(sliceIndex)}
    >
      <canvas
        ref={canvas}
        className="fs-picture"
        width={pixels}
        height={pixels}
        aria-hidden="true"
      />
      {picture === 'missing' && <span className="fs-sheet-missing">Image not loaded</span>}
      <span className="fs-thumbnail-number">{sliceNumber(sliceIndex)}</span>
      {confidence !== null && (
        <span className="fs-thumbnail-number fs-thumbnail-sure">{diceWords(confidence)}</span>
      )}
      {caveat && (
        <span className={`fs-thumbnail-caveat fs-thumbnail-${caveat}`}>
          {caveat === 'extrapolated' ? 'beyond' : CAVEAT_WORDS[caveat]}
        </span>
      )}
      {decision && (
        <span className="fs-sheet-mark">
          {decision === 'accepted' ? <CheckIcon /> : <CloseIcon />}
          {decision}
        </span>
      )}
    </div>
  );
});
