import type { Ohif } from '../browser/ohif';

const SEGMENTS = [1, 2, 3];

/**
 * What was drawn by hand, as the last hand left it: segment and SOP Instance UID -> mask. Everything else
 * in a segmentation is what propagations wrote.
 */
export class HandDrawn {
  private readonly masks = new Map<string, Buffer>();

  constructor(private readonly ohif: Ohif) {}

  /** Slices that were drawn on in the series shown. */
  async slicesShown(): Promise<number> {
    const shown = new Set(await this.ohif.shownUids());
    return new Set([...this.masks.keys()].map(uidOf).filter(uid => shown.has(uid))).size;
  }

  /** A hand was on this slice: whatever it holds now is drawn. */
  async note(uid: string): Promise<void> {
    for (const segment of await this.segments()) {
      const mask = (await this.ohif.masks(segment))[uid];
      if (mask?.includes(1)) this.masks.set(keyOf(segment, uid), mask);
      else this.masks.delete(keyOf(segment, uid));
    }
  }

  /** Strokes were taken back or made again by undo and redo. */
  async noteHistory(): Promise<void> {
    for (const uid of new Set([...this.masks.keys()].map(uidOf))) {
      if ((await this.ohif.shownUids()).includes(uid)) await this.note(uid);
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
