import type { Collected } from './collect';

/** What a segmentation holds, so that a change of it shows: its segments' names, colours and voxels. */
export function contentsOf({ segments }: Collected): string {
  return JSON.stringify(
    segments.map(({ segmentIndex, label, color, slices }) => [
      segmentIndex,
      label,
      color,
      [...slices].map(([slice, { hash }]) => [slice, hash]),
    ]),
  );
}

interface Known {
  /** Slices of another plane hold the same voxels, and have other digests. */
  byPlane: Map<string, string>;
  isSame: boolean;
}

/** Tells whether a segmentation is still what it was when it was noted, in whatever plane it is shown. */
export class StoredContents {
  private readonly known = new Map<string, Known>();

  /** @param contents of what was collected */
  note({ series, segmentation }: Collected, contents: string): void {
    if (!segmentation) return;
    const byPlane = new Map([[planeOf(series), contents]]);
    this.known.set(segmentation.segmentationId, { byPlane, isSame: true });
  }

  /** @returns false for what was never noted */
  isSame({ series, segmentation }: Collected, contents: string): boolean {
    const known = segmentation && this.known.get(segmentation.segmentationId);
    if (!known) return false;
    const plane = planeOf(series);
    // In a plane it is seen in for the first time, it is what it was when it was last looked at.
    if (known.isSame && !known.byPlane.has(plane)) known.byPlane.set(plane, contents);
    known.isSame = known.byPlane.get(plane) === contents;
    return known.isSame;
  }
}

function planeOf(series: Collected['series']): string {
  return series?.cut?.plane.name ?? '';
}
