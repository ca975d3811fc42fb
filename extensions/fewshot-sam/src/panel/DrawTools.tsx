import { Fragment, useEffect, useId, useState, type ReactNode } from 'react';
import type { SessionActions } from '../session/state';
import type { Drawing, DrawingTool } from '../viewer/drawingTools';
import {
  BrushIcon,
  CircleIcon,
  EraserIcon,
  FreehandIcon,
  LivewireIcon,
  SplineIcon,
  ThresholdIcon,
} from './icons';

const TOOLS: Record<DrawingTool, { name: string; hint: string; icon: ReactNode }> = {
  brush: { name: 'Brush', hint: 'Fills a disk (B)', icon: <BrushIcon /> },
  eraser: { name: 'Eraser', hint: 'Removes a disk (E)', icon: <EraserIcon /> },
  threshold: {
    name: 'Threshold',
    hint: 'Fills the pixels of a disk whose values lie in a range',
    icon: <ThresholdIcon />,
  },
  circle: { name: 'Circle', hint: 'Fills a circle: drag from its center', icon: <CircleIcon /> },
  freehand: {
    name: 'Freehand',
    hint: 'Draws a contour; with Shift it cuts out a hole',
    icon: <FreehandIcon />,
  },
  livewire: {
    name: 'Livewire',
    hint: 'Draws a contour along edges from click to click; with Shift it cuts out a hole',
    icon: <LivewireIcon />,
  },
  spline: {
    name: 'Spline',
    hint: 'Draws a smooth contour from click to click; with Shift it cuts out a hole',
    icon: <SplineIcon />,
  },
};
/** Tools with a radius. */
const SIZED: DrawingTool[] = ['brush', 'eraser', 'threshold'];

/** Range of the radius in mm. */
const SMALLEST = 0.5;
const LARGEST = 50;

/** Numbers typed as a range of values; null if they are none. */
export function typedValues(low: string, high: string): { low: number; high: number } | null {
  const range = { low: Number(low), high: Number(high) };
  const isTyped = low.trim() !== '' && high.trim() !== '';
  return isTyped && range.low <= range.high ? range : null;
}

/** Drawing tools of the viewer, for labelmaps with radius and range. */
export function DrawTools(props: {
  drawing: Drawing;
  actions: Pick<SessionActions, 'chooseTool' | 'setBrushRadius' | 'setThresholdRange'>;
}) {
  const { drawing, actions } = props;
  const { available, active, radius } = drawing;
  const id = useId();
  return (
    <div className="fs-draw">
      <div className="fs-tools" role="group" aria-label="Drawing tools">
        {available.map(tool => (
          <button
            key={tool}
            type="button"
            className="fs-tool"
            aria-pressed={tool === active}
            title={TOOLS[tool].hint}
            onClick={() => actions.chooseTool(tool === active ? null : tool)}
          >
            {TOOLS[tool].icon}
            {TOOLS[tool].name}
          </button>
        ))}
      </div>
      {active && SIZED.includes(active) && (
        <div className="fs-radius">
          <label htmlFor={id}>Radius</label>
          <input
            id={id}
            type="range"
            min={SMALLEST}
            max={LARGEST}
            step={0.5}
            value={Math.min(LARGEST, radius)}
            aria-valuetext={`${radius} mm`}
            onChange={event => actions.setBrushRadius(Number(event.target.value))}
          />
          <span>{radius} mm</span>
        </div>
      )}
      {active === 'threshold' && <Range drawing={drawing} change={actions.setThresholdRange} />}
    </div>
  );
}

/** Both ends of a range of values, and their labels. */
const ENDS = [
  ['low', 'Values from'],
  ['high', 'to'],
] as const;

function Range(props: { drawing: Drawing; change(range: { low: number; high: number }): void }) {
  const { range } = props.drawing;
  const id = useId();
  const asText = (value: number | undefined) => (value === undefined ? '' : String(value));
  const [typed, setTyped] = useState({ low: asText(range?.low), high: asText(range?.high) });
  useEffect(() => {
    setTyped({ low: asText(range?.low), high: asText(range?.high) });
  }, [range?.low, range?.high]);
  const values = typedValues(typed.low, typed.high);
  const type = (next: typeof typed) => {
    setTyped(next);
    const changed = typedValues(next.low, next.high);
    if (changed) props.change(changed);
  };
  return (
    <>
      <div className="fs-values">
        {ENDS.map(([end, words]) => (
          <Fragment key={end}>
            <label htmlFor={`${id}-${end}`}>{words}</label>
            <input
              id={`${id}-${end}`}
              className="fs-input"
              inputMode="decimal"
              value={typed[end]}
              aria-invalid={!values}
              onKeyDown={event => event.stopPropagation()}
              onChange={event => type({ ...typed, [end]: event.target.value })}
            />
          </Fragment>
        ))}
      </div>
      {!values && <p className="fs-problem">Type two numbers, the smaller one first.</p>}
    </>
  );
}
