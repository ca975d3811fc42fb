import { FewshotError } from 'fewshot-sam';
import {
  itemsOf,
  type MeasuredSegment,
  type NaturalizedDataset,
  nextSeriesNumber,
  textOf,
} from 'fewshot-sam-dicom';
import { storingDataSource } from '../dicom/dataSource';
import type { DicomSeg, LoadDicomSeg } from '../dicom/loadDicomSeg';
import { showStoredSeries } from '../dicom/showStoredSeries';
import { storeSegmentation, type StoreProgress } from '../dicom/storeSegmentation';
import type { ExtensionContext } from '../host/ohif';
import { sourceOf } from '../viewer/series';
import type { Collected } from './collect';
import type { Encoding } from './encoding';
import type { KeptFile } from './keptFiles';
import type { StructureResult } from './results';

/** A report that was made, kept so that another attempt sends the same file. */
interface KeptReport {
  key: string;
  dataset: NaturalizedDataset;
  file: ArrayBuffer;
  sent: boolean;
}

/** Stores measurement reports beside the segmentation that they refer to, in the same way. */
export class ReportStorage {
  private kept: KeptReport | null = null;

  constructor(
    private readonly context: ExtensionContext,
    private readonly loadDicomSeg: LoadDicomSeg,
    private readonly encoding: Pick<Encoding, 'encode'>,
  ) {}

  /**
   * Stores a report of the measurements as a new series. If nothing changed since the last attempt, it sends
   * the same instance again, so there is never a second copy.
   *
   * @throws FewshotError when the segmentation is not stored as it is now, or the archive does not store the
   *   report; `cancelled`
   */
  async store(
    collected: Collected,
    structures: readonly StructureResult[],
    onProgress: (progress: StoreProgress) => void,
    signal: AbortSignal,
  ): Promise<{ seriesDescription: string; confirmed: boolean; hasOtherUids?: true }> {
    const { servicesManager, extensionManager } = this.context;
    const { displaySetService, userAuthenticationService } = servicesManager.services;
    const dataSource = storingDataSource(extensionManager);
    const segmentation = await this.encoding.encode(collected, signal);
    if (!dataSource || !segmentation.stored || segmentation.hasOtherUids) {
      throw new FewshotError(
        'bad-input',
        'The archive does not have this segmentation, so a report cannot refer to it.',
        'Store the segmentation first.',
      );
    }
    const report = this.reportOf(segmentation, structures, collected, await this.loadDicomSeg());
    const instance = instanceOf(report.dataset);
    const sentBefore = report.sent;
    report.sent = true;
    const stored = await storeSegmentation(dataSource, report.file, instance, {
      authorization: () => userAuthenticationService?.getAuthorizationHeader?.() ?? {},
      ...{ sentBefore, signal, onProgress },
    }).catch(aboutReport);
    const { SeriesDescription: seriesDescription } = instance;
    if (typeof stored === 'object') {
      return { seriesDescription, confirmed: true, hasOtherUids: true };
    }
    void showStoredSeries(dataSource, instance, () =>
      displaySetService
        .getActiveDisplaySets()
        .some(({ SeriesInstanceUID }) => SeriesInstanceUID === instance.SeriesInstanceUID),
    );
    return { seriesDescription, confirmed: stored === 'confirmed' };
  }

  private reportOf(
    { dataset }: KeptFile,
    structures: readonly StructureResult[],
    { series }: Collected,
    { createReport, encodePart10, longString }: DicomSeg,
  ): KeptReport {
    const measured = segmentsOf(dataset, structures, longString);
    const key = JSON.stringify([dataset.SOPInstanceUID, measured]);
    if (this.kept?.key === key) return this.kept;
    const { displaySetService } = this.context.servicesManager.services;
    const labels = structures.map(({ label }) => label).join(', ');
    const report = createReport(dataset, sourceOf(series!).instances, measured, {
      seriesDescription: `Measurements: ${labels}`,
      seriesNumber: nextSeriesNumber(displaySetService.getActiveDisplaySets()),
    });
    this.kept = { key, dataset: report, file: encodePart10(report), sent: false };
    return this.kept;
  }
}

/**
 * Matches structures to the segments of the file, which holds them in the same order.
 *
 * @throws FewshotError `bad-input` when they differ, or the file is not a SEG
 */
function segmentsOf(
  dataset: NaturalizedDataset,
  structures: readonly StructureResult[],
  longString: DicomSeg['longString'],
): MeasuredSegment[] {
  const segments = itemsOf(dataset, 'SegmentSequence');
  const isSame =
    segments.length === structures.length &&
    structures.every(({ label }, i) => {
      const name = longString(label);
      return !name || textOf(segments[i], 'SegmentLabel') === name;
    });
  if (!isSame) {
    throw new FewshotError(
      'bad-input',
      'The stored file does not hold these structures as segments of a DICOM SEG.',
      'Store the segmentation again as DICOM SEG, then the report.',
    );
  }
  return structures.map(({ measurements }, i) => ({
    number: Number(segments[i].SegmentNumber),
    measurements,
  }));
}

function instanceOf(dataset: NaturalizedDataset) {
  return {
    StudyInstanceUID: textOf(dataset, 'StudyInstanceUID'),
    SeriesInstanceUID: textOf(dataset, 'SeriesInstanceUID'),
    SOPInstanceUID: textOf(dataset, 'SOPInstanceUID'),
    Modality: textOf(dataset, 'Modality'),
    SeriesDescription: textOf(dataset, 'SeriesDescription'),
    SeriesDate: textOf(dataset, 'SeriesDate'),
    SeriesTime: textOf(dataset, 'SeriesTime'),
  };
}

/** Storing explains its errors for a segmentation. */
function aboutReport(error: unknown): never {
  if (!(error instanceof FewshotError)) throw error;
  const [message, remedy] = [error.message, error.remedy].map(words =>
    words
      .replace('download the segmentation, so that it is not lost', 'copy the measurements')
      .replace(/the segmentation/gi, found => (found[0] === 'T' ? 'The report' : 'the report')),
  );
  throw new FewshotError(error.code, message, remedy, { cause: error.cause });
}
