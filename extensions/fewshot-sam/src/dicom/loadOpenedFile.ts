import type { DisplaySet, ExtensionContext } from '../host/ohif';

/** OHIF's own way to the bytes of an instance, whatever the data source: DICOMweb, WADO-URI, a local file. */
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
 * @throws Error when the viewer or the archive does not give it
 */
export async function loadOpenedFile(
  { extensionManager, servicesManager }: ExtensionContext,
  segmentationId: string,
): Promise<Uint8Array> {
  const { displaySetService, userAuthenticationService } = servicesManager.services;
  // OHIF gives a segmentation the name of its display set.
  const displaySet = displaySetService.getDisplaySetByUID(segmentationId);
  const { dicomLoaderService } = (extensionManager.getModuleEntry(
    '@ohif/extension-cornerstone.utilityModule.common',
  )?.exports ?? {}) as { dicomLoaderService?: DicomLoaderService };
  if (!displaySet || !dicomLoaderService) throw new Error('The viewer does not give the file.');
  const headers = userAuthenticationService?.getAuthorizationHeader?.();
  // A copy: the service notes the headers in it.
  const bytes = await dicomLoaderService.findDicomDataPromise({ ...displaySet }, null, headers);
  return new Uint8Array(bytes);
}
