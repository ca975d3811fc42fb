import {
  FewshotError,
  type PlaneName,
  seriesGeometry,
  type SeriesGeometry,
  type TaskMetadata,
} from 'fewshot-sam';
import { type Filter, mismatch } from './query';
import type { SeriesFacts } from './seriesFacts';

/** What a task demands of a series. */
export type TaskNeeds = Pick<TaskMetadata, 'modality' | 'axis' | 'spacingMm'>;

export interface SeriesLimits {
  minSlices: number;
  maxSlices: number;
  filters: readonly Filter[];
}

export type Selected = { series: SeriesFacts; notes: string[] } | { series: null; reason: string };

/** Modalities of images; everything else is made from images, or is none. */
const IMAGES = ['CT', 'MR', 'PT', 'NM', 'US', 'XA', 'OT', 'SC'];
/** How many times finer or coarser than those learned from pixels may be. */
const MOST_SCALE = 3;
/** Slices of another plane than the acquired one are usable up to this distance, in pixels. */
const MOST_RESLICED = 2;
/** Pixel spacings closer than this count as equal. */
const SAME_SCALE = 1.1;

/** Patient axis of a plane's normal. */
const NORMAL: Record<PlaneName, number> = { sagittal: 0, coronal: 1, axial: 2 };

/**
 * Chooses the series of a study that suits a task: of its modality, cut in its plane or fine enough to be
 * resliced, a stack of enough slices with pixels about as large as those it learned from. Of several, takes
 * the acquired plane, then the nearest pixel size, then the most slices, then the first.
 *
 * @returns the series and notes, or why there is none
 */
export function selectSeries(
  study: readonly SeriesFacts[],
  task: TaskNeeds,
  limits: SeriesLimits,
): Selected {
  const images = study.filter(({ modality }) => IMAGES.includes(modality));
  if (images.length === 0) return { series: null, reason: 'The study has no series of images.' };
  const rated = images.map(series => ({ series, ...rate(series, task, limits) }));
  const suitable = rated
    .filter(({ reason }) => reason === null)
    .sort(
      (a, b) =>
        Number(b.isAcquired) - Number(a.isAcquired) ||
        a.scale - b.scale ||
        b.series.slices.length - a.series.slices.length ||
        a.series.number - b.series.number ||
        a.series.uid.localeCompare(b.series.uid),
    );
  const [best] = suitable;
  if (best) {
    const { number, modality } = best.series;
    const notes: string[] = [];
    if (suitable.length > 1) {
      notes.push(
        `${suitable.length} series of the study suit the task; number ${number} was taken.`,
      );
    }
    if (!task.modality) {
      notes.push(`The task does not know its modality; this is ${modality}. See --modality.`);
    }
    return { series: best.series, notes };
  }
  const reasons = new Map<string, number>();
  for (const { reason } of rated) reasons.set(reason!, (reasons.get(reason!) ?? 0) + 1);
  const texts = [...reasons].map(([reason, count]) =>
    count > 1 ? `${count} series: ${reason}` : reason,
  );
  return { series: null, reason: `No series suits the task: ${texts.join('; ')}.` };
}

interface Rating {
  /** Why the series does not suit. */
  reason: string | null;
  isAcquired: boolean;
  /** Ratio of the pixel sizes, 1 or more; 1 for almost equal ones. */
  scale: number;
}

function rate(series: SeriesFacts, task: TaskNeeds, limits: SeriesLimits): Rating {
  const unsuitable = (reason: string): Rating => ({ reason, isAcquired: false, scale: 1 });
  const { modality, slices } = series;
  if (task.modality && modality !== task.modality) {
    return unsuitable(`${modality}, not ${task.modality}`);
  }
  const filter = mismatch(series.dataset, limits.filters);
  if (filter) return unsuitable(`does not match the filter ${filter.keyword}`);
  if (slices.some(({ imageType }) => imageType.includes('LOCALIZER'))) {
    return unsuitable(`${modality} localizer`);
  }
  const count = slices.length;
  const { minSlices, maxSlices } = limits;
  if (count < minSlices) {
    return unsuitable(
      `${modality} of ${count} ${count === 1 ? 'image' : 'images'}, fewer than ${minSlices}`,
    );
  }
  if (count > maxSlices)
    return unsuitable(`${modality} of ${count} images, more than ${maxSlices}`);
  if (slices.some(slice => slice.position.length !== 3 || slice.orientation.length !== 6)) {
    return unsuitable(`${modality} images without a position`);
  }
  const [{ rows, columns, pixelSpacing }] = slices;
  if (slices.some(slice => slice.rows !== rows || slice.columns !== columns)) {
    return unsuitable(`${modality} images of different sizes`);
  }
  if (pixelSpacing.length !== 2 || !pixelSpacing.every(value => value > 0)) {
    return unsuitable(`${modality} images without Pixel Spacing`);
  }
  let geometry: SeriesGeometry;
  try {
    geometry = seriesGeometry(slices, image => `image ${image + 1}`);
  } catch (error) {
    if (error instanceof FewshotError)
      return unsuitable(`${modality}: ${error.message.replace(/\.$/, '')}`);
    throw error;
  }
  const acquired = planeNameOf(geometry);
  const isAcquired = acquired === task.axis;
  const pixel = Math.max(...pixelSpacing);
  if (!isAcquired && geometry.sliceSpacing > MOST_RESLICED * pixel) {
    return unsuitable(
      `${modality} ${acquired} slices ${millimetres(geometry.sliceSpacing)} apart; the task needs ${task.axis} ones`,
    );
  }
  const learned = Math.sqrt(task.spacingMm[0] * task.spacingMm[1]);
  const own = isAcquired
    ? Math.sqrt(pixelSpacing[0] * pixelSpacing[1])
    : Math.sqrt(pixel * geometry.sliceSpacing);
  const scale = Math.max(own / learned, learned / own);
  if (scale > MOST_SCALE) {
    return unsuitable(
      `${modality} pixels of ${millimetres(own)}; the task learned from ${millimetres(learned)}`,
    );
  }
  return { reason: null, isAcquired, scale: scale < SAME_SCALE ? 1 : scale };
}

function planeNameOf({ normal }: SeriesGeometry): PlaneName {
  const names = Object.keys(NORMAL) as PlaneName[];
  const along = (name: PlaneName) => Math.abs(normal[NORMAL[name]]);
  return names.reduce((best, name) => (along(name) > along(best) ? name : best));
}

function millimetres(value: number): string {
  return `${Number(value.toPrecision(2))} mm`;
}
