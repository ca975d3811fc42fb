import type { Mask } from 'fewshot-sam';
import { ALGORITHM, type Algorithm, type SegmentAlgorithmType } from 'fewshot-sam-dicom';
import { digestLabels } from '../viewer/maskDigest';
import type { SegmentSlices } from './fewshotSet';
import { isEqual, isWithin } from './opened';
import type { OpenedSegment, SegmentRecord } from './segmentationRecords';

/** Facts about the origin of a segment. */
export interface Origin {
  /** What propagations wrote since it was made or opened, by slice. */
  found: SegmentSlices;
  /** A task found it, without any outline here. */
  byTask: boolean;
  /** A propagation found it on slices of another plane. */
  isFoundAcross?: boolean;
  /** The segment as it was opened from the archive. */
  opened?: OpenedSegment;
}

/** Origin of a segment as written to the SEG (PS3.3, C.8.20.4 and 10.16). */
export interface Provenance {
  algorithmType: SegmentAlgorithmType;
  /** Absent: this software. */
  algorithm?: Algorithm;
}

/**
 * Origin of a segment. A found segment is SEMIAUTOMATIC, also after corrections by hand; one that a task
 * found and nobody touched is AUTOMATIC. A segment that was opened and not segmented further keeps the
 * algorithm that made it.
 *
 * @param masks slices that contain the segment
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

/** @param opened the segment as it was opened, if it is still that segment */
export function originOf(segment: SegmentRecord, opened: OpenedSegment | undefined): Origin {
  const across = [...segment.planes].filter(([plane]) => plane !== undefined);
  return {
    found: segment.planes.get(undefined)?.predicted ?? new Map(),
    byTask: segment.isFoundByTask,
    isFoundAcross: across.some(([, { predicted }]) => predicted.size > 0),
    opened,
  };
}

/** Digest of a segment on each slice that contains it. */
export function digestsOf(masks: ReadonlyMap<number, Mask>): SegmentSlices {
  return new Map(
    [...masks].flatMap(([index, mask]) => {
      const digest = digestLabels(mask).get(1);
      return digest ? [[index, digest] as const] : [];
    }),
  );
}

/** Treats a type outside the standard as MANUAL. */
function typeOf({ description }: OpenedSegment): SegmentAlgorithmType {
  const { algorithmType } = description;
  return algorithmType === 'AUTOMATIC' || algorithmType === 'SEMIAUTOMATIC'
    ? algorithmType
    : 'MANUAL';
}

/** Names the earlier software in the parameters: the sequence has room for one algorithm only. */
function continuedFrom({
  description: { algorithm },
}: OpenedSegment): Pick<Provenance, 'algorithm'> {
  if (!algorithm || algorithm.name === ALGORITHM.name) return {};
  const name = [algorithm.name, algorithm.version].filter(Boolean).join(' ');
  return { algorithm: { ...ALGORITHM, parameters: `Continued from a segment by ${name}` } };
}
