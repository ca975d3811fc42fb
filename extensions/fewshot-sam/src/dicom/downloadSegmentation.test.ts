/** @jest-environment jsdom */
import { downloadSegmentation, segmentationFileName } from './downloadSegmentation';

it('names the file by format and moment alone', () => {
  const now = new Date(2024, 0, 31, 9, 5, 7);
  expect(segmentationFileName(now, 'seg')).toBe('fewshot-sam-seg-20240131-090507.dcm');
  expect(segmentationFileName(now, 'rtstruct')).toBe('fewshot-sam-rtstruct-20240131-090507.dcm');
});

it('clicks a link to the bytes, and leaves nothing in the page', () => {
  jest.useFakeTimers();
  const blobs: Blob[] = [];
  const revoked: string[] = [];
  // jsdom has neither.
  URL.createObjectURL = blob => `blob:${blobs.push(blob as Blob)}`;
  URL.revokeObjectURL = url => void revoked.push(url);
  const clicked: { href: string; download: string }[] = [];
  const listen = (event: Event) => {
    const { href, download } = event.target as HTMLAnchorElement;
    clicked.push({ href, download });
    event.preventDefault();
  };
  document.addEventListener('click', listen);
  downloadSegmentation(new ArrayBuffer(300), 'a.dcm');
  document.removeEventListener('click', listen);
  expect(clicked).toEqual([{ href: 'blob:1', download: 'a.dcm' }]);
  expect(blobs[0].type).toBe('application/dicom');
  expect(blobs[0].size).toBe(300);
  expect(document.querySelector('a')).toBeNull();
  expect(revoked).toEqual([]);
  jest.runAllTimers();
  expect(revoked).toEqual(['blob:1']);
  jest.useRealTimers();
});
