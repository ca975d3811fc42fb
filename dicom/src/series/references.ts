import { CODES, codeSequence } from '../data/code';
import { instanceReference } from './expandFrames';
import { textOf, type NaturalizedDataset } from '../data/naturalized';

/** The SEG that this one takes the place of, e.g. because it was corrected and stored again. */
export interface Predecessor {
  StudyInstanceUID: string;
  SeriesInstanceUID: string;
  SOPClassUID: string;
  SOPInstanceUID: string;
}

/** What a data set is referred to by, when another takes its place. */
export function predecessorOf(dataset: NaturalizedDataset): Predecessor {
  return {
    StudyInstanceUID: textOf(dataset, 'StudyInstanceUID'),
    SeriesInstanceUID: textOf(dataset, 'SeriesInstanceUID'),
    SOPClassUID: textOf(dataset, 'SOPClassUID'),
    SOPInstanceUID: textOf(dataset, 'SOPInstanceUID'),
  };
}

/**
 * Which instances are referred to: Common Instance Reference and General Reference (PS3.3, C.12.2 and
 * C.12.4). Predecessor Documents Sequence belongs to structured reports alone; an image names the one
 * before it among its Referenced Images. Not among its Source Images: viewers take these for the
 * images that the frames lie on. For the same reason its series is not beside the source's, also
 * where it is of the same study: of several series referred to, OHIF takes the one that it loaded
 * first for the source, and that may be the predecessor's.
 *
 * @param sources on which the frames lie; of one series
 */
export function references(
  sources: NaturalizedDataset[],
  predecessor: Predecessor | undefined,
): NaturalizedDataset {
  const distinct = new Map(sources.map(source => [textOf(source, 'SOPInstanceUID'), source]));
  const series = [
    {
      ReferencedInstanceSequence: [...distinct.values()].map(instanceReference),
      SeriesInstanceUID: textOf(sources[0], 'SeriesInstanceUID'),
    },
  ];
  if (!predecessor) return { ReferencedSeriesSequence: series };
  return {
    ReferencedSeriesSequence: series,
    StudiesContainingOtherReferencedInstancesSequence: [
      {
        ReferencedSeriesSequence: [
          {
            ReferencedInstanceSequence: [instanceReference({ ...predecessor })],
            SeriesInstanceUID: predecessor.SeriesInstanceUID,
          },
        ],
        StudyInstanceUID: predecessor.StudyInstanceUID,
      },
    ],
    ReferencedImageSequence: [
      {
        ...instanceReference({ ...predecessor }),
        PurposeOfReferenceCodeSequence: codeSequence(CODES.predecessor),
      },
    ],
  };
}
