import type { Mask } from 'fewshot-sam';
import { ALGORITHM, type Algorithm, type SegmentAlgorithmType } from 'fewshot-sam-dicom';
import { digestLabels } from '../viewer/maskDigest';
import type { SegmentSlices } from './fewshotSet';
import { isEqual, isWithin } from './opened';
import type { OpenedSegment, SegmentRecord } from './segmentationRecords';

/** What is known of how a segment came about. */
export interface Origin {
  /** What was written into it since it was made or opened, by slice. */
  found: SegmentSlices;
  /** Whether a task found it, without any outline here. */
  byTask: boolean;
  /** Whether something was found on slices of another plane. */
  isFoundAcross?: boolean;
  /** As it was in the archive, if it was opened from there. */
  opened?: OpenedSegment;
}

/** How a segment came about, as the SEG says it (PS3.3, C.8.20.4 and 10.16). */
export interface Provenance {
  algorithmType: SegmentAlgorithmType;
  /** This software where it is absent. */
  algorithm?: Algorithm;
}

/**
 * How a segment came about. What was found and then corrected by hand still comes from the algorithm;
 * what a task found and nobody touched, comes from it alone. What was opened and not segmented further
 * comes from whatever made it before.
 *
 * @param masks slices that hold the segment
 */
export function provenanceOf(
  masks: ReadonlyMap<number, Mask>,
  { found, byTask, isFoundAcross = false, opened }: Origin,
): Provenance {
  const now = digestsOf(masks);
  const isFound = isFoundAcross || [...now.keys()].some(index => found.has(index));
  if (isFound) {
    const isTasks = byTask && !isFoundAcross && isWithin(now, found);
    return {
      algorithmType: isTasks ? 'AUTOMATIC' : 'SEMIAUTOMATIC',
      ...(opened && !isTasks && continuedFrom(opened)),
    };
  }
  const before = opened && typeOf(opened);
  if (!before || before === 'MANUAL') return { algorithmType: 'MANUAL' };
  return {
    algorithmType: isEqual(now, opened.slices) ? before : 'SEMIAUTOMATIC',
    algorithm: opened.description.algorithm ?? { name: 'Unknown' },
  };
}

/** @param opened as it was in the archive, if it is still that segment */
export function originOf(segment: SegmentRecord, opened: OpenedSegment | undefined): Origin {
  const across = [...segment.planes].filter(([plane]) => plane !== undefined);
  return {
    found: segment.planes.get(undefined)?.predicted ?? new Map(),
    byTask: segment.isFoundByTask,
    isFoundAcross: across.some(([, { predicted }]) => predicted.size > 0),
    opened,
  };
}

/** Digest of a segment on each slice that holds it. */
export function digestsOf(masks: ReadonlyMap<number, Mask>): SegmentSlices {
  return new Map(
    [...masks].flatMap(([index, mask]) => {
      const digest = digestLabels(mask).get(1);
      return digest ? [[index, digest] as const] : [];
    }),
  );
}

/** A type that is none of the standard's says nothing. */
function typeOf({ description }: OpenedSegment): SegmentAlgorithmType {
  const { algorithmType } = description;
  return algorithmType === 'AUTOMATIC' || algorithmType === 'SEMIAUTOMATIC'
    ? algorithmType
    : 'MANUAL';
}

/** Other software had a part in it, too, which the sequence of one algorithm has no place for. */
function continuedFrom({
  description: { algorithm },
}: OpenedSegment): Pick<Provenance, 'algorithm'> {
  if (!algorithm || algorithm.name === ALGORITHM.name) return {};
  const name = [algorithm.name, algorithm.version].filter(Boolean).join(' ');
  return { algorithm: { ...ALGORITHM, parameters: `Continued from a segment by ${name}` } };
}
