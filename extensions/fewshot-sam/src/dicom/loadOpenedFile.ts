import type { DisplaySet, ExtensionContext } from '../host/ohif';

/** OHIF's service for the bytes of an instance from any data source: DICOMweb, WADO-URI, a local file. */
interface DicomLoaderService {
  findDicomDataPromise(
    displaySet: DisplaySet,
    studies: null,
    headers?: Record<string, string>,
  ): Promise<ArrayBuffer>;
}

/**
 * Fetches the DICOM file that a segmentation was opened from.
 *
 * @throws Error if the viewer or the archive does not provide it
 */
export async function loadOpenedFile(
  { extensionManager, servicesManager }: ExtensionContext,
  segmentationId: string,
): Promise<Uint8Array> {
  const { displaySetService, userAuthenticationService } = servicesManager.services;
  // The id of a segmentation from the archive is that of its display set.
  const displaySet = displaySetService.getDisplaySetByUID(segmentationId);
  const { dicomLoaderService } = (extensionManager.getModuleEntry(
    '@ohif/extension-cornerstone.utilityModule.common',
  )?.exports ?? {}) as { dicomLoaderService?: DicomLoaderService };
  if (!displaySet || !dicomLoaderService) throw new Error('The viewer does not give the file.');
  const headers = userAuthenticationService?.getAuthorizationHeader?.();
  // Pass a copy: the service writes the headers into it.
  const bytes = await dicomLoaderService.findDicomDataPromise({ ...displaySet }, null, headers);
  return new Uint8Array(bytes);
}
