import { FewshotError, type PlaneName } from 'fewshot-sam';
import type { Types } from '@cornerstonejs/tools';
import type { SegmentLabelmap } from '../viewer/labelmap';
import type { Series } from '../viewer/series';
import type { ViewerSegment } from '../viewer/labelmap';
import type { Viewer } from '../viewer/viewer';
import {
  outlinedSlices,
  segmentObstacle,
  targetSlices,
  type SegmentReadiness,
  type SegmentSlices,
} from './fewshotSet';
import type { Obstacle, Settings } from './state';

/** One segment with everything that decides whether it can be propagated. */
export interface CollectedSegment extends ViewerSegment, SegmentReadiness {
  labelmap: SegmentLabelmap;
  slices: SegmentSlices;
  /** Slices of which the user says that the structure is not there. */
  absent: number[];
  /** Slices that a stored segmentation brought and nobody changed; unknown until its file was read. */
  given?: readonly number[];
  obstacle: Obstacle | null;
}

/** Contents of the viewer at one moment. */
export interface Collected {
  series: Series | null;
  segmentation: Types.Segmentation | null;
  segments: CollectedSegment[];
  /** Obstacle that holds for every segment. */
  obstacle: Obstacle | null;
}

/** What earlier propagations wrote: slice -> digest. `plane` is undefined for the acquired plane. */
export type PredictedSlices = (
  segmentationId: string,
  segmentIndex: number,
  plane?: PlaneName,
) => SegmentSlices;

/** Outlined slices that the user took out of the few-shot set, per segment and plane. */
export type ExcludedSlices = (
  segmentationId: string,
  segmentIndex: number,
  plane?: PlaneName,
) => ReadonlySet<number>;

/** Slices of which the user says that the structure is not there, per segment and plane. */
export type AbsentSlices = ExcludedSlices;

/** Turns an error into an obstacle, so that the panel can show it. */
function obstacleOf(error: unknown): Obstacle {
  if (error instanceof FewshotError) return { message: error.message, remedy: error.remedy };
  return {
    message: `The viewer could not be read (${error instanceof Error ? error.message : String(error)}).`,
    remedy: 'Click into the viewport; reload the page if this stays.',
  };
}

/** Reads series, segments and outlines from the active viewport. Never throws. */
export async function collect(
  viewer: Viewer,
  settingsFor: (series: Series) => Settings,
  predicted: PredictedSlices,
  excluded: ExcludedSlices,
  marked: AbsentSlices,
): Promise<Collected> {
  let series: Series | null = null;
  let segmentation: Types.Segmentation | null = null;
  try {
    series = viewer.series();
    segmentation = viewer.segmentation();
    if (!segmentation) {
      return {
        series,
        segmentation,
        segments: [],
        obstacle: {
          message: 'There is no structure yet.',
          remedy: 'Press Add structure, then outline it on at least 2 slices.',
        },
      };
    }
    const { segmentationId } = segmentation;
    const shown = viewer.segments(segmentation);
    const labelmaps = shown.map(segment =>
      viewer.labelmap(segmentation!, segment.segmentIndex, series!),
    );
    const found = await viewer.scan(labelmaps);
    const settings = settingsFor(series);
    const segments = shown.map((segment, i) => {
      const slices = found.get(segment.segmentIndex) ?? new Map();
      const plane = series!.reslice?.plane.name;
      const written = predicted(segmentationId, segment.segmentIndex, plane);
      const outlined = outlinedSlices(slices, written);
      // Once something is drawn there, the mark no longer holds.
      const absent = [...marked(segmentationId, segment.segmentIndex, plane)]
        .filter(index => !slices.has(index))
        .sort((a, b) => a - b);
      const targets = targetSlices([...outlined, ...absent], settings, series!.imageIds.length);
      const out = excluded(segmentationId, segment.segmentIndex, plane);
      const inSet = outlined.filter(index => !out.has(index));
      const readiness = { ...segment, outlined, inSet, targets };
      const obstacle = segmentObstacle(readiness);
      return { ...readiness, labelmap: labelmaps[i], slices, absent, obstacle };
    });
    return { series, segmentation, segments, obstacle: null };
  } catch (error) {
    return { series, segmentation, segments: [], obstacle: obstacleOf(error) };
  }
}

/** More slices than this are segmented only after a question. */
export const MANY_SLICES = 300;

/** Slices that a run would segment, if they are so many that it should ask first; else null. */
export function manySlices(segments: readonly Pick<CollectedSegment, 'targets'>[]): number | null {
  const slices = new Set(segments.flatMap(({ targets }) => targets)).size;
  return slices > MANY_SLICES ? slices : null;
}

/** The segments that a run would propagate, or why it cannot start. */
export function runnable(
  collected: Collected,
  scope: Settings['scope'],
): { segments: CollectedSegment[]; obstacle: Obstacle | null } {
  if (collected.obstacle) return { segments: [], obstacle: collected.obstacle };
  const active = collected.segments.find(segment => segment.active);
  if (scope === 'all') {
    const segments = collected.segments.filter(segment => !segment.obstacle);
    return segments.length > 0
      ? { segments, obstacle: null }
      : {
          segments,
          obstacle: (active ?? collected.segments[0])?.obstacle ?? {
            message: 'There is no structure yet.',
            remedy: 'Press Add structure, then outline it on at least 2 slices.',
          },
        };
  }
  if (!active) {
    return {
      segments: [],
      obstacle: {
        message: 'No segment is selected.',
        remedy: 'Choose the segment to propagate in the list above.',
      },
    };
  }
  return { segments: active.obstacle ? [] : [active], obstacle: active.obstacle };
}
