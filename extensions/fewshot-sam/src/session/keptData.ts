import { type KeptSize, OpfsCache } from 'fewshot-sam';

export type { KeptSize };

/** Features of slices that the plug-in keeps in this browser between visits, to save time. */
export interface KeptData {
  /** @returns null if the browser has no storage: an insecure origin or a private window */
  size(): Promise<KeptSize | null>;
  /** Deletes the features. Outlines, results and stored segmentations are not affected. */
  clear(): Promise<void>;
}

export const keptData: KeptData = {
  async size() {
    return (await OpfsCache.open())?.size() ?? null;
  },
  async clear() {
    await (await OpfsCache.open())?.clear();
  },
};
