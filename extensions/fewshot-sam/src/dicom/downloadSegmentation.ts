/** `fewshot-sam-seg-20240131-095959.dcm`: the moment alone, so that no name or number gets out. */
export function segmentationFileName(now: Date): string {
  const pad = (value: number) => String(value).padStart(2, '0');
  const date = `${now.getFullYear()}${pad(now.getMonth() + 1)}${pad(now.getDate())}`;
  const time = `${pad(now.getHours())}${pad(now.getMinutes())}${pad(now.getSeconds())}`;
  return `fewshot-sam-seg-${date}-${time}.dcm`;
}

/** Hands a file, by default a DICOM one, to the browser's downloads. */
export function downloadSegmentation(
  file: ArrayBuffer,
  name: string,
  type = 'application/dicom',
): void {
  const url = URL.createObjectURL(new Blob([file], { type }));
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = name;
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  // The browser reads the URL after this call has returned.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
