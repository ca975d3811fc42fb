import type { ExtensionContext } from '../host/ohif';
import { loadOpenedFile } from './loadOpenedFile';

const displaySet = { displaySetInstanceUID: 'opened', SeriesInstanceUID: '1.2.9' };

/** A viewer with one segmentation of the archive. @param exports of its utility module */
function viewerWith(exports: unknown): ExtensionContext {
  return {
    extensionManager: { getModuleEntry: () => ({ exports }) },
    servicesManager: {
      services: {
        displaySetService: {
          getDisplaySetByUID: (uid: string) => (uid === 'opened' ? displaySet : undefined),
        },
        userAuthenticationService: {
          getAuthorizationHeader: () => ({ Authorization: 'Bearer 1' }),
        },
      },
    },
  } as unknown as ExtensionContext;
}

it('asks the viewer for the file, with the headers of the user', async () => {
  const findDicomDataPromise = jest.fn(async (asked: object, _: null, headers: object) => {
    Object.assign(asked, { authorizationHeaders: headers });
    return Uint8Array.of(1, 2).buffer;
  });
  const viewer = viewerWith({ dicomLoaderService: { findDicomDataPromise } });
  await expect(loadOpenedFile(viewer, 'opened')).resolves.toEqual(Uint8Array.of(1, 2));
  expect(findDicomDataPromise.mock.calls[0][0]).toMatchObject({ SeriesInstanceUID: '1.2.9' });
  expect(findDicomDataPromise.mock.calls[0][2]).toEqual({ Authorization: 'Bearer 1' });
  // No secret is left in the viewer's own object.
  expect(displaySet).not.toHaveProperty('authorizationHeaders');
});

it.each([
  ['the viewer has no such service', viewerWith({}), 'opened'],
  ['the segmentation was drawn here', viewerWith({ dicomLoaderService: {} }), 'drawn'],
])('throws when %s', async (_, viewer, segmentationId) => {
  await expect(loadOpenedFile(viewer, segmentationId)).rejects.toThrow('does not give the file');
});
