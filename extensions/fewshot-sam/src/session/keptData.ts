import { type KeptSize, OpfsCache } from 'fewshot-sam';

export type { KeptSize };

/** What the plug-in keeps in this browser between visits: features of slices, to save time. */
export interface KeptData {
  /** @returns null where the browser keeps nothing: an insecure origin, or a private window */
  size(): Promise<KeptSize | null>;
  /** Deletes it; strokes, results and stored segmentations are elsewhere. */
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
