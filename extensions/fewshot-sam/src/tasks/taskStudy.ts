import {
  type FewshotResult,
  mapInto,
  type Mask,
  type PlaneName,
  type PropagatedSlice,
} from 'fewshot-sam';
import type { CollectedSegment } from '../session/collect';
import type { Obstacle } from '../session/state';
import {
  acquiredPlane,
  resliceObstacle,
  resliceSeries,
  forEachResliced,
  type Reslice,
} from '../viewer/reslice';
import { sourceOf, type Series } from '../viewer/series';
import type { StudyFacts } from './taskFit';

/** Of a new task, and of a study that is added to one: others have shown what varies. */
const FEWEST = 2;
const FEWEST_ADDED = 1;

/** A series as tasks see it: in a plane of the patient, rows and columns as radiologists see it. */
export type TaskStudy = Series & { reslice: Reslice };

/** The plane in which the slices of a series lie. */
export function planeOfSeries(series: Series): PlaneName {
  return series.reslice?.plane.name ?? acquiredPlane(series);
}

/** @throws FewshotError `bad-geometry` when the series cannot be cut so */
export function studyOf(series: Series, plane: PlaneName): TaskStudy {
  return resliceSeries(sourceOf(series), plane) as TaskStudy;
}

/** What of a series decides whether a task suits it. */
export function factsOf(series: Series, plane: PlaneName): StudyFacts {
  const source = sourceOf(series);
  const obstacle = resliceObstacle(source);
  const acquired = acquiredPlane(source);
  const { rows, columns, rowSpacing, columnSpacing } =
    obstacle && plane !== acquired ? source : studyOf(source, plane);
  return {
    modality: source.modality,
    plane: acquired,
    resliceObstacle: obstacle,
    spacingMm: [rowSpacing, columnSpacing],
    extentMm: Math.max(rows * rowSpacing, columns * columnSpacing),
  };
}

/** Why a segment cannot be learned as a task, or added to one; null when it can. */
export function learnObstacle(
  segment: CollectedSegment | undefined,
  isAdded = false,
): Obstacle | null {
  if (!segment) {
    return { message: 'No structure is selected.', remedy: 'Choose or add one, and outline it.' };
  }
  const { inSet, label } = segment;
  const fewest = isAdded ? FEWEST_ADDED : FEWEST;
  if (inSet.length >= fewest) return null;
  return {
    message:
      inSet.length === 0
        ? `Nothing is outlined for ${label}.`
        : `Only slice ${inSet[0] + 1} is outlined for ${label}.`,
    remedy: `Outline the structure on at least ${fewest === 1 ? 'one slice' : `${fewest} slices`}.`,
  };
}

/**
 * An outline as tasks see it.
 *
 * @param series on whose rows and columns it was drawn: the study itself, or what it is cut from
 */
export function outlineInStudy(study: TaskStudy, series: Series, index: number, mask: Mask): Mask {
  if (series.reslice) return mask;
  const seen = new Uint8Array(mask.length);
  forEachResliced(study.reslice, index, (pixel, _, place) => {
    seen[pixel] = mask[place];
  });
  return seen;
}

/**
 * A result on the slices that are shown: those of the study, or of the series it is cut from. Each voxel
 * is one of the series', so nothing is lost on the way.
 */
export function resultInSeries(
  study: TaskStudy,
  shown: Series,
  result: FewshotResult,
): { series: Series; result: FewshotResult } {
  const { reslice } = study;
  if (shown.reslice?.plane.normal === reslice.plane.normal) return { series: shown, result };
  const { source } = reslice;
  const size = source.rows * source.columns;
  const slices = new Map<number, { mask: Mask; bytes: Uint8Array }>();
  for (const found of result.slices) {
    const probability = found.probability();
    forEachResliced(reslice, found.index, (pixel, index, place) => {
      let slice = slices.get(index);
      if (!slice) {
        slice = { mask: new Uint8Array(size), bytes: new Uint8Array(size) };
        slices.set(index, slice);
      }
      slice.mask[place] = found.mask[pixel];
      slice.bytes[place] = Math.round(probability[pixel] * 255);
    });
  }
  const ascending = [...slices]
    .map(([index, { mask, bytes }]): PropagatedSlice => ({
      index,
      mask,
      probability: () => mapInto(bytes, new Float32Array(size), p => p / 255),
    }))
    .sort((a, b) => a.index - b.index);
  return { series: source, result: { ...result, slices: ascending } };
}
