import { accuracyPage } from './page';
import { Results } from './summary';
import { CASES, failed, row } from './testRows';

const [liver, aorta, across] = CASES.map(({ id }) => id);

describe('accuracyPage', () => {
  it('says when and where, shows the picture, and gives tables, checks and failures', () => {
    const results = new Results(
      CASES,
      ['context', 'interpolate'],
      [
        row(liver, 'context', { iou: 0.9 }),
        row(liver, 'interpolate', { iou: 0.8, date: '2026-01-03T00:00:00.000Z' }),
        failed(aorta, 'context', 'found nowhere'),
        row(across, 'context', { iou: 0.6 }),
      ],
    );
    const { page, caption } = accuracyPage(results, 'accuracy.svg');
    expect(caption).toBe('2026-01-02 to 2026-01-03; 2 cores');
    expect(page).toContain(caption);
    expect(page).toContain('](accuracy.svg)');
    expect(page).toContain('| ct/liver/5 | 0.9000 | 0.8000 |');
    expect(page).toContain('- context less interpolate, worst case: +0.1000 (ct/liver/5)');
    expect(page).toContain('## Means within one study\n\n| Method | IoU |');
    expect(page).toContain('## Means across studies\n\n| Method | IoU | Dice | accepted |');
    expect(page).toContain('with a Dice of at least 0.9');
    expect(page).toContain('## Failures\n\n- ct/aorta/5 context: found nowhere\n');
  });

  it('leaves out what there is nothing to say about', () => {
    const results = new Results(CASES.slice(0, 1), ['paper'], [row(liver, 'paper')]);
    const { page, caption } = accuracyPage(results, 'accuracy.svg');
    expect(caption).toBe('2026-01-02; 2 cores');
    expect(page).not.toMatch(/## Checks|## Failures|across studies/);
  });
});
