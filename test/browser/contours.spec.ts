/** Outlines drawn as contours with OHIF's own tools, by mouse, and RTSTRUCTs of the study. */
import { expect, test } from './fixtures';
import { Ohif, type Ellipse } from './ohif';
import { startSite, type Site } from './site';

/** The brain on three slices, by position in the stack. */
const BRAIN: Record<number, Ellipse> = {
  3: { x: 0.505, y: 0.49, radiusX: 0.2, radiusY: 0.26 },
  6: { x: 0.51, y: 0.475, radiusX: 0.25, radiusY: 0.31 },
  8: { x: 0.503, y: 0.48, radiusX: 0.27, radiusY: 0.32 },
};

let site: Site;
test.beforeAll(async () => {
  site = await startSite();
});
test.afterAll(() => site.stop());

test('contours drawn freehand are outlines; the result goes to a labelmap of the same name', async ({
  page,
}) => {
  const look = (name: string) => page.screenshot({ path: `test-results/contours/${name}.png` });
  const ohif = new Ohif(page);
  await ohif.openStudy(site.url);
  await ohif.addContourSegmentation();
  await ohif.tab('fewshot');
  await look('tools');
  await ohif.panel.getByRole('button', { name: 'Freehand' }).click();
  for (const [position, ellipse] of Object.entries(BRAIN)) {
    await ohif.scrollTo(Number(position));
    await ohif.trace(ellipse);
    await look(`drawn-${position}`);
  }
  await expect(ohif.panel.getByRole('button', { name: /^Go to slice/ })).toHaveCount(3);
  await look('drawn');
  await ohif.propagate();
  await look('review');
});
