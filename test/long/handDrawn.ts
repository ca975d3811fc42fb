import type { Ohif } from '../browser/ohif';

const SEGMENTS = [1, 2, 3];

/**
 * What was drawn by hand, as the last hand left it: segment and SOP Instance UID -> mask. Everything else
 * in a segmentation is what propagations wrote.
 */
export class HandDrawn {
  private readonly masks = new Map<string, Buffer>();
  /** What was drawn, or brought back, since this study was opened: the history goes back no further. */
  private readonly inHistory = new Set<string>();

  constructor(private readonly ohif: Ohif) {}

  /** A study is opened anew. */
  noteOpened(): void {
    this.inHistory.clear();
  }

  /** What was drawn on the series shown before a reload is there again, in a step of its own. */
  async noteBroughtBack(): Promise<void> {
    for (const uid of await this.ohif.shownUids()) {
      for (const segment of SEGMENTS) this.inHistory.add(keyOf(segment, uid));
    }
  }

  /** Slices that were drawn on in the series shown. */
  async slicesShown(): Promise<number> {
    const shown = new Set(await this.ohif.shownUids());
    return new Set([...this.masks.keys()].map(uidOf).filter(uid => shown.has(uid))).size;
  }

  /** What a slice holds, by segment, before a hand is on it. */
  async look(uid: string): Promise<Map<number, Buffer | undefined>> {
    const masks = new Map<number, Buffer | undefined>();
    for (const segment of await this.segments()) {
      masks.set(segment, (await this.ohif.masks(segment))[uid]);
    }
    return masks;
  }

  /**
   * A hand was on this slice: what it changed is drawn now. Other segments there may be what a propagation
   * wrote.
   *
   * @param before what `look` saw
   */
  async note(uid: string, before: Map<number, Buffer | undefined>): Promise<void> {
    for (const [segment, mask] of await this.look(uid)) {
      const old = before.get(segment);
      const isSame = mask && old ? mask.equals(old) : !mask?.includes(1) && !old?.includes(1);
      if (isSame) continue;
      this.inHistory.add(keyOf(segment, uid));
      if (mask?.includes(1)) this.masks.set(keyOf(segment, uid), mask);
      else this.masks.delete(keyOf(segment, uid));
    }
  }

  /**
   * Undo and redo were pressed: what they changed may be what a hand drew or what a propagation wrote
   * before, so nothing is said of it until a hand is on it again.
   */
  async noteHistory(): Promise<void> {
    // Also on series of the study that cannot be seen now.
    const shown = new Set(await this.ohif.shownUids());
    for (const key of this.inHistory) if (!shown.has(uidOf(key))) this.masks.delete(key);
    for (const segment of SEGMENTS) {
      const masks = await this.ohif.masks(segment);
      for (const uid of await this.ohif.shownUids()) {
        const drawn = this.masks.get(keyOf(segment, uid));
        if (drawn && !masks[uid]?.equals(drawn)) this.masks.delete(keyOf(segment, uid));
      }
    }
  }

  /** The user let go of what was drawn on the series shown. */
  async forgetShown(): Promise<void> {
    for (const uid of await this.ohif.shownUids()) {
      for (const segment of SEGMENTS) this.masks.delete(keyOf(segment, uid));
    }
  }

  /** Slices that are not as they were drawn, of the active segmentation; empty where there is none. */
  async altered(): Promise<string[]> {
    const altered: string[] = [];
    for (const segment of await this.segments()) {
      for (const [uid, mask] of Object.entries(await this.ohif.masks(segment))) {
        const drawn = this.masks.get(keyOf(segment, uid));
        if (drawn && !drawn.equals(mask)) {
          const count = (bytes: Buffer) => bytes.reduce((sum, byte) => sum + byte, 0);
          altered.push(`segment ${segment} on ${uid}: ${count(drawn)} voxels, now ${count(mask)}`);
        }
      }
    }
    return altered;
  }

  private async segments(): Promise<number[]> {
    return (await this.ohif.segmentIndices()).filter(index => SEGMENTS.includes(index));
  }
}

function keyOf(segment: number, uid: string): string {
  return `${segment}/${uid}`;
}

function uidOf(key: string): string {
  return key.slice(key.indexOf('/') + 1);
}
