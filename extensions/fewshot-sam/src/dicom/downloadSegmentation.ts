/** `fewshot-sam-seg-20240131-095959.dcm`: only format and time, so that no patient data leaks. */
export function segmentationFileName(now: Date, format: 'seg' | 'rtstruct'): string {
  const pad = (value: number) => String(value).padStart(2, '0');
  const date = `${now.getFullYear()}${pad(now.getMonth() + 1)}${pad(now.getDate())}`;
  const time = `${pad(now.getHours())}${pad(now.getMinutes())}${pad(now.getSeconds())}`;
  return `fewshot-sam-${format}-${date}-${time}.dcm`;
}

/** Offers a file, by default a DICOM file, as a browser download. */
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
