import type { SegmentMask } from './segmentMasks';
import type { SourceGeometry } from '../series/sourceGeometry';

/**
 * Whether OHIF reads frames of single bits correctly. OHIF 3.13 and 3.14 load a whole SEG with dcmjs 0.52,
 * whose AsyncDicomReader counts bits from the highest of each byte, while DICOM counts them from the lowest
 * (PS3.5, 8.1.1). A frame that begins within a byte is therefore scrambled without an error. Frames of
 * whole bytes and single frames are not affected.
 */
export function hasWholeByteFrames(frames: number, pixelsPerFrame: number): boolean {
  return frames === 1 || pixelsPerFrame % 8 === 0;
}

/**
 * Whether Pixel Data ends with a pad byte. The same reader rejects padded Pixel Data of several frames;
 * OHIF then requests single frames, and Orthanc answers 400 for each frame of a BINARY SEG.
 */
export function needsPadByte(frames: number, pixelsPerFrame: number, bits: 1 | 8): boolean {
  return frames > 1 && Math.ceil((frames * pixelsPerFrame * bits) / 8) % 2 === 1;
}

/**
 * Adds one empty frame that makes the length even, if possible: on a slice without the segment, within the
 * segment's extent or else next to it, so that frames stay together.
 *
 * @param masks by segment number, then by slice
 * @returns `masks` itself where no frame helps or there is no slice for one
 */
export function withEvenLength(
  masks: SegmentMask[],
  { rows, columns, positions }: Pick<SourceGeometry, 'rows' | 'columns' | 'positions'>,
  type: 'BINARY' | 'FRACTIONAL' | 'LABELMAP',
): SegmentMask[] {
  const pixels = rows * columns;
  /** Slices that have a frame, by segment; a label map frame covers all segments. */
  const slicesOf = new Map<number, Set<number>>();
  for (const { segmentNumber, sliceIndex } of masks) {
    const key = type === 'LABELMAP' ? masks[0].segmentNumber : segmentNumber;
    slicesOf.set(key, (slicesOf.get(key) ?? new Set()).add(sliceIndex));
  }
  const frames = [...slicesOf.values()].reduce((sum, { size }) => sum + size, 0);
  if (!needsPadByte(frames, pixels, type === 'BINARY' ? 1 : 8)) return masks;
  if (type === 'BINARY' && !hasWholeByteFrames(frames, pixels)) return masks;
  const vacancies = [...slicesOf].flatMap(([segmentNumber, slices]) => {
    const [first, last] = [Math.min(...slices), Math.max(...slices)];
    return [...positions.keys()]
      .filter(sliceIndex => !slices.has(sliceIndex))
      .map(sliceIndex => ({
        segmentNumber,
        sliceIndex,
        distance: Math.max(0, first - sliceIndex, sliceIndex - last),
      }));
  });
  if (!vacancies.length) return masks;
  const { segmentNumber, sliceIndex } = vacancies.reduce((best, vacancy) =>
    vacancy.distance < best.distance ? vacancy : best,
  );
  return [...masks, { segmentNumber, sliceIndex, mask: new Uint8Array(pixels) }].sort(
    (a, b) => a.segmentNumber - b.segmentNumber || a.sliceIndex - b.sliceIndex,
  );
}
