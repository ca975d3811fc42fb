import type { ArchiveSource } from './dataSource';

/** Milliseconds before each look. Archives may index only after they have answered. */
const LOOKS = [0, 500, 2000];

/**
 * Makes a series that was just stored appear in the viewer, without reloading the page.
 *
 * @param isShown whether the viewer has a display set for it
 * @returns whether it appeared. Never throws: the series is stored in any case.
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
        // Otherwise a series filter in the page's address would hide it.
        madeInClient: true,
      });
    } catch {
      // The archive has not indexed it yet, or this data source cannot query one series.
    } finally {
      // The cache now holds this series only and would stand for the whole study.
      forgetStudy(dataSource, StudyInstanceUID);
    }
    if (isShown()) return true;
  }
  return false;
}

/** OHIF caches study metadata under `name:uid` but deletes by the key it is given: delete both. */
function forgetStudy(dataSource: ArchiveSource, studyInstanceUID: string): void {
  try {
    const name = dataSource.getConfig?.()?.name;
    dataSource.deleteStudyMetadataPromise?.(`${name}:${studyInstanceUID}`);
    dataSource.deleteStudyMetadataPromise?.(studyInstanceUID);
  } catch {
    // No cache to clear.
  }
}
