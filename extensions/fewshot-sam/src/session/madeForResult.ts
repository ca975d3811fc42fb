import type { MadeSegment } from '../viewer/madeSegment';
import type { Viewer } from '../viewer/viewer';
import type { OutlineCollector } from './outlineCollector';

/** The segment that was added for a result: it goes with the result, unless something was in it. */
export class MadeForResult {
  private made: MadeSegment | null = null;

  constructor(
    private readonly viewer: Pick<Viewer, 'removeMade'>,
    private readonly collecting: Pick<OutlineCollector, 'refresh' | 'isUnused'>,
  ) {}

  note(made: MadeSegment): void {
    this.made = made;
  }

  /** The result was discarded. What was drawn since, also if it was taken back, makes the segment the user's. */
  async remove(): Promise<void> {
    const { made } = this;
    this.made = null;
    if (!made) return;
    // The last stroke may still be settling.
    await this.collecting.refresh();
    if (this.collecting.isUnused(made)) this.viewer.removeMade(made);
  }
}
