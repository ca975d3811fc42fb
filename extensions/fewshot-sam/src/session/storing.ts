import { FewshotError } from 'fewshot-sam';
import type { Archive } from './archive';
import type { Collected, PredictedSlices } from './collect';
import type { StoreState } from './state';

/** Stores and downloads, one at a time, and says how it goes. */
export class Storing {
  private controller: AbortController | null = null;
  /** The segmentation that the state shown is about. */
  private segmentationId: string | undefined;

  /** @param show is given each new state */
  constructor(
    private readonly archive: Archive,
    private readonly show: (store: StoreState) => void,
  ) {}

  async store(collected: Collected, predicted: PredictedSlices): Promise<void> {
    if (this.controller) return;
    const controller = new AbortController();
    this.controller = controller;
    this.segmentationId = collected.segmentation?.segmentationId;
    this.show({ state: 'storing', step: { phase: 'making' } });
    try {
      const stored = await this.archive.store(
        collected,
        predicted,
        step => !controller.signal.aborted && this.show({ state: 'storing', step }),
        controller.signal,
      );
      this.show({ state: 'stored', ...stored });
    } catch (error) {
      if (error instanceof FewshotError && error.code === 'cancelled') {
        this.show({ state: 'stopped' });
      } else {
        this.show({ state: 'failed', ...this.archive.explain(error) });
      }
    } finally {
      this.controller = null;
    }
  }

  cancel(): void {
    if (!this.controller || this.controller.signal.aborted) return;
    this.show({ state: 'storing', step: { phase: 'stopping' } });
    this.controller.abort();
  }

  async download(collected: Collected, predicted: PredictedSlices): Promise<void> {
    try {
      await this.archive.download(collected, predicted);
    } catch (error) {
      this.show({ state: 'failed', ...this.archive.explain(error) });
    }
  }

  /** What was said about one segmentation does not hold for another that is shown now. */
  follow({ segmentation }: Collected): void {
    if (this.controller || !segmentation || !this.segmentationId) return;
    if (segmentation.segmentationId === this.segmentationId) return;
    this.segmentationId = undefined;
    this.show({ state: 'idle' });
  }
}
