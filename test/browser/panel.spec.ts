/**
 * The panel in a real browser, in every state of the gallery: how it looks (all states in one picture,
 * in test-results/panel/), that it works by keyboard, and that axe finds nothing serious.
 */
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { GalleryStore } from '../gallery/galleryStore';
import { buildGallery } from '../gallery/build';

declare global {
  interface Window {
    galleryStates: string[];
    galleryStores: Record<string, GalleryStore>;
  }
}

const WIDTHS = [280, 320];
let url = '';
let folder = '';
let errors: string[] = [];

test.beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'fewshot-gallery-'));
  url = pathToFileURL(await buildGallery(folder)).href;
});

test.afterAll(() => rm(folder, { recursive: true, force: true }));

test.beforeEach(({ page }) => {
  errors = [];
  page.on('pageerror', error => errors.push(error.message));
  page.on('console', message => message.type() === 'error' && errors.push(message.text()));
});

test.afterEach(() => expect(errors).toEqual([]));

/** Shows one state alone. */
async function open(page: Page, state: string): Promise<void> {
  await page.goto('about:blank');
  await page.goto(`${url}#${state}`);
  await expect(page.locator('.fewshot')).toBeVisible();
}

async function stateNames(page: Page): Promise<string[]> {
  await page.goto(url);
  return page.evaluate(() => window.galleryStates);
}

const asked = (page: Page, state: string) =>
  page.evaluate(name => window.galleryStores[name].asked, state);

const focusedName = (page: Page) =>
  page.evaluate(
    () =>
      document.activeElement?.getAttribute('aria-label') ??
      document.activeElement?.textContent?.trim() ??
      '',
  );

/** Shows all states in one page; so wide that few rows hold them. */
async function openAll(page: Page): Promise<string[]> {
  await page.setViewportSize({ width: 3200, height: 900 });
  const states = await stateNames(page);
  await expect(page.locator('.frame .fewshot')).toHaveCount(states.length);
  return states;
}

/** What axe finds in all panels together, and where: the state is the first part of the place. */
async function seriousViolations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .include('.fewshot')
    // Only these are described node by node: of what passes there are thousands.
    .options({ resultTypes: ['violations'] })
    .analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, html }) => `${target.join(' ')}: ${id} ${html}`),
    );
}

/** What is wider than the panel, or cut off without the dots that say so, in all of them. */
function misfits(page: Page, width: number): Promise<string[]> {
  return page.evaluate(pixels => {
    const frames = [...document.querySelectorAll<HTMLElement>('.frame')];
    for (const frame of frames) frame.style.width = `${pixels}px`;
    return frames.flatMap(frame => {
      const panel = frame.querySelector('.fewshot')!;
      const over = panel.scrollWidth - panel.clientWidth;
      const cut = [...panel.querySelectorAll('*')].filter(element => {
        const { overflowX, textOverflow } = getComputedStyle(element);
        return (
          element.scrollWidth > element.clientWidth &&
          overflowX === 'hidden' &&
          textOverflow !== 'ellipsis' &&
          !element.classList.contains('fs-hidden')
        );
      });
      return [
        ...(over > 0 ? [`${frame.id} at ${pixels} px: ${over} px too wide`] : []),
        ...cut.map(element => `${frame.id} at ${pixels} px: cut off ${element.outerHTML}`),
      ];
    });
  }, width);
}

/** Opens what is folded away at first: settings, ranges, menus and forms of tasks. */
function unfold(page: Page): Promise<void> {
  return page.evaluate(async () => {
    const press = async (selector: string, words: RegExp) => {
      for (const button of document.querySelectorAll<HTMLElement>(selector)) {
        if (words.test(button.getAttribute('aria-label') ?? button.textContent ?? ''))
          button.click();
      }
      await new Promise(requestAnimationFrame);
    };
    for (const fold of document.querySelectorAll('details')) fold.open = true;
    await press('.frame button', /^More for/);
    await press('.frame button:not([aria-disabled="true"])', /^Save as task/);
    // The same tasks are in another state once more: there their forms.
    await press('#tasks-elsewhere .fs-task:nth-child(1) button', /^Rename/);
    await press('#tasks-elsewhere .fs-task:nth-child(2) button', /^Delete/);
    await press('#tasks-elsewhere .fs-task:nth-child(3) button', /^Apply/);
  });
}

test('every state: disabled buttons say why, it fits its width, passes axe, and is pictured', async ({
  page,
}) => {
  expect((await openAll(page)).length).toBeGreaterThan(15);
  await test.step('every disabled button of a review says why', async () => {
    const disabled = await page.locator('[id^="review"] button[aria-disabled="true"]').all();
    expect(disabled.length).toBeGreaterThan(20);
    for (const button of disabled) {
      await expect(button).toHaveAccessibleDescription(/\w+.*\. \w+/);
    }
  });
  for (const folds of ['folded', 'open']) {
    if (folds === 'open') await unfold(page);
    expect(await seriousViolations(page)).toEqual([]);
    for (const width of WIDTHS) {
      expect(await misfits(page, width)).toEqual([]);
      const file = path.join('test-results', 'panel', `all-${folds}-${width}.png`);
      await page.screenshot({ path: file, fullPage: true });
    }
  }
  await expect(page.getByRole('menuitem').first()).toBeVisible();
  await expect(page.getByText('Task and series do not match')).toBeVisible();
});

test('a disabled Propagate shows its reason', async ({ page }) => {
  for (const [state, reason] of [
    ['no-series', 'No series is shown in the active viewport.'],
    ['nothing-drawn', 'Nothing is outlined for Brain on this series.'],
    ['one-drawn', 'Only slice 10 is outlined.'],
    ['locked', 'Brain is locked.'],
  ]) {
    await open(page, state);
    const propagate = page.getByRole('button', { name: /^Few-shot propagate/ });
    await expect(propagate).toBeDisabled();
    await expect(propagate).toHaveAccessibleDescription(new RegExp(`^${reason}`));
    await expect(page.getByText(reason)).toBeInViewport();
  }
});

test('the thumbnail shows the slice and the outline in the color of the structure', async ({
  page,
}) => {
  await open(page, 'ready');
  const counts = await page
    .locator('canvas')
    .first()
    .evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      const grays = new Set<number>();
      let outline = 0;
      for (let i = 0; i < data.length; i += 4) {
        const [red, green, blue] = data.subarray(i, i + 3);
        if (red === green && green === blue) grays.add(red);
        if (red === 221 && green === 84 && blue === 84) outline++;
      }
      return { grays: grays.size, outline };
    });
  expect(counts.grays).toBeGreaterThan(50);
  expect(counts.outline).toBeGreaterThan(200);
});

test('by keyboard alone: choose, move, propagate, cancel', async ({ page }) => {
  await open(page, 'ready');
  const walk: string[] = [];
  for (let press = 0; press < 13; press++) {
    await page.keyboard.press('Tab');
    walk.push(await focusedName(page));
    const outline = await page.evaluate(() => {
      const element = document.activeElement!;
      const shown = element.closest('label') ?? element;
      return getComputedStyle(shown).outlineStyle;
    });
    expect(outline, `focus is seen on ${walk.at(-1)}`).toBe('solid');
  }
  expect(walk).toEqual([
    'Add structure',
    'Brain, on 3 slices',
    'Brush',
    'Eraser',
    'Threshold',
    'Circle',
    'Term for Brain',
    'Go to slice 6',
    'Learn from slice 6',
    'Slice shown',
    'Not on this slice',
    expect.stringContaining('Settings'),
    'Few-shot propagate Brain',
  ]);

  await page.getByRole('radio', { name: /Brain/ }).focus();
  await page.keyboard.press('ArrowDown');
  expect(await asked(page, 'ready')).toEqual(['selectSegment 2']);
  await page.keyboard.press('ArrowUp');

  await page.getByRole('button', { name: 'Go to slice 6' }).focus();
  await page.keyboard.press('ArrowRight');
  expect(await focusedName(page)).toBe('Go to slice 10');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  const strip = page.getByRole('slider');
  await expect(strip).toHaveAttribute('aria-valuetext', 'Slice 15 of 19, outlined by you');
  await strip.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(strip).toHaveAttribute('aria-valuenow', '14');

  await page.getByRole('button', { name: /^Few-shot propagate/ }).focus();
  await page.keyboard.press('Space');
  await expect(page.getByRole('progressbar', { name: 'Loading the model' })).toBeVisible();
  expect(await focusedName(page)).toBe('Cancel');
  await expect(
    page.getByRole('progressbar', { name: 'Encoding the outlined slices' }),
  ).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Stopping…' })).toBeVisible();
  await expect(page.getByRole('button', { name: /^Few-shot propagate/ })).toBeFocused();
});

test('a term by keyboard: type, move, take, and leave as it was', async ({ page }) => {
  await open(page, 'ready');
  const term = page.getByRole('combobox', { name: 'Term for Brain' });
  await term.focus();
  await page.keyboard.type('left kid');
  const options = page.getByRole('listbox', { name: 'Terms' }).getByRole('option');
  await expect(options.first()).toHaveText('Left kidney');
  await expect(options.first()).toHaveAttribute('aria-selected', 'true');
  await page
    .locator('.frame')
    .screenshot({ path: path.join('test-results', 'panel', 'term-list.png') });
  const { violations } = await new AxeBuilder({ page })
    .include('.fewshot')
    // Only these are described node by node: of what passes there are thousands.
    .options({ resultTypes: ['violations'] })
    .analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  await page.keyboard.press('ArrowDown');
  await expect(options.nth(1)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  expect(await asked(page, 'ready')).toEqual(['chooseTerm 1 64033007.L']);
  await expect(term).toHaveValue('Left kidney');
  await expect(term).toHaveAccessibleDescription('SNOMED CT 64033007');
  await expect(options).toHaveCount(0);

  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('belly');
  await expect(page.getByText('No term for “belly”.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(term).toHaveValue('Left kidney');
  await page.getByRole('button', { name: 'Remove term Left kidney' }).click();
  await expect(term).toHaveValue('');
});

test('from the button to the archive', async ({ page }) => {
  await open(page, 'ready');
  await page.getByRole('button', { name: /^Few-shot propagate/ }).click();
  await expect(page.getByRole('heading', { name: 'Review the result' })).toBeFocused();
  await expect(
    page.getByText('16 slices segmented, 9 of them beyond your outlines.', { exact: true }),
  ).toBeVisible();
  await page.getByRole('button', { name: 'Accept all 16 and finish' }).focus();
  await page.keyboard.press('Enter');
  // Most were never shown, so the panel asks.
  await expect(page.getByRole('button', { name: 'Accept and finish' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Store to archive' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Stored in the archive')).toBeVisible();
  expect(await asked(page, 'ready')).toEqual(['propagate', 'acceptAll', 'storeSeg']);
});

test('a review by keyboard: the least sure first, to the button that writes', async ({ page }) => {
  await open(page, 'review');
  const strip = page.getByRole('slider');
  // From a slice that needs no look, the way begins with the least sure one.
  await strip.focus();
  await page.keyboard.press('ArrowRight');
  await expect(strip).toHaveAttribute('aria-valuetext', /^Slice 10 of 19, outlined by you/);
  await page.getByRole('heading', { name: 'Review the result' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(strip).toHaveAttribute('aria-valuetext', /^Slice 12 of 19, segmented, to decide/);
  await page.keyboard.press('Delete');
  await expect(page.getByText('9 slices to look at')).toBeVisible();
  for (let press = 0; press < 9; press++) await page.keyboard.press('Enter');
  await expect(page.getByText('every slice is decided')).toBeVisible();
  const finish = page.getByRole('button', { name: 'Finish: write 9 accepted slices' });
  await expect(finish).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Store to archive' })).toBeFocused();
  const decisions = (await asked(page, 'review')).filter(
    action => !/^(look|goToSlice)/.test(action),
  );
  expect(decisions).toEqual(['reject', ...Array(9).fill('accept'), 'finish']);
});

test('a drag over the strip goes through the slices', async ({ page }) => {
  await open(page, 'long-series');
  const strip = page.getByRole('slider');
  const box = (await strip.boundingBox())!;
  await page.mouse.move(box.x + 1, box.y + 20);
  await page.mouse.down();
  await expect(strip).toHaveAttribute('aria-valuenow', /^[123]$/);
  await page.mouse.move(box.x + box.width / 2, box.y + 20, { steps: 4 });
  await expect(strip).toHaveAttribute('aria-valuenow', /^20[5-8]$/);
  await page.mouse.move(box.x + box.width + 60, box.y + 20);
  await expect(strip).toHaveAttribute('aria-valuenow', '412');
  await page.mouse.up();
});

test('nothing moves for those who asked for it', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open(page, 'preparing');
  const moving = await page.evaluate(
    () => document.getAnimations().filter(animation => animation.playState === 'running').length,
  );
  expect(moving).toBe(0);
});
