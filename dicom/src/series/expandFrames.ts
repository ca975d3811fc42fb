import { FewshotError } from 'fewshot-sam';
import { itemsOf, numbersOf, textOf, valuesOf, type NaturalizedDataset } from '../data/naturalized';

/** Functional groups that place a frame, and the attributes to copy from them (PS3.3, C.7.6.16.2). */
const PLACE: Record<string, string[]> = {
  PlanePositionSequence: ['ImagePositionPatient'],
  PlaneOrientationSequence: ['ImageOrientationPatient'],
  PixelMeasuresSequence: ['PixelSpacing', 'SliceThickness', 'SpacingBetweenSlices'],
};

/** Returns the number of frames of an image. */
export function numberOfFrames(instance: NaturalizedDataset): number {
  return numbersOf(instance, 'NumberOfFrames', 1)?.[0] ?? 1;
}

/**
 * Splits enhanced multi-frame images (CT, MR) into one data set per frame, in the order of the frames, each
 * with its own position and, as in viewers, its `frameNumber` from 1. Other images stay unchanged,
 * including frames that a viewer has already split.
 *
 * @throws FewshotError `bad-geometry` when a multi-frame image lacks positions of its frames
 */
export function expandFrames(instances: NaturalizedDataset[]): NaturalizedDataset[] {
  return instances.flatMap(instance => {
    const count = numberOfFrames(instance);
    const { SharedFunctionalGroupsSequence, PerFrameFunctionalGroupsSequence, ...rest } = instance;
    const groups = { SharedFunctionalGroupsSequence, PerFrameFunctionalGroupsSequence };
    const [shared = {}] = itemsOf(groups, 'SharedFunctionalGroupsSequence');
    const frames = itemsOf(groups, 'PerFrameFunctionalGroupsSequence');
    const hasPlace = valuesOf(instance, 'ImagePositionPatient').length > 0;
    const isSingle = count === 1 && (hasPlace || frames.length === 0);
    if (isSingle || (hasPlace && instance.frameNumber)) return [instance];
    if (frames.length !== count) {
      throw new FewshotError(
        'bad-geometry',
        `A source image has ${count} frames but positions for ${frames.length}.`,
        'Segment a series with one file per slice, or an enhanced CT or MR image.',
      );
    }
    return frames.map((frame, i) => ({ ...rest, ...placeOf(shared, frame), frameNumber: i + 1 }));
  });
}

/**
 * Returns the position attributes of a frame from its functional groups; its own take precedence over the
 * shared ones.
 */
export function placeOf(shared: NaturalizedDataset, frame: NaturalizedDataset): NaturalizedDataset {
  const place: NaturalizedDataset = {};
  for (const [group, keywords] of Object.entries(PLACE)) {
    const [item] = [...itemsOf(frame, group), ...itemsOf(shared, group)];
    for (const keyword of keywords) {
      if (item && valuesOf(item, keyword).length > 0) place[keyword] = item[keyword];
    }
  }
  return place;
}

/** Returns a reference to a source image, or to a frame of one. */
export function imageReference(instance: NaturalizedDataset): NaturalizedDataset {
  return {
    ...instanceReference(instance),
    ...(numberOfFrames(instance) > 1 && instance.frameNumber
      ? { ReferencedFrameNumber: String(instance.frameNumber) }
      : {}),
  };
}

/** Returns a reference to a whole instance. */
export function instanceReference(instance: NaturalizedDataset): NaturalizedDataset {
  return {
    ReferencedSOPClassUID: textOf(instance, 'SOPClassUID'),
    ReferencedSOPInstanceUID: textOf(instance, 'SOPInstanceUID'),
  };
}
