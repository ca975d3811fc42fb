import type { CropRectangle } from './slice';
import { cutMask, cutPixels, squareAround, type GridPoint } from './fieldOfView';
import { gaussian } from '../numeric/random';
import { inColors, type Mask, type Pixels, type Slice } from './slice';
import type { ResolvedWindow } from './window';
import { mapInto } from '../numeric/mapInto';

/** Bounds of the random changes; each amount is drawn uniformly up to its bound. */
export interface AugmentSettings {
  /** Contrast stretching: brightness 0..1 is raised to an exponent of up to e^±gamma. */
  gamma: number;
  /** Contrast about medium gray becomes 1 ± scale. */
  scale: number;
  /** Added to the brightness, ± share of the window. */
  shift: number;
  /** Largest standard deviation of the noise, as a share of the window. */
  noise: number;
  /** Probability of inverting bright and dark. */
  invert: number;
  /** Added to the brightness of the structure alone, ±: another phase of a contrast medium. */
  structureShift: number;
  /** Probability of mirroring left and right. */
  flip: number;
  /** The field of view grows or shrinks by a factor of up to e^±size: "resizing after cropping". */
  size: number;
  /** The field of view moves by up to ± this share of its side. */
  move: number;
}

/** The pixels and the mask of a field of view, both of the rectangle's size. */
export interface AugmentedView {
  pixels: Float32Array;
  color?: Slice['color'];
  mask: Mask;
  rectangle: CropRectangle;
}

/**
 * Returns a randomly changed copy of a labeled slice and its mask (Xie et al., section 4.2: intensity
 * scaling and shifting, contrast stretching, Gaussian noise, flips, resizing after cropping).
 *
 * @param center of the field of view
 * @param sideMm of the field of view before it is resized
 * @param random 0..1; the same numbers give the same copy
 * @returns intensities inside the window; pixels beyond the slice have the window's lower end
 */
export function augment(
  slice: Pick<Slice, 'pixels' | 'color' | 'rows' | 'columns' | 'rowSpacing' | 'columnSpacing'>,
  mask: Mask,
  window: ResolvedWindow,
  center: GridPoint,
  sideMm: number,
  settings: AugmentSettings,
  random: () => number,
): AugmentedView {
  const around = (bound: number) => (2 * random() - 1) * bound;
  // Draw in a fixed order, whatever the settings, so that a seed always gives the same copy.
  const exponent = Math.exp(around(settings.gamma));
  const contrast = 1 + around(settings.scale);
  const shift = around(settings.shift);
  const deviation = random() * settings.noise;
  const isInverted = random() < settings.invert;
  const structureShift = around(settings.structureShift);
  const isFlipped = random() < settings.flip;
  const side = sideMm * Math.exp(around(settings.size));
  const place: GridPoint = {
    row: center.row + (around(settings.move) * sideMm) / slice.rowSpacing,
    column: center.column + (around(settings.move) * sideMm) / slice.columnSpacing,
  };
  const { low, high } = window;
  const clamp = (value: number) => Math.min(Math.max(value, 0), 1);
  const rectangle = squareAround(slice, place, side);
  const change = (values: Pixels): Float32Array => {
    const pixels = mapInto(values, new Float32Array(values.length), (value, i) => {
      let brightness = clamp((value - low) / (high - low));
      if (mask[i]) brightness = clamp(brightness + structureShift);
      brightness = (brightness ** exponent - 0.5) * contrast + 0.5 + shift;
      if (isInverted) brightness = 1 - brightness;
      brightness += deviation * gaussian(random);
      return low + clamp(brightness) * (high - low);
    });
    const cut = cutPixels({ ...slice, pixels }, rectangle, low);
    if (isFlipped) mirrorRows(cut, rectangle.columns);
    return cut;
  };
  const pixels = change(slice.pixels);
  const cut = cutMask(mask, slice, rectangle);
  if (isFlipped) mirrorRows(cut, rectangle.columns);
  return {
    pixels,
    ...(slice.color && { color: inColors(slice.color, change) }),
    mask: cut,
    rectangle,
  };
}

/** Swaps left and right, in place. */
function mirrorRows(values: Float32Array | Uint8Array, columns: number): void {
  for (let from = 0; from < values.length; from += columns) {
    values.subarray(from, from + columns).reverse();
  }
}
