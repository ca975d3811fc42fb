/** @jest-environment jsdom */
import { fireEvent, render, screen } from '@testing-library/react';
import type { SegmentSummary } from '../session/state';
import { termById } from '../terminology/terms';
import { TermPicker } from './TermPicker';

const segment: SegmentSummary = {
  segmentIndex: 3,
  label: 'Niere',
  color: [221, 84, 84],
  locked: false,
  active: true,
  labeledSlices: [],
};
const leftKidney = { term: termById('64033007.L')!, chosen: true };
const chooseTerm = jest.fn();
beforeEach(() => jest.clearAllMocks());

const show = (change: Partial<SegmentSummary> = {}) =>
  render(<TermPicker segment={{ ...segment, ...change }} chooseTerm={chooseTerm} />);
const field = () => screen.getByRole<HTMLInputElement>('combobox', { name: 'Term for Niere' });
const type = (value: string) => fireEvent.change(field(), { target: { value } });
const press = (key: string) => fireEvent.keyDown(field(), { key });
const options = () => screen.queryAllByRole('option').map(option => option.textContent);
const active = () =>
  document.getElementById(field().getAttribute('aria-activedescendant') ?? '')?.textContent;

it('lists terms for what is typed, the best one first and active', () => {
  show();
  expect(field().getAttribute('aria-expanded')).toBe('false');
  type('kidney');
  expect(options().slice(0, 3)).toEqual(['Kidney', 'Left kidney', 'Right kidney']);
  expect(field().getAttribute('aria-expanded')).toBe('true');
  expect(document.getElementById(field().getAttribute('aria-controls')!)).toBe(
    screen.getByRole('listbox'),
  );
  expect(active()).toBe('Kidney');
});

it('moves by arrow keys, round the ends, and takes by Enter', () => {
  show();
  type('kidney');
  press('ArrowDown');
  expect(active()).toBe('Left kidney');
  press('ArrowUp');
  press('ArrowUp');
  expect(active()).toBe(options().at(-1));
  press('ArrowDown');
  press('ArrowDown');
  press('Enter');
  expect(chooseTerm).toHaveBeenCalledWith(3, '64033007.L');
  expect(options()).toEqual([]);
});

it('takes a term by mouse', () => {
  show();
  type('liver tumour');
  fireEvent.click(screen.getByRole('option', { name: 'Liver tumor' }));
  expect(chooseTerm).toHaveBeenCalledWith(3, '108369006@10200004');
});

it.each(['Escape', 'blur'])('leaves everything as it was on %s', how => {
  show({ term: leftKidney });
  type('liver');
  if (how === 'blur') fireEvent.blur(field());
  else press(how);
  expect(chooseTerm).not.toHaveBeenCalled();
  expect(field().value).toBe('Left kidney');
  expect(options()).toEqual([]);
});

it('says that there is none, and takes none', () => {
  show();
  type('belly');
  expect(screen.getByRole('status').textContent).toBe(
    'No term for “belly”. Only the name is stored.',
  );
  press('Enter');
  expect(chooseTerm).not.toHaveBeenCalled();
});

it('tells the code, where it comes from, and takes it away', () => {
  const { rerender } = show({ term: { ...leftKidney, chosen: false } });
  expect(screen.getByText('SNOMED CT 64033007, from the name')).toBeTruthy();
  rerender(<TermPicker segment={{ ...segment, term: leftKidney }} chooseTerm={chooseTerm} />);
  expect(screen.getByText('SNOMED CT 64033007')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Remove term Left kidney' }));
  expect(chooseTerm).toHaveBeenCalledWith(3, null);
});

it('keeps the viewer from hearing what is typed', () => {
  const heard = jest.fn();
  document.addEventListener('keydown', heard);
  show();
  press('b');
  press('ArrowDown');
  expect(heard).not.toHaveBeenCalled();
  document.removeEventListener('keydown', heard);
});
