import type { Instance } from '../host/ohif';
import {
  modalityValues,
  storedFormat,
  unscaled,
  viewerUnitsPerUnit,
  type StoredFormat,
} from './modalityValues';

const image = (change: object = {}): Instance => ({
  SOPInstanceUID: '1',
  SOPClassUID: '2',
  BitsAllocated: 16,
  BitsStored: 16,
  HighBit: 15,
  PixelRepresentation: 0,
  ...change,
});
const format = (change: Partial<StoredFormat> = {}): StoredFormat => ({
  bitsAllocated: 16,
  bitsStored: 16,
  highBit: (change.bitsStored ?? 16) - 1,
  isSigned: false,
  slope: 1,
  intercept: 0,
  ...change,
});

describe('storedFormat', () => {
  it('reads each image for itself; without a rescale, stored values are the values', () => {
    expect(storedFormat(image({ RescaleSlope: '0.5', RescaleIntercept: [-3] }), 'Image 1')).toEqual(
      format({ slope: 0.5, intercept: -3 }),
    );
    expect(storedFormat(image(), 'Image 1')).toEqual(format());
  });

  it('reads the rescale of a frame, its own before the shared one', () => {
    const rescale = (slope: number) => ({
      PixelValueTransformationSequence: [{ RescaleSlope: slope, RescaleIntercept: 1 }],
    });
    const frames = {
      RescaleSlope: 7,
      SharedFunctionalGroupsSequence: [rescale(2)],
      PerFrameFunctionalGroupsSequence: [{}, rescale(3)],
    };
    const slopes = [1, 2].map(
      frameNumber => storedFormat(image({ ...frames, frameNumber }), 'Frame').slope,
    );
    expect(slopes).toEqual([2, 3]);
  });

  it.each([
    [
      { ModalityLUTSequence: [{ LUTData: {} }] },
      'Image 4 turns stored values into units by a table',
    ],
    [{ FloatPixelData: [{}] }, 'Image 4 stores floating-point values (Float Pixel Data)'],
    [{ DoubleFloatPixelData: [{}] }, 'Double Float Pixel Data'],
    [
      { BitsStored: 12, PixelRepresentation: 1 },
      'Image 4 has signed values with Bits Stored 12 and High Bit 15',
    ],
    [{ BitsStored: 12, HighBit: 8 }, 'Image 4 has Bits Stored 12 and High Bit 8'],
    [{ BitsAllocated: 64 }, 'Image 4 has 64 bits per value'],
    [{ RescaleSlope: 0 }, 'Image 4 has Rescale Slope 0 and Intercept 0'],
    [{ RescaleSlope: 'abc' }, 'Image 4 has Rescale Slope NaN'],
  ])('refuses %j by name', (change, message) => {
    expect(() => storedFormat(image(change), 'Image 4')).toThrow(message);
  });
});

describe('modalityValues', () => {
  it('leaves out overlay bits above the 12 that are stored', () => {
    const stored = Uint16Array.of(0x0064, 0x8064, 0x1fff);
    expect(modalityValues(stored, format({ bitsStored: 12, intercept: -1024 }))).toEqual(
      Float32Array.of(-924, -924, 3071),
    );
  });

  it('reads 12 bits that are stored on top', () => {
    const stored = Uint16Array.of(0xfff0, 0x001f);
    expect(modalityValues(stored, format({ bitsStored: 12, highBit: 15 }))).toEqual(
      Float32Array.of(4095, 1),
    );
  });

  it('extends the sign of 12 and of 8 bits, however the array holds them', () => {
    const signed = { isSigned: true, bitsStored: 12 };
    expect(modalityValues(Uint16Array.of(0xfff, 0x8800, 5), format(signed))).toEqual(
      Float32Array.of(-1, -2048, 5),
    );
    expect(
      modalityValues(Uint8Array.of(255, 128, 7), format({ ...signed, bitsStored: 8 })),
    ).toEqual(Float32Array.of(-1, -128, 7));
  });

  it('keeps 32 bits', () => {
    const values = Float64Array.of(4e9, 3);
    expect(modalityValues(values, format({ bitsStored: 32 }))).toEqual(Float32Array.of(4e9, 3));
    expect(
      modalityValues(Int32Array.of(-2e9), format({ bitsStored: 32, isSigned: true, slope: 0.5 })),
    ).toEqual(Float32Array.of(-1e9));
  });
});

describe('unscaled', () => {
  it('takes whole slopes and intercepts back', () => {
    const applied = { rescaleSlope: 2, rescaleIntercept: -1024 };
    expect(unscaled(Int16Array.of(-1024, 0, 76), applied, format())).toEqual(
      Float64Array.of(0, 512, 550),
    );
  });

  it('takes floating point back, also SUV', () => {
    const applied = { modality: 'PT', rescaleSlope: 3.4535, rescaleIntercept: 0, suvbw: 3.408e-4 };
    const stored = [0, 1, 3999, 65535];
    const values = Float32Array.from(stored, value => 3.408e-4 * (value * 3.4535));
    expect(unscaled(values, applied, format())).toEqual(Float64Array.from(stored));
  });

  it.each([
    ['fractions cut off', Int16Array.of(1, 2), { rescaleSlope: 0.5 }],
    ['a negative slope wraps around', Uint8Array.of(1, 2), { rescaleSlope: -1 }],
    ['wrapped', Int16Array.of(-25536), { rescaleSlope: 1, rescaleIntercept: 30000 }],
    ['not by that slope', Float32Array.of(1.3), { rescaleSlope: 0.5 }],
    ['too large for 24 bits', Float32Array.of(4e9), { rescaleSlope: 0.1 }],
    ['a dose', Float32Array.of(1), { modality: 'RTDOSE' }],
  ])('gives up where stored values are not certain: %s', (_what, values, applied) => {
    expect(unscaled(values, applied, format())).toBeNull();
  });
});

test('SUV for each Bq/ml, where the viewer shows SUV', () => {
  const scalingParameters = { modality: 'PT', rescaleSlope: 2, rescaleIntercept: 0, suvbw: 0.25 };
  expect(viewerUnitsPerUnit({ scaled: true, scalingParameters })).toBe(0.25);
  expect(viewerUnitsPerUnit({ scaled: false, scalingParameters })).toBe(1);
  expect(viewerUnitsPerUnit({ scaled: true, scalingParameters: { modality: 'CT' } })).toBe(1);
  expect(viewerUnitsPerUnit(undefined)).toBe(1);
});
