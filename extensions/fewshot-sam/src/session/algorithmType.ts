import type { Mask } from 'fewshot-sam';
import type { SegmentAlgorithmType } from 'fewshot-sam-dicom/segmentSequence';
import { digestLabels } from '../viewer/maskDigest';
import type { SegmentSlices } from './fewshotSet';

/**
 * How a segment came about (PS3.3, C.8.20.4). What was found and then corrected by hand still comes
 * from the algorithm; what a task found and nobody touched, comes from it alone.
 *
 * @param masks slices that hold the segment
 * @param found what was written into it, by slice
 * @param byTask whether a task found it, without any outline here
 * @param isFoundAcross whether something was found on slices of another plane
 */
export function algorithmTypeOf(
  masks: ReadonlyMap<number, Mask>,
  found: SegmentSlices,
  byTask: boolean,
  isFoundAcross = false,
): SegmentAlgorithmType {
  if (isFoundAcross) return 'SEMIAUTOMATIC';
  const indices = [...masks.keys()];
  if (!indices.some(index => found.has(index))) return 'MANUAL';
  const isUntouched = (index: number) => {
    const now = digestLabels(masks.get(index)!).get(1);
    const then = found.get(index);
    return now?.hash === then?.hash && now?.count === then?.count;
  };
  return byTask && indices.every(isUntouched) ? 'AUTOMATIC' : 'SEMIAUTOMATIC';
}
