import type { Cornerstone } from '../host/ohif';
import { drawingOf, DrawingTools, drawingToolNamed, type ToolGroup } from './drawingTools';

function group(active: string | undefined, tools: Record<string, object>): ToolGroup {
  return {
    hasTool: name => name in tools,
    getActivePrimaryMouseButtonTool: () => active,
    getToolConfiguration: (name, path) =>
      path.split('.').reduce((value: unknown, key) => (value as never)?.[key], tools[name]),
  };
}

const tools = {
  CircularBrush: { brushSize: 12 },
  CircularEraser: { brushSize: 5 },
  ThresholdCircularBrush: { brushSize: 7, threshold: { range: [-100, 200] } },
};

it('reads the active tool, its radius and the range of the threshold', () => {
  expect(drawingOf(group('CircularEraser', tools))).toEqual({
    available: ['brush', 'eraser', 'threshold'],
    active: 'eraser',
    radius: 5,
    range: { low: -100, high: 200 },
  });
});

it('counts a sphere as a brush, and no other tool as one for drawing', () => {
  expect(drawingToolNamed('SphereBrush')).toBe('brush');
  expect(drawingToolNamed('WindowLevel')).toBeNull();
  expect(drawingToolNamed(undefined)).toBeNull();
  expect(drawingOf(group('WindowLevel', tools))).toMatchObject({ active: null, radius: 12 });
});

it('offers contour tools where the active segmentation consists of contours', () => {
  const both = { ...tools, PlanarFreehandContourSegmentationTool: {}, CatmullRomSplineROI: {} };
  expect(drawingOf(group('BSplineROI', both), true)).toMatchObject({
    available: ['freehand', 'spline'],
    active: 'spline',
  });
  expect(drawingOf(group('CircularBrush', both), true)).toMatchObject({ active: null });
  expect(drawingOf(group('CircularBrush', both))).toMatchObject({
    available: ['brush', 'eraser', 'threshold'],
    active: 'brush',
  });
});

it('offers nothing where a viewport has no drawing tools', () => {
  expect(drawingOf(undefined)).toBeNull();
  expect(drawingOf(group('WindowLevel', {}))).toBeNull();
});

it('drives the tools of OHIF; the threshold starts with the values displayed, once', () => {
  const runCommand = jest.fn();
  const window = { low: -160.4, high: 239.7 };
  const drawing = new DrawingTools(
    { runCommand },
    null as unknown as Cornerstone,
    () => null,
    () => window,
  );
  drawing.choose('circle');
  drawing.choose(null);
  drawing.setBrushRadius(9);
  drawing.choose('threshold');
  drawing.choose('threshold');
  expect(runCommand.mock.calls).toEqual([
    ['setToolActiveToolbar', { toolName: 'CircleScissor' }],
    ['setToolActiveToolbar', { toolName: 'WindowLevel' }],
    ['setBrushSize', expect.objectContaining({ value: 9 })],
    ['setToolActiveToolbar', { toolName: 'ThresholdCircularBrush' }],
    ['setThresholdRange', expect.objectContaining({ value: [-160, 240] })],
    ['setToolActiveToolbar', { toolName: 'ThresholdCircularBrush' }],
  ]);
});
