import type * as DcmjsCodecs from 'dcmjs-codecs';

/** How the pixels of an image are stored (PS3.3, C.7.6.3). */
export interface PixelFormat {
  rows: number;
  columns: number;
  bitsAllocated: 8 | 16 | 32;
  bitsStored: number;
  highBit: number;
  isSigned: boolean;
}

type Codecs = typeof DcmjsCodecs;
type Decoder = 'decodeRle' | 'decodeJpeg' | 'decodeJpegLs' | 'decodeJpeg2000' | 'decodeHtJpeg2000';

/** Supported transfer syntaxes (PS3.6, Table A-1) and their decoders. */
const DECODERS: Record<string, Decoder> = {
  '1.2.840.10008.1.2.5': 'decodeRle',
  '1.2.840.10008.1.2.4.50': 'decodeJpeg',
  '1.2.840.10008.1.2.4.51': 'decodeJpeg',
  '1.2.840.10008.1.2.4.57': 'decodeJpeg',
  '1.2.840.10008.1.2.4.70': 'decodeJpeg',
  '1.2.840.10008.1.2.4.80': 'decodeJpegLs',
  '1.2.840.10008.1.2.4.81': 'decodeJpegLs',
  '1.2.840.10008.1.2.4.90': 'decodeJpeg2000',
  '1.2.840.10008.1.2.4.91': 'decodeJpeg2000',
  '1.2.840.10008.1.2.4.201': 'decodeHtJpeg2000',
  '1.2.840.10008.1.2.4.202': 'decodeHtJpeg2000',
  '1.2.840.10008.1.2.4.203': 'decodeHtJpeg2000',
};

let codecs: Promise<Codecs> | undefined;

/** Loads the codecs on the first compressed image: several megabytes of WebAssembly. */
async function load(): Promise<Codecs> {
  const module: Codecs & { default?: Codecs } = await import('dcmjs-codecs');
  // A CommonJS package: its exports lie under `default`.
  const loaded = module.default ?? module;
  loaded.log.setLevel('silent');
  await loaded.NativeCodecs.initializeAsync();
  return loaded;
}

/**
 * Decodes one compressed frame.
 *
 * @returns its words in little endian, of `format.bitsAllocated` bits each
 * @throws Error that names an unsupported transfer syntax, or says that the frame is damaged
 */
export async function decodeCompressed(
  frame: Uint8Array,
  transferSyntax: string,
  format: PixelFormat,
): Promise<Uint8Array> {
  const decoder = DECODERS[transferSyntax];
  if (!decoder) throw new Error(`its transfer syntax is not supported (${transferSyntax})`);
  codecs ??= load();
  const { Context, NativeCodecs } = await codecs;
  const context = new Context({
    width: format.columns,
    height: format.rows,
    bitsAllocated: format.bitsAllocated,
    bitsStored: format.bitsStored,
    samplesPerPixel: 1,
    pixelRepresentation: format.isSigned ? 1 : 0,
    planarConfiguration: 0,
    photometricInterpretation: 'MONOCHROME2',
    // Copy: the decoder takes over the buffer of the array.
    encodedBuffer: Uint8Array.from(frame),
  });
  let decoded: DcmjsCodecs.Context;
  try {
    decoded = NativeCodecs[decoder](context, {});
  } catch (error) {
    throw new Error('its compressed Pixel Data are damaged', { cause: error });
  }
  const bytes = decoded.getDecodedBuffer();
  const size = (format.rows * format.columns * format.bitsAllocated) / 8;
  const isRight =
    decoded.getWidth() === format.columns &&
    decoded.getHeight() === format.rows &&
    decoded.getBitsAllocated() === format.bitsAllocated &&
    bytes !== undefined &&
    bytes.length >= size;
  if (!isRight)
    throw new Error('its compressed Pixel Data do not match its Rows, Columns and bits');
  return bytes;
}
