import type { ArchiveSource } from './dataSource';

/** Archives may index a moment after they have answered. Milliseconds before each look. */
const LOOKS = [0, 500, 2000];

/**
 * Makes a series that was just stored appear in the viewer, without reloading the page.
 *
 * @param isShown whether the viewer has a display set of it
 * @returns whether it appeared; never throws, for the series is stored in any case
 */
export async function showStoredSeries(
  dataSource: ArchiveSource,
  series: { StudyInstanceUID: string; SeriesInstanceUID: string },
  isShown: () => boolean,
  looks: number[] = LOOKS,
): Promise<boolean> {
  const { StudyInstanceUID, SeriesInstanceUID } = series;
  for (const pause of looks) {
    if (pause) await new Promise(resolve => setTimeout(resolve, pause));
    try {
      forgetStudy(dataSource, StudyInstanceUID);
      await dataSource.retrieve?.series?.metadata?.({
        StudyInstanceUID,
        filters: { seriesInstanceUID: [SeriesInstanceUID] },
        // So that a series filter in the page's address does not hide it.
        madeInClient: true,
      });
    } catch {
      // Looked for too early; or this data source cannot be asked for one series.
    } finally {
      // What is cached now knows this one series only, and would be taken for the whole study.
      forgetStudy(dataSource, StudyInstanceUID);
    }
    if (isShown()) return true;
  }
  return false;
}

/** OHIF caches one answer per study, under `name:uid`, but clears what its caller names: clear both. */
function forgetStudy(dataSource: ArchiveSource, studyInstanceUID: string): void {
  try {
    const name = dataSource.getConfig?.()?.name;
    dataSource.deleteStudyMetadataPromise?.(`${name}:${studyInstanceUID}`);
    dataSource.deleteStudyMetadataPromise?.(studyInstanceUID);
  } catch {
    // Without a cache there is nothing to forget.
  }
}
