import { expect, type Locator, type Page } from '@playwright/test';
import { pageFunctions } from './pageFunctions';

/** An ellipse in fractions of the viewport's width and height. */
export interface Ellipse {
  x: number;
  y: number;
  radiusX: number;
  radiusY: number;
}

/** The viewer, driven by mouse and keyboard as its user does. */
export class Ohif {
  readonly viewport: Locator;
  readonly panel: Locator;
  readonly propagateButton: Locator;

  /**
   * @param tour whether the tour of the first visit is shown, if it was not yet
   * @param encodesAhead whether slices are encoded while the user draws: what a run does, and how it fails,
   *   would depend on how far that came
   */
  constructor(
    private readonly page: Page,
    private readonly choice: { tour?: boolean; encodesAhead?: boolean } = {},
  ) {
    this.viewport = page.locator('[data-cy="viewport-pane"]').first();
    this.panel = page.getByRole('region', { name: 'Few-shot' });
    this.propagateButton = page.locator('[data-cy="FewshotPropagate"]').first();
  }

  /** Opens a study of the site in our mode; by default its only one. */
  async openStudy(url: string, studyInstanceUid?: string): Promise<void> {
    const study = studyInstanceUid ?? (await onlyStudy(url));
    await this.page.addInitScript(pageFunctions);
    if (!this.choice.encodesAhead) {
      await this.page.addInitScript(() => localStorage.setItem('fewshot-sam.encode-ahead', 'off'));
    }
    if (!this.choice.tour) {
      await this.page.addInitScript(() => localStorage.setItem('shownTours', '["fewshotTour"]'));
    }
    await this.page.goto(`${url}/fewshot?StudyInstanceUIDs=${study}`);
    await expect.poll(() => this.sliceCount()).toBeGreaterThan(0);
    const notice = this.page.locator('[data-cy="confirm-and-hide-button"]');
    // It comes on the first visit only.
    if (await notice.isVisible()) await notice.click();
    await expect(notice).toBeHidden();
  }

  async tab(
    name: 'fewshot' | 'panelSegmentationWithToolsLabelMap' | 'panelSegmentationWithToolsContour',
  ): Promise<void> {
    // OHIF 3.11 has one panel of segmentation tools, without `LabelMap` in its name.
    const start = name.replace('LabelMap', '');
    await this.page.locator(`[data-cy^="${start}"][data-cy$="-btn"]`).first().click();
  }

  async addSegmentation(): Promise<void> {
    await this.tab('panelSegmentationWithToolsLabelMap');
    await this.page.locator('[data-cy="addSegmentation"]').click();
    await expect.poll(() => this.segmentIndices()).toEqual([1]);
  }

  /** A segmentation of contours, with one empty segment. */
  async addContourSegmentation(): Promise<void> {
    await this.tab('panelSegmentationWithToolsContour');
    await this.page.locator('[data-cy="addSegmentation"]').click();
    await expect.poll(() => this.segmentIndices()).toEqual([1]);
  }

  /** Another segmentation of the series, with one empty segment; it becomes the active one. */
  async addSecondSegmentation(): Promise<void> {
    const first = await this.activeSegmentationId();
    await this.tab('panelSegmentationWithToolsLabelMap');
    await this.page.locator('[data-cy="segmentation-collapsed-more-btn-Labelmap"]').click();
    await this.page.getByText('Create New Segmentation').click();
    await expect.poll(() => this.activeSegmentationId()).not.toBe(first);
    await expect.poll(() => this.segmentIndices()).toEqual([1]);
  }

  activeSegmentationId(): Promise<string | undefined> {
    return this.page.evaluate(() => window.ohif.activeSegmentation()?.segmentationId);
  }

  /** The active one, by the service that the viewer's own menu calls. */
  async removeSegmentation(): Promise<void> {
    await this.page.evaluate(() => window.ohif.removeSegmentation());
  }

  /** Makes one of several the active one, by its position in the viewer's list. */
  async chooseSegmentation(position: number): Promise<void> {
    await this.tab('panelSegmentationWithToolsLabelMap');
    await this.page.locator('[data-cy="segmentation-select-Labelmap"]').click();
    await this.page.getByRole('option').nth(position).click();
  }

  async chooseBrush(): Promise<void> {
    await this.tab('panelSegmentationWithToolsLabelMap');
    await this.page.locator('[data-cy="Brush-btn"]').click();
  }

  async setBrushRadius(millimeters: number): Promise<void> {
    const field = this.page.locator('input[type="number"]').first();
    await field.fill(String(millimeters));
    await field.press('Enter');
  }

  /**
   * Opens a stored segmentation or structure set of the study from the list of series.
   *
   * @param seriesNumber of which one; the first of the list unless told
   */
  async openSegmentation(
    seriesNumber?: string,
    modality: 'SEG' | 'RTSTRUCT' = 'SEG',
  ): Promise<void> {
    const thumbnails = this.page.locator('[data-cy^="study-browser-thumbnail"]');
    const segmentations = thumbnails.filter({ hasText: modality });
    const wanted = seriesNumber
      ? segmentations.filter({ hasText: `S:${seriesNumber}` })
      : segmentations.first();
    await wanted.dblclick();
    await this.page.getByRole('button', { name: 'Yes' }).click();
  }

  /** Scrolls by wheel to the slice at `position` of the stack, 0-based. */
  async scrollTo(position: number): Promise<void> {
    const { x, y } = await this.at(0.5, 0.5);
    await this.page.mouse.move(x, y);
    for (let turns = 0; turns < 400; turns++) {
      const shown = await this.position();
      if (shown === position) return;
      await this.page.mouse.wheel(0, shown < position ? 100 : -100);
      await expect.poll(() => this.position()).not.toBe(shown);
    }
    throw new Error(`Slice ${position} was not reached.`);
  }

  /** Shows a series of the study in the viewport. */
  async showSeries(description: string): Promise<void> {
    const thumbnails = this.page.locator('[data-cy^="study-browser-thumbnail"]');
    await thumbnails.filter({ hasText: description }).first().dblclick();
    await expect(this.viewport).toContainText(description);
  }

  /** The button is disabled and the panel says why. */
  async expectRefused(words?: string): Promise<void> {
    if (words) await expect(this.panel).toContainText(words);
    await expect(this.propagateButton.locator('button')).toBeDisabled();
  }

  /** A segmentation with the same shape on two slices. @returns what `voxels` does */
  async paintTwoSlices(ellipse: Ellipse): Promise<Record<string, number>> {
    await this.addSegmentation();
    await this.chooseBrush();
    await this.setBrushRadius(16);
    await this.paintSlices({ 1: ellipse, 3: ellipse }, 0.08);
    await this.tab('fewshot');
    await expect(this.panel.getByRole('button', { name: /^Go to slice/ })).toHaveCount(2);
    const drawn = await this.voxels();
    expect(Object.keys(drawn)).toHaveLength(2);
    return drawn;
  }

  /**
   * Fills an ellipse with the tool in hand, going to and fro with the mouse. Without a GPU each move takes
   * the viewer most of a second.
   *
   * @param brush its radius, in fractions of the viewport; rows are that far apart
   */
  async paint({ x, y, radiusX, radiusY }: Ellipse, brush = 0.045): Promise<void> {
    const steps = Math.ceil((2 * radiusY) / brush);
    const { mouse } = this.page;
    const box = (await this.viewport.boundingBox())!;
    let isDown = false;
    for (let i = 1; i < steps; i++) {
      const height = -1 + (2 * i) / steps;
      const half = Math.max(0, radiusX * Math.sqrt(1 - height ** 2) - brush / 2);
      const direction = i % 2 ? 1 : -1;
      for (const side of [-direction, direction]) {
        await mouse.move(
          box.x + (x + side * half) * box.width,
          box.y + (y + height * radiusY) * box.height,
          // In OHIF 3.11 and 3.12 a stroke of so few moves was not drawn.
          { steps: i === 1 ? 3 : 1 },
        );
        if (!isDown) await mouse.down();
        isDown = true;
      }
    }
    await mouse.up();
  }

  /** Drags with the mouse, in fractions of the viewport. */
  async drag(from: [number, number], to: [number, number]): Promise<void> {
    const { mouse } = this.page;
    const [start, end] = [await this.at(...from), await this.at(...to)];
    await mouse.move(start.x, start.y);
    await mouse.down();
    await mouse.move(end.x, end.y, { steps: 5 });
    await mouse.up();
  }

  /** Outlines an ellipse on each of some slices. */
  async paintSlices(ellipses: Record<number, Ellipse>, brush?: number): Promise<void> {
    for (const [position, ellipse] of Object.entries(ellipses)) {
      await this.scrollTo(Number(position));
      await this.paint(ellipse, brush);
    }
  }

  async at(x: number, y: number): Promise<{ x: number; y: number }> {
    const box = (await this.viewport.boundingBox())!;
    return { x: box.x + x * box.width, y: box.y + y * box.height };
  }

  /** Position in the stack of the slice that the active viewport shows. */
  position(): Promise<number> {
    return this.page.evaluate(() => window.ohif.activeViewport()!.getCurrentImageIdIndex());
  }

  sliceCount(): Promise<number> {
    return this.page.evaluate(() => window.ohif.activeViewport()?.getImageIds().length ?? 0);
  }

  segmentIndices(): Promise<number[]> {
    return this.page.evaluate(() =>
      Object.values(window.ohif.activeSegmentation()?.segments ?? {}).map(
        segment => segment.segmentIndex,
      ),
    );
  }

  /** Voxels of a segment on each slice, by SOP Instance UID; slices without it are left out. */
  voxels(segmentIndex = 1): Promise<Record<string, number>> {
    return this.page.evaluate(index => window.ohif.countVoxels(index), segmentIndex);
  }

  /** SOP Instance UIDs of the series shown, from feet to head. */
  upwards(): Promise<string[]> {
    return this.page.evaluate(() => window.ohif.upwards());
  }

  /** Draws exact masks, which no hand could: SOP Instance UID -> one byte per voxel. */
  async draw(masks: Record<string, Uint8Array>, segmentIndex = 1): Promise<void> {
    const encoded = Object.fromEntries(
      Object.entries(masks).map(([uid, mask]) => [uid, Buffer.from(mask).toString('base64')]),
    );
    await this.page.evaluate(([byUid, index]) => window.ohif.draw(byUid, index), [
      encoded,
      segmentIndex,
    ] as const);
  }

  /**
   * Draws an ellipse on slices, without the time that a mouse takes.
   *
   * @param slices counted from 1, as the panel does
   * @param ellipse in fractions of the image
   * @param side rows and columns of the images; by default those of the demo study
   */
  async drawEllipses(
    slices: number[],
    ellipse: Ellipse,
    segmentIndex = 1,
    side = 256,
  ): Promise<void> {
    const mask = Uint8Array.from({ length: side * side }, (_, i) => {
      const x = ((i % side) / side - ellipse.x) / ellipse.radiusX;
      const y = (Math.floor(i / side) / side - ellipse.y) / ellipse.radiusY;
      return Number(x * x + y * y <= 1);
    });
    const uids = await this.shownUids();
    await this.draw(Object.fromEntries(slices.map(slice => [uids[slice - 1], mask])), segmentIndex);
  }

  /** SOP Instance UIDs of the series in the order in which the panel counts its slices. */
  async shownUids(): Promise<string[]> {
    const upwards = await this.upwards();
    const shown = await this.page.evaluate(() => window.ohif.shownUids());
    return shown[0] === upwards[0] ? upwards : upwards.reverse();
  }

  /** The segment on each slice, by SOP Instance UID, one byte per voxel. */
  async masks(segmentIndex = 1): Promise<Record<string, Buffer>> {
    const masks = await this.page.evaluate(index => window.ohif.masks(index), segmentIndex);
    return Object.fromEntries(
      Object.entries(masks).map(([uid, mask]) => [uid, Buffer.from(mask, 'base64')]),
    );
  }

  /** In the settings of the panel, by its words there. */
  async chooseMethod(words: string): Promise<void> {
    const choice = this.panel.getByRole('radio', { name: words });
    if (!(await choice.isVisible()))
      await this.panel.getByText('Settings', { exact: true }).click();
    await choice.check();
  }

  /** First and last slice to segment, counted from 1. */
  async chooseRange(from: number, to: number): Promise<void> {
    await this.panel.getByText('Settings').click();
    for (const [name, slice] of [
      ['Last slice', to],
      ['First slice', from],
    ] as const) {
      const field = this.panel.getByLabel(name, { exact: true });
      await field.fill(String(slice));
      await field.press('Enter');
    }
    await expect(this.panel).toContainText(`slices ${from}–${to}`);
  }

  /** Presses the toolbar button and waits for the result. */
  async propagate(): Promise<void> {
    await this.propagateButton.click();
    await expect(this.panel.getByRole('progressbar')).toBeVisible();
    await this.expectReview();
  }

  async expectReview(): Promise<void> {
    await expect(this.panel).toContainText('Review the result', { timeout: 400_000 });
  }

  /** What the run took, as the panel says it: whole seconds, 1 at least. */
  async runSeconds(): Promise<number> {
    const text = (await this.panel.textContent()) ?? '';
    const [, minutes = '0', seconds = '0'] =
      /Done in (?:(\d+) min)? ?(?:(\d+) s)?/.exec(text) ?? [];
    return 60 * Number(minutes) + Number(seconds);
  }

  /** Accepts all that was found and waits until it is written. */
  async acceptAll(): Promise<void> {
    await this.panel.getByRole('button', { name: /^Accept all/ }).click();
    const unseen = this.panel.getByRole('button', { name: 'Accept and finish' });
    const store = this.panel.getByRole('button', { name: 'Store to archive' });
    await expect(unseen.or(store)).toBeVisible();
    // The panel asks where slices were never shown.
    if (await unseen.isVisible()) await unseen.click();
    await expect(store).toBeVisible();
  }

  /** Slices without a decision, as the panel says it. */
  async leftToLookAt(): Promise<number> {
    const text = (await this.panel.textContent()) ?? '';
    if (text.includes('every slice is decided')) return 0;
    return Number(/(\d+) slices? to look at/.exec(text)?.[1] ?? NaN);
  }

  /** Whether the browser asks before the page is left. */
  asksBeforeLeaving(): Promise<boolean> {
    return this.page.evaluate(
      () => !window.dispatchEvent(new Event('beforeunload', { cancelable: true })),
    );
  }

  /** Drafts of unfinished work that the browser keeps. */
  keptDrafts(): Promise<{ name: string; text: string }[]> {
    return this.page.evaluate(async () => {
      const root = await navigator.storage.getDirectory();
      const folder = await root.getDirectoryHandle('fewshot-sam-drafts', { create: true });
      const drafts: { name: string; text: string }[] = [];
      for await (const [name, handle] of folder.entries()) {
        // One that is being replaced may be gone by now.
        const file = await (handle as FileSystemFileHandle).getFile().catch(() => null);
        if (file) drafts.push({ name, text: await file.text().catch(() => '') });
      }
      // A file that is just being written has a companion of another name.
      return drafts.filter(draft => /^[0-9a-f]{64}$/.test(draft.name));
    });
  }

  /** Outlines of predictions drawn over the active viewport, by what was decided. */
  predictions(look: 'before' | 'predicted' | 'accepted' | 'rejected'): Locator {
    return this.viewport.locator(`.fewshot-preview path[data-look="${look}"]`);
  }
}

async function onlyStudy(url: string): Promise<string> {
  const [study] = await (await fetch(`${url}/dicomweb/studies`)).json();
  return study['0020000D'].Value[0];
}
