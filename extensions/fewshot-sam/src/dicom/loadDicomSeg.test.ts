import { FewshotError } from 'fewshot-sam';
import * as dicomSeg from './dicomSeg';
import { withOurErrors } from './loadDicomSeg';

it('turns errors of the bundle, which has its own FewshotError, into ours', async () => {
  class TheirError extends Error {
    readonly code = 'bad-input';
    readonly remedy = 'Export it again.';
  }
  const seg = withOurErrors({
    ...dicomSeg,
    FewshotError: TheirError as unknown as typeof FewshotError,
    describeSegments() {
      throw new TheirError('It describes no segment.');
    },
    async readSegmentation(): Promise<never> {
      throw new TheirError('It is cut off.');
    },
    encodePart10() {
      throw new RangeError('Out of memory.');
    },
  });
  expect(() => seg.describeSegments({})).toThrow(FewshotError);
  expect(() => seg.describeSegments({})).toThrow('It describes no segment.');
  await expect(seg.readSegmentation(new Uint8Array(), [])).rejects.toMatchObject({
    name: 'FewshotError',
    message: 'It is cut off.',
    remedy: 'Export it again.',
  });
  expect(() => seg.encodePart10({})).toThrow(RangeError);
});
