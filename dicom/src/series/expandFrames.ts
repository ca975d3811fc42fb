import { FewshotError } from 'fewshot-sam';
import { itemsOf, numbersOf, textOf, valuesOf, type NaturalizedDataset } from '../data/naturalized';

/** The functional groups that place a frame, and what of them is taken over (PS3.3, C.7.6.16.2). */
const PLACE: Record<string, string[]> = {
  PlanePositionSequence: ['ImagePositionPatient'],
  PlaneOrientationSequence: ['ImageOrientationPatient'],
  PixelMeasuresSequence: ['PixelSpacing', 'SliceThickness', 'SpacingBetweenSlices'],
};

/** How many frames an image has. */
export function numberOfFrames(instance: NaturalizedDataset): number {
  return numbersOf(instance, 'NumberOfFrames', 1)?.[0] ?? 1;
}

/**
 * Source images one by one: an enhanced multi-frame image (CT, MR) becomes as many data sets as it has
 * frames, in the order of its frames, each with its own place and, as viewers have it, its
 * `frameNumber` from 1. All others stay as they are, also frames that a viewer has taken apart before.
 *
 * @throws FewshotError `bad-geometry` when a multi-frame image does not say where its frames lie
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
        `A source image has ${count} frames and says of ${frames.length} where they lie.`,
        'Segment a series with one file per slice, or an enhanced CT or MR image.',
      );
    }
    return frames.map((frame, i) => ({ ...rest, ...placeOf(shared, frame), frameNumber: i + 1 }));
  });
}

/** What a frame's functional groups say of its place, its own before the shared ones. */
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

/** Refers to a source image, or to the frame of one. */
export function imageReference(instance: NaturalizedDataset): NaturalizedDataset {
  return {
    ...instanceReference(instance),
    ...(numberOfFrames(instance) > 1 && instance.frameNumber
      ? { ReferencedFrameNumber: String(instance.frameNumber) }
      : {}),
  };
}

/** Refers to a whole instance. */
export function instanceReference(instance: NaturalizedDataset): NaturalizedDataset {
  return {
    ReferencedSOPClassUID: textOf(instance, 'SOPClassUID'),
    ReferencedSOPInstanceUID: textOf(instance, 'SOPInstanceUID'),
  };
}
