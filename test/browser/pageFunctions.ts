/** The part of the viewer's own objects that tests look at; the prebuilt viewer hangs them on the window. */
interface ViewerWindow {
  services: {
    viewportGridService: { getActiveViewportId(): string };
    segmentationService: {
      getActiveSegmentation(viewportId: string): PageSegmentation | undefined;
      remove(segmentationId: string): void;
    };
  };
  cornerstone: {
    cache: {
      getImage(imageId: string): PageImage | undefined;
      getVolume(volumeId: string): { imageIds: string[] } | undefined;
    };
    metaData: { get(type: 'instance', imageId: string): PageInstance };
    getEnabledElementByViewportId(id: string): { viewport: PageViewport } | undefined;
  };
  cornerstoneTools: {
    annotation: {
      state: { getAnnotation(uid: string): { data: { contour: { polyline: number[][] } } } };
    };
    segmentation: {
      triggerSegmentationEvents: { triggerSegmentationDataModified(segmentationId: string): void };
    };
  };
}

interface PageInstance {
  SOPInstanceUID: string;
  NumberOfFrames?: unknown;
  frameNumber?: number;
  ImagePositionPatient: number[];
  PixelSpacing: number[];
}

interface PageImage {
  referencedImageId: string;
  voxelManager: {
    getScalarData(): ArrayLike<number>;
    setAtIndex(index: number, value: number): void;
  };
}

interface PageViewport {
  getCurrentImageIdIndex(): number;
  getImageIds(): string[];
}

interface PageSegmentation {
  segmentationId: string;
  segments: Record<number, { segmentIndex: number; label: string }>;
  representationData: {
    Labelmap?: { imageIds?: string[]; volumeId?: string };
    Contour?: { annotationUIDsMap?: Map<number, Set<string>> };
  };
}

declare global {
  interface Window {
    ohif: {
      activeViewport(): PageViewport | undefined;
      activeSegmentation(): PageSegmentation | undefined;
      /** Removes the active one, past the viewer's menu. */
      removeSegmentation(): void;
      /** SOP Instance UID of the source image -> label values of the labelmap there. */
      labels(): Record<string, ArrayLike<number>>;
      countVoxels(segmentIndex: number): Record<string, number>;
      /** SOP Instance UIDs of the series shown, from feet to head. */
      upwards(): string[];
      /** The same in the order in which the viewer shows them. */
      shownUids(): string[];
      /** Marks voxels as a tool would: SOP Instance UID -> one byte per voxel as base64. */
      draw(masks: Record<string, string>, segmentIndex: number): void;
      /** Contours of the active segmentation: their points, and voxels that they enclose, about. */
      contours(): { points: number[][]; voxels: number }[];
      /** The segment's mask on each slice, one byte per voxel as base64. */
      masks(segmentIndex: number): Record<string, string>;
    };
  }
}

/** Runs in the page before the viewer: what tests ask of it. */
export function pageFunctions(): void {
  const viewer = window as unknown as ViewerWindow;
  const viewportId = () => viewer.services.viewportGridService.getActiveViewportId();
  const activeSegmentation = () =>
    viewer.services?.segmentationService.getActiveSegmentation(viewportId());

  /** SOP Instance UID; of a frame of several, with its number: `uid#3`. */
  const nameOf = ({ SOPInstanceUID, NumberOfFrames, frameNumber }: PageInstance) =>
    Number(NumberOfFrames ?? 1) > 1 ? `${SOPInstanceUID}#${frameNumber}` : SOPInstanceUID;

  /** Labelmap images by the SOP Instance UID of their source image. */
  const images = () => {
    const { imageIds, volumeId } = activeSegmentation()?.representationData.Labelmap ?? {};
    const { cache, metaData } = viewer.cornerstone;
    const ids = imageIds ?? (volumeId ? cache.getVolume(volumeId)?.imageIds : undefined) ?? [];
    const found: Record<string, PageImage> = {};
    for (const id of ids) {
      const image = cache.getImage(id);
      if (!image) continue;
      found[nameOf(metaData.get('instance', image.referencedImageId))] = image;
    }
    return found;
  };
  const labels = () =>
    Object.fromEntries(
      Object.entries(images()).map(([uid, image]) => [uid, image.voxelManager.getScalarData()]),
    );

  window.ohif = {
    removeSegmentation: () =>
      viewer.services.segmentationService.remove(activeSegmentation()!.segmentationId),
    activeViewport: () => {
      try {
        return viewer.cornerstone.getEnabledElementByViewportId(viewportId())?.viewport;
      } catch {
        // The services are there before they answer.
        return undefined;
      }
    },
    activeSegmentation,
    labels,
    countVoxels: segmentIndex => {
      const counts: Record<string, number> = {};
      for (const [uid, values] of Object.entries(labels())) {
        let count = 0;
        for (let i = 0; i < values.length; i++) if (values[i] === segmentIndex) count++;
        if (count) counts[uid] = count;
      }
      return counts;
    },
    upwards: () =>
      window.ohif
        .activeViewport()!
        .getImageIds()
        .map(imageId => viewer.cornerstone.metaData.get('instance', imageId))
        .sort((a, b) => a.ImagePositionPatient[2] - b.ImagePositionPatient[2])
        .map(nameOf),
    shownUids: () =>
      window.ohif
        .activeViewport()!
        .getImageIds()
        .map(imageId => nameOf(viewer.cornerstone.metaData.get('instance', imageId))),
    draw: (masks, segmentIndex) => {
      const found = images();
      for (const [uid, base64] of Object.entries(masks)) {
        const mask = atob(base64);
        for (let i = 0; i < mask.length; i++) {
          if (mask.charCodeAt(i)) found[uid].voxelManager.setAtIndex(i, segmentIndex);
        }
      }
      viewer.cornerstoneTools.segmentation.triggerSegmentationEvents.triggerSegmentationDataModified(
        activeSegmentation()!.segmentationId,
      );
    },
    contours: () => {
      const { annotationUIDsMap } = activeSegmentation()!.representationData.Contour!;
      const { state } = viewer.cornerstoneTools.annotation;
      const [imageId] = window.ohif.activeViewport()!.getImageIds();
      const [row, column] = viewer.cornerstone.metaData.get('instance', imageId).PixelSpacing;
      return [...annotationUIDsMap!.values()]
        .flatMap(uids => [...uids])
        .map(uid => {
          const points = state.getAnnotation(uid).data.contour.polyline.map(p => Array.from(p));
          // Half the sum of the cross products: the area, however the plane lies.
          const sum = [0, 0, 0];
          points.forEach(([x, y, z], i) => {
            const [nextX, nextY, nextZ] = points[(i + 1) % points.length];
            sum[0] += y * nextZ - z * nextY;
            sum[1] += z * nextX - x * nextZ;
            sum[2] += x * nextY - y * nextX;
          });
          return { points, voxels: Math.hypot(...sum) / 2 / row / column };
        });
    },
    masks: segmentIndex =>
      Object.fromEntries(
        Object.entries(labels()).map(([uid, values]) => {
          let bytes = '';
          for (let i = 0; i < values.length; i++) {
            bytes += values[i] === segmentIndex ? '\u0001' : '\0';
          }
          return [uid, btoa(bytes)];
        }),
      ),
  };
}
