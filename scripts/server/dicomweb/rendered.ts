import type * as DcmjsImaging from 'dcmjs-imaging';
import { PNG } from 'pngjs';
import { HttpError } from './httpError';

type Imaging = typeof DcmjsImaging;

let imaging: Promise<Imaging> | undefined;

/** Loads the renderer on the first request: its decoders take several megabytes. */
async function load(): Promise<Imaging> {
  const module: Imaging & { default?: Imaging } = await import('dcmjs-imaging');
  // A CommonJS package: its exports lie under `default`.
  const loaded = module.default ?? module;
  loaded.log.setLevel('silent');
  await loaded.NativePixelDecoder.initializeAsync();
  return loaded;
}

/**
 * Renders one frame as PNG.
 *
 * @param bytes a Part 10 file
 * @param frame from 0
 * @param window `center,width,linear` as in PS3.18, 8.3.5.1.4; null for the file's own, or all values
 * @throws HttpError 400 when the window is malformed, 500 when the frame cannot be decoded
 */
export async function renderPng(
  bytes: Uint8Array,
  frame: number,
  window: string | null,
): Promise<Buffer> {
  const wanted = window === null ? undefined : parseWindow(window);
  imaging ??= load();
  const { DicomImage, WindowLevel } = await imaging;
  let rendered: { width: number; height: number; pixels: ArrayBuffer };
  try {
    const image = new DicomImage(new Uint8Array(bytes).buffer);
    const windowLevel = wanted && new WindowLevel(wanted.width, wanted.center);
    rendered = image.render({ frame, windowLevel });
  } catch (error) {
    throw new HttpError(500, `The frame cannot be rendered: ${(error as Error).message}`);
  }
  const { width, height, pixels } = rendered;
  const png = new PNG({ width, height });
  png.data = Buffer.from(pixels);
  return PNG.sync.write(png);
}

function parseWindow(window: string): { center: number; width: number } {
  const [center, width, shape, ...rest] = window.split(',');
  const isValid =
    [center, width].every(text => text?.trim() && Number.isFinite(Number(text))) &&
    Number(width) >= 1 &&
    rest.length === 0;
  if (!isValid) throw new HttpError(400, `window=${window} is not center,width,linear.`);
  if (shape !== undefined && shape.toLowerCase() !== 'linear') {
    throw new HttpError(400, `The window function ${shape} is not supported; use linear.`);
  }
  return { center: Number(center), width: Number(width) };
}
