import type { MadeSegment } from '../viewer/madeSegment';
import type { Viewer } from '../viewer/viewer';
import type { OutlineCollector } from './outlineCollector';

/** Segment that was added for a result. Discarding the result removes it, unless it was used. */
export class MadeForResult {
  private made: MadeSegment | null = null;

  constructor(
    private readonly viewer: Pick<Viewer, 'removeMade'>,
    private readonly collecting: Pick<OutlineCollector, 'refresh' | 'isUnused'>,
  ) {}

  note(made: MadeSegment): void {
    this.made = made;
  }

  /** Call it when the result is discarded. A segment that ever held a stroke, even an undone one, stays. */
  async remove(): Promise<void> {
    const { made } = this;
    this.made = null;
    if (!made) return;
    // The last stroke may still be settling.
    await this.collecting.refresh();
    if (this.collecting.isUnused(made)) this.viewer.removeMade(made);
  }
}
