import { CODES, codeSequence } from './code';
import { instanceReference } from './expandFrames';
import { textOf, type NaturalizedDataset } from './naturalized';

/** The SEG that this one takes the place of, e.g. because it was corrected and stored again. */
export interface Predecessor {
  StudyInstanceUID: string;
  SeriesInstanceUID: string;
  SOPClassUID: string;
  SOPInstanceUID: string;
}

/**
 * Which instances are referred to: Common Instance Reference and General Reference (PS3.3, C.12.2 and
 * C.12.4). Predecessor Documents Sequence belongs to structured reports alone; an image names the one
 * before it among its Referenced Images. Not among its Source Images: viewers take these for the
 * images that the frames lie on. For the same reason the source's series comes first.
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
  const itsSeries = {
    ReferencedInstanceSequence: [instanceReference({ ...predecessor })],
    SeriesInstanceUID: predecessor.SeriesInstanceUID,
  };
  const isSameStudy = predecessor.StudyInstanceUID === textOf(sources[0], 'StudyInstanceUID');
  return {
    ReferencedSeriesSequence: isSameStudy ? [...series, itsSeries] : series,
    ...(isSameStudy
      ? {}
      : {
          StudiesContainingOtherReferencedInstancesSequence: [
            {
              ReferencedSeriesSequence: [itsSeries],
              StudyInstanceUID: predecessor.StudyInstanceUID,
            },
          ],
        }),
    ReferencedImageSequence: [
      {
        ...instanceReference({ ...predecessor }),
        PurposeOfReferenceCodeSequence: codeSequence(CODES.predecessor),
      },
    ],
  };
}
