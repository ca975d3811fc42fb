import {
  chooseTool,
  drawingOf,
  drawingToolNamed,
  setBrushRadius,
  setThresholdRange,
  type ToolGroup,
} from './drawingTools';

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

it('offers nothing where a viewport has no drawing tools', () => {
  expect(drawingOf(undefined)).toBeNull();
  expect(drawingOf(group('WindowLevel', {}))).toBeNull();
});

it('drives the tools of OHIF', () => {
  const runCommand = jest.fn();
  chooseTool({ runCommand }, 'circle');
  chooseTool({ runCommand }, null);
  setBrushRadius({ runCommand }, 9);
  setThresholdRange({ runCommand }, { low: 1, high: 2 });
  expect(runCommand.mock.calls).toEqual([
    ['setToolActiveToolbar', { toolName: 'CircleScissor' }],
    ['setToolActiveToolbar', { toolName: 'WindowLevel' }],
    ['setBrushSize', expect.objectContaining({ value: 9 })],
    ['setThresholdRange', expect.objectContaining({ value: [1, 2] })],
  ]);
});
