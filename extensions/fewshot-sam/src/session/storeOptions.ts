import type { SegmentationOptions } from 'fewshot-sam-dicom';
import { remember, remembered, type ChoiceStorage } from './browserStorage';

/** How the DICOM SEG is written. */
export interface StoreOptions {
  encoding: 'automatic' | 'binary' | 'labelmap';
  /** Each segment has a frame on every slice, also where it is not. */
  everySlice: boolean;
}

export const DEFAULT_STORE_OPTIONS: StoreOptions = { encoding: 'automatic', everySlice: false };

export const SEGMENTATION_TYPES: Record<
  StoreOptions['encoding'],
  NonNullable<SegmentationOptions['segmentationType']>
> = { automatic: 'AUTOMATIC', binary: 'BINARY', labelmap: 'LABELMAP' };

const KEY = 'fewshot-sam.store-options';

/** The choice of the user, remembered in the browser. */
export class StoreOptionMemory {
  private chosen: StoreOptions;

  /** @param storage null where the browser grants none */
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

/** What was remembered, as far as it is a choice that exists. */
function optionsOf(value: unknown): StoreOptions {
  const { encoding, everySlice } = (value ?? {}) as Partial<Record<keyof StoreOptions, unknown>>;
  return {
    encoding:
      typeof encoding === 'string' && Object.hasOwn(SEGMENTATION_TYPES, encoding)
        ? (encoding as StoreOptions['encoding'])
        : DEFAULT_STORE_OPTIONS.encoding,
    everySlice: everySlice === true,
  };
}
