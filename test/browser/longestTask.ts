import { expect, type Page } from '@playwright/test';

/** The plug-in's longest task on a page's main thread. */
export class LongestTask {
  constructor(private readonly page: Page) {}

  /**
   * From now on keeps the plug-in's longest task on the page's main thread, with all that it calls.
   * The viewer's own drawing is left out: without a GPU a single picture may take longer.
   */
  async start(): Promise<void> {
    await this.page.evaluate(() => {
      window.longestTask = 0;
      new PerformanceObserver(list => {
        for (const frame of list.getEntries() as LongAnimationFrame[]) {
          for (const script of frame.scripts) {
            if (!script.sourceURL.includes('/plugins/fewshot/')) continue;
            if (script.duration <= window.longestTask) continue;
            window.longestTask = script.duration;
            window.longestTaskIn = `${script.invoker}, ${script.sourceFunctionName || 'unnamed'} at ${script.sourceCharPosition}`;
          }
        }
      }).observe({ type: 'long-animation-frame' });
    });
    await this.prove();
  }

  /** A task of known length in the plug-in's folder must be seen, or the watch proves nothing. */
  private async prove(): Promise<void> {
    const body = 'setTimeout(() => { for (const end = Date.now() + 150; Date.now() < end; ); });';
    await this.page.route('**/plugins/fewshot/busy.js', route =>
      route.fulfill({ contentType: 'text/javascript', body }),
    );
    await this.page.addScriptTag({ url: '/plugins/fewshot/busy.js' });
    await expect.poll(() => this.milliseconds()).toBeGreaterThan(140);
    await this.page.evaluate(() => {
      window.longestTask = 0;
    });
  }

  /** What called it, and where it began. */
  where(): Promise<string> {
    return this.page.evaluate(() => window.longestTaskIn);
  }

  /** Milliseconds. */
  milliseconds(): Promise<number> {
    return this.page.evaluate(() => window.longestTask);
  }
}

/** Not in TypeScript's library yet (https://w3c.github.io/long-animation-frames/). */
interface LongAnimationFrame extends PerformanceEntry {
  scripts: {
    sourceURL: string;
    duration: number;
    invoker: string;
    sourceFunctionName: string;
    sourceCharPosition: number;
  }[];
}

declare global {
  interface Window {
    longestTask: number;
    longestTaskIn: string;
  }
}
