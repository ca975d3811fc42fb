import { expandFrames, imageReference } from './expandFrames';
import { enhanced, image } from '../seg/testSeries';

describe('expandFrames', () => {
  it('makes a data set of each frame, with its own place', () => {
    const frames = expandFrames([enhanced([5, 9])]);
    expect(frames).toMatchObject([
      { ImagePositionPatient: [-10, -20, 5], PixelSpacing: [0.5, 0.7], frameNumber: 1 },
      { ImagePositionPatient: [-10, -20, 9], PixelSpacing: [0.5, 0.7], frameNumber: 2 },
    ]);
    expect(imageReference(frames[1])).toMatchObject({ ReferencedFrameNumber: '2' });
  });

  it('also of a single one', () => {
    const [frame] = expandFrames([enhanced([5])]);
    expect(frame).toMatchObject({ ImagePositionPatient: [-10, -20, 5] });
    expect(imageReference(frame)).not.toHaveProperty('ReferencedFrameNumber');
  });

  it('leaves others as they are, and frames that were taken apart before', () => {
    const apart = { ...image(2), NumberOfFrames: 9, frameNumber: 3 };
    const given = [image(0), apart];
    expect(expandFrames(given)).toEqual(given);
    expect(imageReference(apart)).toMatchObject({ ReferencedFrameNumber: '3' });
  });

  it('refuses frames that do not say where they lie', () => {
    expect(() => expandFrames([{ ...image(0), NumberOfFrames: 9 }])).toThrow(
      'A source image has 9 frames but positions for 0.',
    );
  });
});
