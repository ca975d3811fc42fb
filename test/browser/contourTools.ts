/** OHIF's contour tools, by mouse, and what they drew. */
import type { Page } from '@playwright/test';
import type { Ellipse, Ohif } from './ohif';

/** Moves the mouse around an ellipse. @param act called at each of the points */
async function around(
  page: Page,
  ohif: Ohif,
  { x, y, radiusX, radiusY }: Ellipse,
  points: number,
  act: (at: { x: number; y: number }, i: number) => Promise<void>,
): Promise<void> {
  for (let i = 0; i <= points; i++) {
    const angle = (2 * Math.PI * i) / points;
    const at = await ohif.at(x + radiusX * Math.cos(angle), y + radiusY * Math.sin(angle));
    await page.mouse.move(at.x, at.y, { steps: 2 });
    await act(at, i);
  }
}

/** Draws around an ellipse with the mouse button down, as freehand contours are drawn. */
export async function trace(page: Page, ohif: Ohif, ellipse: Ellipse): Promise<void> {
  await around(page, ohif, ellipse, 24, async (_, i) => {
    if (i === 0) await page.mouse.down();
  });
  await page.mouse.up();
}

/** Clicks points around an ellipse, and again where it closes, as splines and livewires are drawn. */
export async function clickAround(page: Page, ohif: Ohif, ellipse: Ellipse): Promise<void> {
  await around(page, ohif, ellipse, 8, ({ x, y }) => page.mouse.click(x, y));
}

/** Contours of the active segmentation: their points in the patient, and about how many voxels they enclose. */
export function contoursIn(page: Page): Promise<{ points: number[][]; voxels: number }[]> {
  return page.evaluate(() => window.ohif.contours());
}
