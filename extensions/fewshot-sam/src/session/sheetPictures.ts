import { boundingBox, type BoundingBox, type Mask } from 'fewshot-sam';
import { maskContours } from '../viewer/contour';
import type { Viewer } from '../viewer/viewer';
import { periodicYield, yieldToBrowser } from '../viewer/yieldToBrowser';
import type { OpenReview } from './openReview';
import {
  grayOf,
  gridOf,
  NO_WINDOW,
  pixelsOf,
  squareAround,
  type SliceGrid,
  type Square,
} from './thumbnail';

/** Most gray values per side: sharp at the largest size of the contact sheet. */
const MOST_POINTS = 224;
/** Room around the structures, as a fraction of their extent. */
const MARGIN = 0.15;

/** A slice of a review around the structures found on all slices. */
export interface SheetPicture {
  /** Gray values per side. */
  side: number;
  /** 0..255, row-major. */
  gray: Uint8Array;
  shapes: SheetShape[];
}

export interface SheetShape {
  segmentIndex: number;
  /** Closed polygons x, y, x, y, ... in fractions of the side; those outside 0..1 are cut off. */
  contours: number[][];
}

/** Pictures of the slices under review, for the contact sheet. All have the same crop. */
export interface ReviewPictures {
  /**
   * @param segmentIndices structures to crop around and to outline
   * @param signal the picture is no longer wanted
   * @returns null if there is no review, or the image cannot be loaded
   */
  of(
    sliceIndex: number,
    segmentIndices: readonly number[],
    signal: AbortSignal,
  ): Promise<SheetPicture | null>;
}

/** The part of each slice to show, and the pixel under each point of its picture. */
interface Crop {
  square: Square;
  side: number;
  indices: Int32Array;
}

/** Draws pictures on demand, one per turn of the browser, so that the sheet scrolls smoothly. */
export class SheetPictures implements ReviewPictures {
  private turn: Promise<unknown> = Promise.resolve();
  private crop: { masks: readonly Mask[]; made: Promise<Crop> } | null = null;
  private readonly boxes = new WeakMap<Mask, BoundingBox | null>();

  constructor(
    private readonly viewer: Pick<Viewer, 'cachedSlice' | 'loadSlice' | 'displayedWindow'>,
    private readonly current: () => Pick<OpenReview, 'review' | 'series'> | null,
  ) {}

  async of(
    sliceIndex: number,
    segmentIndices: readonly number[],
    signal: AbortSignal,
  ): Promise<SheetPicture | null> {
    const open = this.current();
    if (!open) return null;
    const { series, review } = open;
    const structures = review.structures.filter(({ segmentIndex }) =>
      segmentIndices.includes(segmentIndex),
    );
    const grid = gridOf(series);
    const masks = structures.flatMap(found => [...found.masks.values()]);
    const { square, side, indices } = await this.cropAround(masks, grid);
    const draw = () => {
      const pixels = signal.aborted ? null : this.viewer.cachedSlice(series, sliceIndex);
      if (!pixels) return null;
      return {
        side,
        gray: grayOf(pixels, indices, this.viewer.displayedWindow() ?? NO_WINDOW),
        shapes: structures.flatMap((found): SheetShape[] => {
          const mask = found.masks.get(sliceIndex);
          const box = mask && this.boxOf(mask, grid.columns);
          const { segmentIndex } = found;
          return box ? [{ segmentIndex, contours: contoursIn(square, mask, box, grid) }] : [];
        }),
      };
    };
    const drawn = await this.inTurn(draw);
    if (drawn || signal.aborted) return drawn;
    try {
      await this.viewer.loadSlice(series, sliceIndex, signal);
    } catch {
      // Finishing the review needs no image; the viewport says what is wrong with it.
      return null;
    }
    return this.inTurn(draw);
  }

  private inTurn<T>(work: () => T): Promise<T> {
    const done = this.turn.then(yieldToBrowser).then(work);
    this.turn = done.catch(() => undefined);
    return done;
  }

  /** The crop around some masks. Kept until they change. */
  private cropAround(masks: readonly Mask[], grid: SliceGrid): Promise<Crop> {
    const known = this.crop?.masks;
    if (known?.length !== masks.length || masks.some((mask, i) => mask !== known[i])) {
      this.crop = { masks, made: this.makeCrop(masks, grid) };
    }
    return this.crop!.made;
  }

  private async makeCrop(masks: readonly Mask[], grid: SliceGrid): Promise<Crop> {
    const yieldIfDue = periodicYield();
    let all: BoundingBox | null = null;
    for (const mask of masks) {
      const box = this.boxOf(mask, grid.columns);
      all = box && all ? around(all, box) : (box ?? all);
      await yieldIfDue();
    }
    const square = squareAround(all, grid, MARGIN);
    const side = Math.min(MOST_POINTS, Math.ceil(square.side));
    return { square, side, indices: pixelsOf(square, grid, side) };
  }

  private boxOf(mask: Mask, columns: number): BoundingBox | null {
    let box = this.boxes.get(mask);
    if (box === undefined) this.boxes.set(mask, (box = boundingBox([mask], columns)));
    return box;
  }
}

function around(a: BoundingBox, b: BoundingBox): BoundingBox {
  return {
    top: Math.min(a.top, b.top),
    bottom: Math.max(a.bottom, b.bottom),
    left: Math.min(a.left, b.left),
    right: Math.max(a.right, b.right),
  };
}

/** The outline of a mask in fractions of the square. @param box around the mask */
function contoursIn(
  square: Square,
  mask: Mask,
  { left, right, top, bottom }: BoundingBox,
  { columns, aspect }: SliceGrid,
): number[][] {
  const width = right - left + 1;
  const height = bottom - top + 1;
  const inBox = new Uint8Array(width * height);
  for (let row = 0; row < height; row++) {
    const start = (top + row) * columns + left;
    inBox.set(mask.subarray(start, start + width), row * width);
  }
  return maskContours(inBox, width, height).map(points =>
    points.map((value, i) =>
      i % 2
        ? ((top + value) * aspect - square.top) / square.side
        : (left + value - square.left) / square.side,
    ),
  );
}
