import type { Thumbnail } from '../session/state';

/** A shape on a square, to recognize a task by. No patient image is stored with a task. */
export interface Silhouette {
  side: number;
  /** `side * side` characters, row by row: `#` inside the structure, `.` outside. */
  shape: string;
}

const SIDE = 48;

/** The shape of a structure in its thumbnail. */
export function silhouetteOf({
  width,
  height,
  mask,
}: Pick<Thumbnail, 'width' | 'height' | 'mask'>) {
  let shape = '';
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      const y = Math.floor(((row + 0.5) * height) / SIDE);
      const x = Math.floor(((column + 0.5) * width) / SIDE);
      shape += mask[y * width + x] ? '#' : '.';
    }
  }
  return { side: SIDE, shape };
}

/** A thumbnail without gray values. */
export function thumbnailOfSilhouette({ side, shape }: Silhouette): Thumbnail {
  const mask = Uint8Array.from(shape, character => Number(character === '#'));
  return { width: side, height: side, gray: new Uint8Array(side * side), mask };
}

export function isSilhouette(value: unknown): value is Silhouette {
  const { side, shape } = (value ?? {}) as Partial<Silhouette>;
  return (
    Number.isInteger(side) &&
    typeof shape === 'string' &&
    shape.length === side! * side! &&
    /^[#.]*$/.test(shape)
  );
}
