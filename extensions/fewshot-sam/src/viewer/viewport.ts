import type { Types } from '@cornerstonejs/core';
import type { Cornerstone } from '../host/ohif';
import { viewerUnitsPerUnit } from './modalityValues';
import { pointOnSlice, sliceAt } from './planeShown';
import type { Series } from './series';

/** A viewport that shows images. */
export type ImageViewport = Types.IStackViewport | Types.IVolumeViewport;

export interface DisplayedWindow {
  low: number;
  high: number;
  /** High values are shown dark. */
  inverted: boolean;
}

/** Window of a viewport, in the viewport's own units: SUV for some PET series. */
export function displayedWindow(viewport: ImageViewport | null): DisplayedWindow | null {
  const { voiRange, invert = false } = viewport?.getProperties() ?? {};
  if (!voiRange || !(voiRange.upper > voiRange.lower)) return null;
  return { low: voiRange.lower, high: voiRange.upper, inverted: invert };
}

/** Intensity range that a viewport displays, in modality units: Bq/ml where it shows SUV. */
export function displayedRange(
  core: Cornerstone['core'],
  viewport: ImageViewport | null,
): { low: number; high: number } | null {
  const window = displayedWindow(viewport);
  if (!window) return null;
  const imageId = viewport?.getCurrentImageId?.();
  const image = imageId ? core.cache.getImage(imageId) : undefined;
  const perUnit = image ? viewerUnitsPerUnit(image.preScale) : 1;
  return { low: window.low / perUnit, high: window.high / perUnit };
}

/** Index of the slice that a viewport shows; null in a plane other than that of the series. */
export function currentSlice(viewport: ImageViewport | null, series: Series): number | null {
  try {
    const { reslice } = series;
    if (reslice) {
      const focus = viewport?.getCamera().focalPoint;
      return focus ? sliceAt(reslice, focus) : null;
    }
    const imageId = viewport?.getCurrentImageId?.();
    const index = imageId ? series.imageIds.indexOf(imageId) : -1;
    return index >= 0 ? index : null;
  } catch {
    return null;
  }
}

export function goToSlice(
  core: Cornerstone['core'],
  viewport: ImageViewport | null,
  series: Series,
  index: number,
): void {
  if (!viewport) return;
  if (series.reslice) {
    const { focalPoint } = viewport.getCamera();
    if (focalPoint && 'jumpToWorld' in viewport) {
      viewport.jumpToWorld(pointOnSlice(series.reslice, focalPoint, index));
    }
    return;
  }
  const imageIds = viewport.getImageIds();
  const position = imageIds.indexOf(series.imageIds[index]);
  if (position < 0) return;
  // A volume viewport counts its slices along the view direction, which may be the opposite one.
  const current = viewport.getCurrentImageId?.();
  const shown = current ? imageIds.indexOf(current) : -1;
  const reversed =
    shown >= 0 && shown !== viewport.getCurrentImageIdIndex() && 'getAllVolumeIds' in viewport;
  const imageIndex = reversed ? imageIds.length - 1 - position : position;
  void core.utilities.jumpToSlice(viewport.element, { imageIndex });
}
