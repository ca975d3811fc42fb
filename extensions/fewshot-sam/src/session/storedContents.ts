import type { Collected } from './collect';

/** Key of a segmentation's contents: names, colors and voxels of its segments. */
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

/** Tells whether a segmentation has changed since it was noted, whatever plane it is shown in. */
export class StoredContents {
  /** Contents by plane: digests of the same voxels differ between planes. Empty before the first note. */
  private byPlane = new Map<string, string>();
  private same = false;

  /** @param contents of what was collected */
  note({ series }: Pick<Collected, 'series'>, contents: string): void {
    this.byPlane = new Map([[planeKey(series), contents]]);
    this.same = true;
  }

  /** @returns false for what was never noted */
  isSame({ series }: Pick<Collected, 'series'>, contents: string): boolean {
    const plane = planeKey(series);
    // First look in this plane: it cannot have changed since the last look in another one.
    if (this.same && !this.byPlane.has(plane)) this.byPlane.set(plane, contents);
    this.same = this.byPlane.get(plane) === contents;
    return this.same;
  }
}

function planeKey(series: Collected['series']): string {
  return series?.reslice?.plane.name ?? '';
}
