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

/** Tells whether one segmentation is still what it was when it was noted, in whatever plane it is shown. */
export class StoredContents {
  /** Slices of another plane hold the same voxels, and have other digests. Empty before the first note. */
  private byPlane = new Map<string, string>();
  private same = false;

  /** @param contents of what was collected */
  note({ series }: Pick<Collected, 'series'>, contents: string): void {
    this.byPlane = new Map([[planeOf(series), contents]]);
    this.same = true;
  }

  /** @returns false for what was never noted */
  isSame({ series }: Pick<Collected, 'series'>, contents: string): boolean {
    const plane = planeOf(series);
    // In a plane it is seen in for the first time, it is what it was when it was last looked at.
    if (this.same && !this.byPlane.has(plane)) this.byPlane.set(plane, contents);
    this.same = this.byPlane.get(plane) === contents;
    return this.same;
  }
}

function planeOf(series: Collected['series']): string {
  return series?.reslice?.plane.name ?? '';
}
