/** OHIF's drawing tools, chosen and set from our panel. */
import type { Cornerstone, CommandsManager } from '../host/ohif';

/** Tools that draw in a labelmap. */
export type LabelmapTool = 'brush' | 'eraser' | 'threshold' | 'circle';
/** Tools that draw contours. */
export type ContourTool = 'freehand' | 'livewire' | 'spline';
export type DrawingTool = LabelmapTool | ContourTool;

/** Values in units of the pixels. */
interface Range {
  low: number;
  high: number;
}

/** The drawing tools of the active viewport. */
export interface Drawing {
  /** Tools that this viewer has. */
  available: DrawingTool[];
  /** The tool on the primary mouse button; null if that is no drawing tool. */
  active: DrawingTool | null;
  /** Radius of brush, eraser and threshold brush in mm. */
  radius: number;
  /** Values that the threshold brush fills, in units of the pixels; null if not set yet. */
  range: Range | null;
}

/** OHIF's names of a tool: the one to choose comes first, others count as it. */
const NAMES: Record<DrawingTool, string[]> = {
  brush: ['CircularBrush', 'SphereBrush'],
  eraser: ['CircularEraser', 'SphereEraser'],
  threshold: ['ThresholdCircularBrush', 'ThresholdSphereBrush'],
  circle: ['CircleScissor'],
  freehand: ['PlanarFreehandContourSegmentationTool'],
  livewire: ['LivewireContourSegmentationTool'],
  spline: ['CatmullRomSplineROI', 'LinearSplineROI', 'BSplineROI'],
};
const TOOLS = Object.keys(NAMES) as DrawingTool[];
const LABELMAP_TOOLS: DrawingTool[] = ['brush', 'eraser', 'threshold', 'circle'];
const CONTOUR_TOOLS: DrawingTool[] = ['freehand', 'livewire', 'spline'];
const SIZED = [...NAMES.brush, ...NAMES.eraser, ...NAMES.threshold];

/** Tool that OHIF starts with. */
const NO_DRAWING = 'WindowLevel';

/** As OHIF's own buttons bind contour tools: with Shift they cut out a hole. */
const CONTOUR_BINDINGS = [{ mouseButton: 1 }, { mouseButton: 1, modifierKey: 16 }];

/** Brush radius in mm, if the viewer does not tell one. */
const RADIUS = 7;

/** The part of a cornerstone tool group that is read here. */
export interface ToolGroup {
  hasTool(name: string): boolean;
  getActivePrimaryMouseButtonTool(): string | undefined;
  getToolConfiguration(name: string, path: string): unknown;
}

/** The drawing tool with this name in OHIF; null for other tools. */
export function drawingToolNamed(name: string | undefined): DrawingTool | null {
  return TOOLS.find(tool => name !== undefined && NAMES[tool].includes(name)) ?? null;
}

/**
 * Reads the tools of a viewport.
 *
 * @param isContours whether the active segmentation consists of contours
 * @returns null if it has none to draw with, e.g. a 3D view
 */
export function drawingOf(group: ToolGroup | undefined, isContours = false): Drawing | null {
  if (!group) return null;
  const tools = isContours ? CONTOUR_TOOLS : LABELMAP_TOOLS;
  const available = tools.filter(tool => group.hasTool(NAMES[tool][0]));
  if (available.length === 0) return null;
  const held = drawingToolNamed(group.getActivePrimaryMouseButtonTool());
  const active = held && available.includes(held) ? held : null;
  const sized = NAMES[active && SIZED.includes(NAMES[active][0]) ? active : available[0]][0];
  const radius = Number(group.getToolConfiguration(sized, 'brushSize'));
  const range = available.includes('threshold')
    ? group.getToolConfiguration(NAMES.threshold[0], 'threshold.range')
    : null;
  return {
    available,
    active,
    radius: radius > 0 ? radius : RADIUS,
    range: Array.isArray(range) ? { low: Number(range[0]), high: Number(range[1]) } : null,
  };
}

/** The tool group of a viewport. */
export function toolGroupOf(
  { core, tools }: Cornerstone,
  viewportId: string | null,
): ToolGroup | undefined {
  const enabled = viewportId ? core.getEnabledElementByViewportId(viewportId) : undefined;
  if (!viewportId || !enabled) return undefined;
  return tools.ToolGroupManager.getToolGroupForViewport(viewportId, enabled.renderingEngineId);
}

/** Chooses and sets OHIF's drawing tools in all viewports. */
export class DrawingTools {
  private isThresholdSet = false;

  constructor(
    private readonly commands: CommandsManager,
    private readonly cornerstone: Cornerstone,
    private readonly viewportId: () => string | null,
    private readonly displayedWindow: () => Range | null,
    private readonly isContours: () => boolean = () => false,
  ) {}

  /** The tools of the active viewport; null if it has none. */
  current(): Drawing | null {
    return drawingOf(toolGroupOf(this.cornerstone, this.viewportId()), this.isContours());
  }

  /** Takes a tool; null goes back to the viewer's first one. The threshold starts with the values displayed. */
  choose(tool: DrawingTool | null): void {
    const toolName = tool ? NAMES[tool][0] : NO_DRAWING;
    const isForContours = tool !== null && CONTOUR_TOOLS.includes(tool);
    this.commands.runCommand('setToolActiveToolbar', {
      toolName,
      ...(isForContours && { bindings: CONTOUR_BINDINGS }),
    });
    const window = tool === 'threshold' && !this.isThresholdSet ? this.displayedWindow() : null;
    if (window) this.setThresholdRange(rounded(window));
  }

  /** Takes the brush, or draws contours freehand, unless the user already holds a tool for it. */
  takeBrush(): void {
    if (!this.current()?.active) this.choose(this.isContours() ? 'freehand' : 'brush');
  }

  /** @param radius in mm */
  setBrushRadius(radius: number): void {
    this.commands.runCommand('setBrushSize', { value: radius, toolNames: SIZED });
  }

  setThresholdRange({ low, high }: Range): void {
    this.isThresholdSet = true;
    const toolNames = NAMES.threshold;
    this.commands.runCommand('setThresholdRange', { value: [low, high], toolNames });
  }

  /** Calls back when another tool is taken. @returns a function that unsubscribes */
  follow(onChange: () => void): () => void {
    const { core, tools } = this.cornerstone;
    const event = tools.Enums.Events.TOOL_ACTIVATED;
    core.eventTarget.addEventListener(event, onChange);
    return () => core.eventTarget.removeEventListener(event, onChange);
  }
}

/** Whole numbers, where they still tell the ends apart. */
function rounded({ low, high }: Range): Range {
  const digits = high - low > 20 ? 0 : 2;
  return { low: Number(low.toFixed(digits)), high: Number(high.toFixed(digits)) };
}
