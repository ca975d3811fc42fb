import { FewshotError, throwIfCancelled } from 'fewshot-sam';
import {
  newUid,
  nextSeriesNumber,
  type Segment,
  seriesDescription,
  type Tracking,
} from 'fewshot-sam-dicom';
import type { DicomSeg, LoadDicomSeg } from '../dicom/loadDicomSeg';
import { periodicYield } from '../viewer/yieldToBrowser';
import { NO_SERIES, sourceOf, type Series } from '../viewer/series';
import type { Viewer } from '../viewer/viewer';
import type { Collected } from './collect';
import { fingerprint, KeptFiles, type KeptFile } from './keptFiles';
import { isStill, type OpenedSegmentations } from './opened';
import { digestsOf, originOf, provenanceOf } from './provenance';
import type { SegmentationRecords, SegmentId } from './segmentationRecords';
import type { SegmentTermMemory } from './segmentTerms';
import { formatOf, SEGMENTATION_TYPES, type StoreOptionMemory } from './storeOptions';

/** Dependencies of `Encoding`. */
export interface EncodingParts {
  viewer: Pick<Viewer, 'segmentationExists' | 'segments' | 'labelmap' | 'readMask'>;
  records: SegmentationRecords;
  opened: OpenedSegmentations;
  terms: SegmentTermMemory;
  storeOptions: StoreOptionMemory;
  loadDicomSeg: LoadDicomSeg;
  /** Reads the descriptions of the segments of an opened segmentation, unless that was done before. */
  describeOpened(collected: Collected): Promise<void>;
  /** Display sets of the study, to choose a new series number. */
  displaySets(): Parameters<typeof nextSeriesNumber>[0];
}

/** Encodes the active segmentation as a DICOM SEG or RTSTRUCT. */
export class Encoding {
  private readonly kept: KeptFiles;

  constructor(private readonly parts: EncodingParts) {
    this.kept = new KeptFiles(parts.records);
  }

  /**
   * Encodes the segmentation as it is now. Returns the same file while nothing changes. If the segmentation
   * is gone and its last file was not stored, returns that file.
   *
   * @throws FewshotError when there is nothing to store, or the code that encodes cannot be loaded;
   *   `cancelled`
   */
  async encode(collected: Collected, signal?: AbortSignal): Promise<KeptFile> {
    const { records, opened, storeOptions, loadDicomSeg, displaySets } = this.parts;
    // Segments are stored on the acquired slices, whatever plane they were drawn in.
    const series = collected.series && sourceOf(collected.series);
    const { unstored } = this.kept;
    if (unstored && !this.exists(collected.segmentation)) return unstored;
    if (!series) {
      throw new FewshotError(
        'bad-input',
        NO_SERIES.message,
        'Click into the viewport with the series that was segmented.',
      );
    }
    const dicomSeg = await loadDicomSeg();
    await this.parts.describeOpened(collected);
    throwIfCancelled(signal);
    const segments = await this.segments(series, collected, dicomSeg, signal);
    const options = storeOptions.get();
    const current = fingerprint(series.displaySetInstanceUID, segments, options);
    const { segmentationId } = collected.segmentation!;
    const { format } = options;
    return this.kept.get(segmentationId, format, current, () => {
      const reference = opened.reference(records.of(segmentationId).copyOf ?? segmentationId);
      const common = {
        // Only a file of the same kind is replaced.
        predecessor:
          records.of(segmentationId).lastStored.get(format) ??
          (reference && formatOf(reference) === format ? reference : undefined),
        seriesDescription: seriesDescription(segments),
        seriesNumber: nextSeriesNumber(displaySets()),
      };
      if (format === 'rtstruct') {
        const dataset = dicomSeg.createStructureSet(series.instances, segments, common);
        return { dataset, file: dicomSeg.encodeStructureSet(dataset) };
      }
      const dataset = dicomSeg.createSegmentation(series.instances, segments, {
        ...common,
        segmentationType: SEGMENTATION_TYPES[options.encoding],
        keepEmptyFrames: options.everySlice,
      });
      return { dataset, file: dicomSeg.encodePart10(dataset) };
    });
  }

  private exists(
    segmentation: Collected['segmentation'],
  ): segmentation is NonNullable<Collected['segmentation']> {
    if (segmentation === null) return false;
    return this.parts.viewer.segmentationExists(segmentation.segmentationId);
  }

  /** Segments with at least one voxel, read from the viewer now. */
  private async segments(
    series: Series,
    { segmentation }: Collected,
    { longString }: DicomSeg,
    signal?: AbortSignal,
  ): Promise<Segment[]> {
    if (!this.exists(segmentation)) {
      throw new FewshotError(
        'bad-input',
        'There is no segmentation to store.',
        'Add a segment and outline the structure on at least one slice.',
      );
    }
    const { viewer, records, opened, terms } = this.parts;
    const { segmentationId } = segmentation;
    const yieldIfDue = periodicYield();
    const segments: Segment[] = [];
    for (const { segmentIndex, label, color } of viewer.segments(segmentation)) {
      const labelmap = viewer.labelmap(segmentation, segmentIndex, series);
      const masks = new Map<number, Uint8Array>();
      for (let index = 0; index < series.imageIds.length; index++) {
        const mask = viewer.readMask(labelmap, index);
        if (mask?.includes(1)) masks.set(index, mask);
        await yieldIfDue();
        throwIfCancelled(signal);
      }
      if (!masks.size) continue;
      const id = { segmentationId, segmentIndex };
      const source = records.segment(id).copyOf ?? id;
      const before = opened.segment(source.segmentationId, source.segmentIndex);
      const still = before && isStill(before, label, digestsOf(masks)) ? before : undefined;
      segments.push({
        label,
        color,
        masks,
        ...provenanceOf(masks, originOf(records.segment(id), still)),
        ...terms.codesOf(segmentationId, segmentIndex, label, still),
        tracking: still?.description.tracking ?? this.tracking(id, longString(label)),
        description: still?.description.description,
      });
    }
    return segments;
  }

  /** Tracking ID and UID; the same each time the segment is stored. */
  private tracking(id: SegmentId, name: string): Tracking {
    const segment = this.parts.records.segment(id);
    segment.tracking ??= { id: name || `Segment ${id.segmentIndex}`, uid: newUid() };
    return segment.tracking;
  }
}
