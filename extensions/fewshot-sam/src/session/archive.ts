import { FewshotError } from 'fewshot-sam';
import { createSegmentation, type Segment } from 'fewshot-sam-dicom/createSegmentation';
import { storingDataSource } from '../dicom/dataSource';
import { downloadSegmentation, segmentationFileName } from '../dicom/downloadSegmentation';
import { encodePart10 } from 'fewshot-sam-dicom/encodePart10';
import type { NaturalizedDataset } from 'fewshot-sam-dicom/naturalized';
import { nextSeriesNumber, seriesDescription } from 'fewshot-sam-dicom/seriesNaming';
import { showStoredSeries } from '../dicom/showStoredSeries';
import { storeSegmentation } from '../dicom/storeSegmentation';
import type { ExtensionContext } from '../host/ohif';
import { breather } from '../viewer/breathe';
import type { Series } from '../viewer/series';
import type { Viewer } from '../viewer/viewer';
import type { Collected, PredictedSlices } from './collect';
import type { Obstacle } from './state';

interface Encoded {
  dataset: NaturalizedDataset;
  file: ArrayBuffer;
}

/** Turns the active segmentation into a DICOM SEG and stores or downloads it. */
export class Archive {
  constructor(
    private readonly context: ExtensionContext,
    private readonly viewer: Viewer,
  ) {}

  /** Whether the active data source takes STOW-RS. */
  canStore(): boolean {
    return storingDataSource(this.context.extensionManager) !== null;
  }

  /**
   * Stores every segment that has voxels, as they are now, as a new series in the archive.
   *
   * @returns the description of the new series
   * @throws FewshotError when there is nothing to store, or the archive does not store it
   */
  async store(collected: Collected, predicted: PredictedSlices): Promise<string> {
    const dataSource = storingDataSource(this.context.extensionManager);
    if (!dataSource) {
      throw new FewshotError(
        'bad-input',
        'This data source cannot store.',
        'Download the segmentation instead.',
      );
    }
    const { dataset, file } = await this.encode(collected, predicted);
    await storeSegmentation(dataSource, file);
    const SeriesInstanceUID = String(dataset.SeriesInstanceUID);
    const { displaySetService } = this.context.servicesManager.services;
    // Stored is stored: the user need not wait until the viewer lists it.
    void showStoredSeries(
      dataSource,
      { StudyInstanceUID: String(dataset.StudyInstanceUID), SeriesInstanceUID },
      () =>
        displaySetService
          .getActiveDisplaySets()
          .some(displaySet => displaySet.SeriesInstanceUID === SeriesInstanceUID),
    );
    return String(dataset.SeriesDescription);
  }

  /**
   * Downloads what `store` would store.
   *
   * @throws FewshotError when there is nothing to store
   */
  async download(collected: Collected, predicted: PredictedSlices): Promise<void> {
    const { file } = await this.encode(collected, predicted);
    downloadSegmentation(file, segmentationFileName(new Date()));
  }

  /** An error in the user's words. */
  explain(error: unknown): Obstacle {
    if (error instanceof FewshotError) return { message: error.message, remedy: error.remedy };
    return {
      message: `The DICOM SEG could not be made (${error instanceof Error ? error.message : String(error)}).`,
      remedy: 'Try again; the segmentation in the viewer is unchanged.',
    };
  }

  private async encode(collected: Collected, predicted: PredictedSlices): Promise<Encoded> {
    const { series } = collected;
    if (!series) {
      throw new FewshotError(
        'bad-input',
        'No series is shown in the active viewport.',
        'Click into the viewport with the series that was segmented.',
      );
    }
    const segments = await this.segments(series, collected, predicted);
    const { displaySetService } = this.context.servicesManager.services;
    const dataset = createSegmentation(series.instances, segments, {
      seriesDescription: seriesDescription(segments),
      seriesNumber: nextSeriesNumber(displaySetService.getActiveDisplaySets()),
    });
    return { dataset, file: encodePart10(dataset) };
  }

  /** Segments with at least one voxel, read from the viewer now. */
  private async segments(
    series: Series,
    { segmentation }: Collected,
    predicted: PredictedSlices,
  ): Promise<Segment[]> {
    if (!segmentation || !this.viewer.segmentationExists(segmentation.segmentationId)) {
      throw new FewshotError(
        'bad-input',
        'There is no segmentation to store.',
        'Add a segment and outline the structure on at least one slice.',
      );
    }
    const breathe = breather();
    const segments: Segment[] = [];
    for (const { segmentIndex, label, color } of this.viewer.segments(segmentation)) {
      const labelmap = this.viewer.labelmap(segmentation, segmentIndex, series);
      const masks = new Map<number, Uint8Array>();
      for (let index = 0; index < series.imageIds.length; index++) {
        const mask = this.viewer.readMask(labelmap, index);
        if (mask?.includes(1)) masks.set(index, mask);
        await breathe();
      }
      if (!masks.size) continue;
      const ours = predicted(segmentation.segmentationId, segmentIndex);
      // What was predicted and then corrected by hand still comes from the algorithm.
      const algorithmType = [...ours.keys()].some(index => masks.has(index))
        ? 'SEMIAUTOMATIC'
        : 'MANUAL';
      segments.push({ label, color, algorithmType, masks });
    }
    return segments;
  }
}
