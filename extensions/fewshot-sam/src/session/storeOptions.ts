import type { SegmentationOptions } from 'fewshot-sam-dicom';
import { remember, remembered, type ChoiceStorage } from './browserStorage';

/** What a segmentation is stored as. */
export type StoreFormat = 'seg' | 'rtstruct';

/** Options for storing and downloading; all but the format are for DICOM SEG. */
export interface StoreOptions {
  format: StoreFormat;
  encoding: 'automatic' | 'binary' | 'labelmap';
  /** Write a frame for each segment on every slice, even an empty one. */
  everySlice: boolean;
}

export const DEFAULT_STORE_OPTIONS: StoreOptions = {
  format: 'seg',
  encoding: 'automatic',
  everySlice: false,
};

export const SEGMENTATION_TYPES: Record<
  StoreOptions['encoding'],
  NonNullable<SegmentationOptions['segmentationType']>
> = { automatic: 'AUTOMATIC', binary: 'BINARY', labelmap: 'LABELMAP' };

/** SOP Class of an RT Structure Set. */
const RTSTRUCT = '1.2.840.10008.5.1.4.1.1.481.3';

/** Format of a data set. */
export function formatOf({ SOPClassUID }: { SOPClassUID?: unknown }): StoreFormat {
  return SOPClassUID === RTSTRUCT ? 'rtstruct' : 'seg';
}

const KEY = 'fewshot-sam.store-options';

/** The user's choice, stored in the browser. */
export class StoreOptionMemory {
  private chosen: StoreOptions;

  /** @param storage null if the browser denies access */
  constructor(private readonly storage: ChoiceStorage | null) {
    this.chosen = optionsOf(read(storage));
  }

  get(): StoreOptions {
    return this.chosen;
  }

  change(change: Partial<StoreOptions>): StoreOptions {
    this.chosen = { ...this.chosen, ...change };
    remember(this.storage, KEY, JSON.stringify(this.chosen));
    return this.chosen;
  }
}

function read(storage: ChoiceStorage | null): unknown {
  try {
    return JSON.parse(remembered(storage, KEY) ?? 'null');
  } catch {
    return null;
  }
}

/** Validates stored options; replaces invalid ones with the defaults. */
function optionsOf(value: unknown): StoreOptions {
  const { format, encoding, everySlice } = (value ?? {}) as Partial<
    Record<keyof StoreOptions, unknown>
  >;
  return {
    format: format === 'rtstruct' ? 'rtstruct' : DEFAULT_STORE_OPTIONS.format,
    encoding:
      typeof encoding === 'string' && Object.hasOwn(SEGMENTATION_TYPES, encoding)
        ? (encoding as StoreOptions['encoding'])
        : DEFAULT_STORE_OPTIONS.encoding,
    everySlice: everySlice === true,
  };
}
