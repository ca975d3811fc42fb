/** @jest-environment jsdom */
import { fireEvent, render, screen } from '@testing-library/react';
import type { Drawing } from '../viewer/drawingTools';
import { DrawTools, typedValues } from './DrawTools';

const drawing: Drawing = {
  available: ['brush', 'eraser', 'threshold'],
  active: null,
  radius: 7,
  range: { low: 10, high: 90 },
};

function show(change: Partial<Drawing> = {}) {
  const actions = {
    chooseTool: jest.fn(),
    setBrushRadius: jest.fn(),
    setThresholdRange: jest.fn(),
  };
  render(<DrawTools drawing={{ ...drawing, ...change }} actions={actions} />);
  return actions;
}
const button = (name: string) => screen.getByRole('button', { name });

it('offers the tools of this viewer only', () => {
  const actions = show();
  expect(screen.getAllByRole('button')).toHaveLength(3);
  expect(screen.queryByRole('slider')).toBeNull();
  fireEvent.click(button('Brush'));
  expect(actions.chooseTool).toHaveBeenCalledWith('brush');
});

it('puts the active tool away when pressed again', () => {
  const actions = show({ active: 'brush' });
  expect(button('Brush').getAttribute('aria-pressed')).toBe('true');
  fireEvent.click(button('Brush'));
  expect(actions.chooseTool).toHaveBeenCalledWith(null);
});

it('sets the radius', () => {
  const actions = show({ active: 'eraser' });
  fireEvent.change(screen.getByRole('slider'), { target: { value: '12.5' } });
  expect(actions.setBrushRadius).toHaveBeenCalledWith(12.5);
});

it('sets the range of the threshold once it is one', () => {
  const actions = show({ active: 'threshold' });
  const low = screen.getByLabelText('Values from');
  fireEvent.change(low, { target: { value: '-' } });
  screen.getByText('Type two numbers, the smaller one first.');
  expect(actions.setThresholdRange).not.toHaveBeenCalled();
  fireEvent.change(low, { target: { value: '-50' } });
  expect(actions.setThresholdRange).toHaveBeenCalledWith({ low: -50, high: 90 });
});

it.each([
  ['1', '2', { low: 1, high: 2 }],
  ['2', '1', null],
  ['', '1', null],
  ['x', '1', null],
])('reads %j to %j as %j', (low, high, values) => {
  expect(typedValues(low, high)).toEqual(values);
});
