import type { MadeSegment } from '../viewer/madeSegment';
import type { Viewer } from '../viewer/viewer';
import type { OutlineCollector } from './outlineCollector';

/**
 * Segment or labelmap segmentation that was added for a result. Discarding the result removes it, unless it
 * was used.
 */
export class MadeForResult {
  private made: MadeSegment | null = null;
  private discardCopy: (() => Promise<void>) | null = null;

  constructor(
    private readonly viewer: Pick<Viewer, 'removeMade'>,
    private readonly collecting: Pick<OutlineCollector, 'refresh' | 'isUnused'>,
  ) {}

  note(made: MadeSegment): void {
    this.made = made;
  }

  /** @param discard removes a copy of contours, if it still is one */
  noteCopy(discard: () => Promise<void>): void {
    this.discardCopy = discard;
  }

  /** Call it when the result is discarded. A segment that ever held a stroke, even an undone one, stays. */
  async remove(): Promise<void> {
    const { made, discardCopy } = this;
    this.made = null;
    this.discardCopy = null;
    await discardCopy?.();
    if (!made) return;
    // The last stroke may still be settling.
    await this.collecting.refresh();
    if (this.collecting.isUnused(made)) this.viewer.removeMade(made);
  }
}
