import { FewshotError } from 'fewshot-sam';
import * as dicomSeg from './dicomSeg';
import { loadOnce } from './loadDicomSeg';

it('loads once, and tries again under another name after a failure', async () => {
  const failures: number[] = [];
  const load = loadOnce(async count => {
    failures.push(count);
    if (count < 2) throw new TypeError('Failed to fetch');
    return dicomSeg;
  });
  await expect(load()).rejects.toMatchObject({
    code: 'backend-unusable',
    message: expect.stringMatching(/dicom-seg\.js.* could not be loaded: Failed to fetch/),
  });
  await expect(load()).rejects.toBeInstanceOf(FewshotError);
  const [first, second] = await Promise.all([load(), load()]);
  expect(first).toBe(second);
  expect(failures).toEqual([0, 1, 2]);
  expect(first.longString('Liver ')).toBe(dicomSeg.longString('Liver '));
});

it('passes on why the file was refused', async () => {
  const altered = new FewshotError('plugin-altered', 'It was altered.', 'Copy it again.');
  await expect(loadOnce(() => Promise.reject(altered))()).rejects.toBe(altered);
});

it('turns errors of the bundle, which has its own FewshotError, into ours', async () => {
  class TheirError extends Error {
    readonly code = 'bad-input';
    readonly remedy = 'Export it again.';
  }
  const load = loadOnce(async () => ({
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
  }));
  const seg = await load();
  expect(() => seg.describeSegments({})).toThrow(FewshotError);
  expect(() => seg.describeSegments({})).toThrow('It describes no segment.');
  await expect(seg.readSegmentation(new Uint8Array(), [])).rejects.toMatchObject({
    name: 'FewshotError',
    message: 'It is cut off.',
    remedy: 'Export it again.',
  });
  expect(() => seg.encodePart10({})).toThrow(RangeError);
});
