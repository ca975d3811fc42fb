import { FewshotError } from 'fewshot-sam';
import { itemsOf, numbersOf, valuesOf } from 'fewshot-sam-dicom';
import type { Instance } from '../host/ohif';

/** Format of stored values, and the rescale to modality units (PS3.3, C.7.6.3 and C.11.1). */
export interface StoredFormat {
  bitsAllocated: number;
  bitsStored: number;
  /** Highest stored bit, counted from 0. */
  highBit: number;
  /** The stored bits are two's complement. */
  isSigned: boolean;
  slope: number;
  intercept: number;
}

/** Scaling that cornerstone applied to an image; part of its `preScale`. */
export interface AppliedScaling {
  modality?: string;
  rescaleSlope?: number;
  rescaleIntercept?: number;
  /** Factor from the modality's units (Bq/ml) to SUV by body weight. */
  suvbw?: number;
}

/** Scaling state of an image in cornerstone's cache. */
export interface PreScale {
  scaled?: boolean;
  scalingParameters?: AppliedScaling;
}

const REMEDY =
  'Choose a series whose values have a Rescale Slope and Intercept, such as the original CT, MR or PET acquisition.';

/**
 * Stored format of an image. For a frame of an enhanced image, uses the rescale of that frame.
 *
 * @param name subject of error messages, e.g. `Image 3`
 * @throws FewshotError `bad-input` that names the unsupported attribute
 */
export function storedFormat(instance: Instance, name: string): StoredFormat {
  const refuse = (what: string) => new FewshotError('bad-input', `${name} ${what}.`, REMEDY);
  for (const [keyword, title] of [
    ['ModalityLUTSequence', 'turns stored values into units by a table (Modality LUT Sequence)'],
    ['FloatPixelData', 'stores floating-point values (Float Pixel Data)'],
    ['DoubleFloatPixelData', 'stores floating-point values (Double Float Pixel Data)'],
  ]) {
    if (valuesOf(instance, keyword).length > 0) throw refuse(`${title}, which is not supported`);
  }
  const number = (keyword: string, otherwise?: number) => {
    const [value = otherwise] = numbersOf(instance, keyword, 1) ?? [];
    return value;
  };
  const bitsAllocated = number('BitsAllocated', 16)!;
  const bitsStored = number('BitsStored', bitsAllocated)!;
  const highBit = number('HighBit', bitsStored - 1)!;
  if (![8, 16, 32].includes(bitsAllocated)) {
    throw refuse(`has ${bitsAllocated} bits per value (Bits Allocated)`);
  }
  const isSigned = number('PixelRepresentation', 0) === 1;
  const fits = bitsStored >= 1 && highBit >= bitsStored - 1 && highBit < bitsAllocated;
  // cornerstone extends the sign from bit Bits Stored - 1, which destroys values stored in higher bits.
  if (!fits || (isSigned && highBit !== bitsStored - 1)) {
    throw refuse(
      `has ${isSigned ? 'signed values with ' : ''}Bits Stored ${bitsStored} and High Bit ${highBit} (Bits Allocated ${bitsAllocated}), which the viewer does not read`,
    );
  }
  const { slope, intercept } = rescaleOf(instance);
  if (!Number.isFinite(slope) || !Number.isFinite(intercept) || slope === 0) {
    throw refuse(`has Rescale Slope ${slope} and Intercept ${intercept}`);
  }
  return { bitsAllocated, bitsStored, highBit, isSigned, slope, intercept };
}

function rescaleOf(instance: Instance): { slope: number; intercept: number } {
  const frame = itemsOf(instance, 'PerFrameFunctionalGroupsSequence')[
    Number(instance.frameNumber ?? 1) - 1
  ];
  const [shared] = itemsOf(instance, 'SharedFunctionalGroupsSequence');
  const [own] = [frame, shared].flatMap(groups =>
    groups ? itemsOf(groups, 'PixelValueTransformationSequence') : [],
  );
  const from = own ?? instance;
  const value = (keyword: string, otherwise: number) => {
    const [first = otherwise] = valuesOf(from, keyword);
    return Number(first);
  };
  return { slope: value('RescaleSlope', 1), intercept: value('RescaleIntercept', 0) };
}

/**
 * Values in modality units, rounded once. Drops the bits above and below the stored ones, which may hold
 * overlays.
 */
export function modalityValues(
  stored: ArrayLike<number>,
  { bitsStored, highBit, isSigned, slope, intercept }: StoredFormat,
): Float32Array {
  const values = new Float32Array(stored.length);
  const [left, right] = [31 - highBit, 32 - bitsStored];
  for (let i = 0; i < values.length; i++) {
    const word = stored[i] << left;
    values[i] = (isSigned ? word >> right : word >>> right) * slope + intercept;
  }
  return values;
}

const suvPerUnit = ({ modality, suvbw }: AppliedScaling) =>
  modality === 'PT' && typeof suvbw === 'number' && !Number.isNaN(suvbw) ? suvbw : 1;

/** Factor from modality units to the viewer's values of an image. */
export function viewerUnitsPerUnit(preScale: PreScale | undefined): number {
  return preScale?.scaled && preScale.scalingParameters
    ? suvPerUnit(preScale.scalingParameters)
    : 1;
}

/**
 * Restores stored values from those that cornerstone has scaled.
 *
 * cornerstone chooses the array type from the scaled minimum and maximum alone and writes without
 * rounding: it truncates fractions, and with a negative slope values wrap around. So this function trusts
 * integer arrays only if slope and intercept are whole numbers and the slope is positive, and floating
 * point only if its 24 bits tell the stored values apart.
 *
 * @returns null if the stored values cannot be determined for certain
 */
export function unscaled(
  values: ArrayLike<number>,
  { modality, rescaleSlope = 1, rescaleIntercept = 0, suvbw }: AppliedScaling,
  { bitsAllocated }: StoredFormat,
): Float64Array | null {
  const factor = suvPerUnit({ modality, suvbw });
  const slope = rescaleSlope * factor;
  const intercept = rescaleIntercept * factor;
  const isFloat = values instanceof Float32Array;
  const isWhole = Number.isInteger(slope) && Number.isInteger(intercept) && slope > 0;
  if (modality === 'RTDOSE' || (!isFloat && !isWhole)) return null;
  const limit = 2 ** bitsAllocated;
  const stored = new Float64Array(values.length);
  for (let i = 0; i < stored.length; i++) {
    const exact = (values[i] - intercept) / slope;
    const nearest = Math.round(exact);
    const uncertainty = (Math.abs(values[i]) * 2 ** -24) / Math.abs(slope);
    const isCertain = uncertainty < 0.25 && Math.abs(exact - nearest) <= uncertainty + 1e-3;
    if (!isCertain || nearest < -limit / 2 || nearest >= limit) return null;
    stored[i] = nearest;
  }
  return stored;
}
