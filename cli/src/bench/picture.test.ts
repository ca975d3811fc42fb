/** @jest-environment jsdom */
import { accuracyPicture } from './picture';
import { Results } from './summary';
import { CASES, failed, row } from './testRows';

const [liver, aorta, across] = CASES.map(({ id }) => id);
const draw = (results: Results, caption = 'this machine') => {
  const svg = accuracyPicture(results, caption);
  const { documentElement } = new DOMParser().parseFromString(svg, 'image/svg+xml');
  expect(documentElement.tagName).toBe('svg');
  return documentElement;
};
/** Marks of the plot by their titles, with where they lie. */
const marks = (picture: Element) =>
  new Map(
    [...picture.querySelectorAll('path')].flatMap(path => {
      const title = path.querySelector('title')?.textContent;
      if (!title) return [];
      const [x, y] = path
        .getAttribute('transform')!
        .match(/[\d.]+/g)!
        .map(Number);
      return [[title, { x, y, classes: path.getAttribute('class')! }] as const];
    }),
  );

const results = new Results(
  CASES,
  ['context', 'paper'],
  [
    row(liver, 'context', { iou: 1 }),
    row(liver, 'paper', { iou: 0.5 }),
    row(aorta, 'context', { iou: 0.75 }),
    failed(aorta, 'paper', 'found nowhere'),
    failed(across, 'context', 'cannot', null),
    row(across, 'paper', { iou: 0.25 }),
  ],
);

describe('accuracyPicture', () => {
  it('sets each value where the axis says, one line per case', () => {
    const found = marks(draw(results));
    const [best, half] = [
      found.get(`${liver}, context: 1.0000`)!,
      found.get(`${liver}, paper: 0.5000`)!,
    ];
    const zero = found.get(`${aorta}, paper: failed`)!;
    expect(half.x).toBeCloseTo((best.x + zero.x) / 2, 0);
    expect(Math.abs(best.y - half.y)).toBeLessThan(10);
    expect(zero.y - best.y).toBeGreaterThan(15);
    expect(zero.classes).toContain('hollow');
    expect(best.classes).not.toContain('hollow');
  });

  it('shows means, and nothing for what a method cannot do', () => {
    const titles = [...marks(draw(results)).keys()];
    expect(titles).toContain('mean, context: 0.8750');
    expect(titles).toContain('mean, paper: 0.2500');
    expect(titles.filter(title => title.includes(across))).toEqual([`${across}, paper: 0.2500`]);
  });

  it('keeps every mark and text inside the picture', () => {
    const picture = draw(results);
    const height = Number(picture.getAttribute('height'));
    for (const { y } of marks(picture).values()) expect(y).toBeLessThan(height - 30);
    for (const text of picture.querySelectorAll('text')) {
      expect(Number(text.getAttribute('y'))).toBeLessThan(height);
    }
  });

  it('is valid with any caption, and for methods it has no style for', () => {
    const picture = draw(
      new Results(CASES, ['my<method>'], [row(liver, 'my<method>')]),
      'A & "B" <C>',
    );
    expect(picture.textContent).toContain('A & "B" <C>');
    expect(marks(picture).size).toBe(2);
  });

  it('has colors for dark pages', () => {
    expect(accuracyPicture(results, '')).toContain('prefers-color-scheme:dark');
  });
});
