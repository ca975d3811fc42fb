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

/** Fewest slices for a new task, and to add to one: the others already show the variation. */
const FEWEST = 2;
const FEWEST_ADDED = 1;

/** A series resliced for tasks: along a patient plane, in radiological orientation. */
export type TaskStudy = Series & { reslice: Reslice };

/** The plane in which the slices of a series lie. */
export function planeOfSeries(series: Series): PlaneName {
  return series.reslice?.plane.name ?? acquiredPlane(series);
}

/** @throws FewshotError `bad-geometry` if the series cannot be resliced */
export function studyOf(series: Series, plane: PlaneName): TaskStudy {
  return resliceSeries(sourceOf(series), plane) as TaskStudy;
}

/** Properties of a series that decide whether a task fits it. */
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

/** Why a segment cannot be learned as a task, or added to one; null if it can. */
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
 * An outline in the orientation of the study.
 *
 * @param series on which it was drawn: resliced like the study, or as acquired
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
 * Converts a result to the slices that are shown: those of the study, or the acquired ones. Each voxel
 * of the study is one of the series, so nothing is lost.
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
  const slices = new Map<number, { mask: Mask; bytes: Uint8Array; confidence?: number }>();
  for (const found of result.slices) {
    const probability = found.probability();
    const crossed = new Set<number>();
    forEachResliced(reslice, found.index, (pixel, index, place) => {
      let slice = slices.get(index);
      if (!slice) {
        slice = { mask: new Uint8Array(size), bytes: new Uint8Array(size) };
        slices.set(index, slice);
      }
      crossed.add(index);
      slice.mask[place] = found.mask[pixel];
      slice.bytes[place] = Math.round(probability[pixel] * 255);
    });
    // A slice of the study that is an acquired one, only turned, keeps its expected Dice.
    const [index] = crossed;
    if (crossed.size === 1 && found.mask.length === size && found.confidence !== undefined)
      slices.get(index)!.confidence = found.confidence;
  }
  const ascending = [...slices]
    .map(([index, { bytes, ...slice }]): PropagatedSlice => ({
      index,
      ...slice,
      probability: () => mapInto(bytes, new Float32Array(size), p => p / 255),
    }))
    .sort((a, b) => a.index - b.index);
  return { series: source, result: { ...result, slices: ascending } };
}
