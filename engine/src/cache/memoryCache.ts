import type { EmbeddingCache, KeptEmbedding } from './embeddingCache';
import { RecentlyUsed } from './recentlyUsed';

/** Keeps embeddings in memory; beyond the limit, drops the least recently used first. */
export class MemoryCache implements EmbeddingCache {
  private readonly kept: RecentlyUsed<string, KeptEmbedding>;

  constructor(limitBytes: number) {
    this.kept = new RecentlyUsed(limitBytes, ({ byteLength }) => byteLength);
  }

  async get(key: string): Promise<KeptEmbedding | null> {
    return this.kept.get(key) ?? null;
  }

  async put(key: string, embedding: KeptEmbedding): Promise<void> {
    this.kept.put(key, embedding);
  }
}
