import { CODES, codeSequence } from '../data/code';
import { instanceReference } from './expandFrames';
import { textOf, type NaturalizedDataset } from '../data/naturalized';

/** The SEG that this one replaces, e.g. after a correction. */
export interface Predecessor {
  StudyInstanceUID: string;
  SeriesInstanceUID: string;
  SOPClassUID: string;
  SOPInstanceUID: string;
}

/** Returns the reference to a data set that another replaces. */
export function predecessorOf(dataset: NaturalizedDataset): Predecessor {
  return {
    StudyInstanceUID: textOf(dataset, 'StudyInstanceUID'),
    SeriesInstanceUID: textOf(dataset, 'SeriesInstanceUID'),
    SOPClassUID: textOf(dataset, 'SOPClassUID'),
    SOPInstanceUID: textOf(dataset, 'SOPInstanceUID'),
  };
}

/**
 * Returns the referenced instances: Common Instance Reference and General Reference (PS3.3, C.12.2 and
 * C.12.4). Predecessor Documents Sequence belongs to structured reports only, so the predecessor is among
 * the Referenced Images. It is not among the Source Images: viewers take these for the images that the
 * frames lie on. For the same reason its series is not listed beside the source's, even in the same study:
 * of several referenced series, OHIF takes the one loaded first as the source, which may be the
 * predecessor's.
 *
 * @param sources images that the frames lie on, of one series
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
