import type { EmbeddingCache, KeptEmbedding } from './embeddingCache';

/** Keeps embeddings in memory; beyond the limit the least recently used go first. */
export class MemoryCache implements EmbeddingCache {
  /** A Map keeps insertion order: the first entry is the least recently used. */
  private readonly entries = new Map<string, KeptEmbedding>();
  private bytes = 0;

  constructor(private readonly limitBytes: number) {}

  async get(key: string): Promise<KeptEmbedding | null> {
    const embedding = this.entries.get(key);
    if (!embedding) return null;
    this.entries.delete(key);
    this.entries.set(key, embedding);
    return embedding;
  }

  async put(key: string, embedding: KeptEmbedding): Promise<void> {
    this.remove(key);
    if (embedding.byteLength > this.limitBytes) return;
    this.entries.set(key, embedding);
    this.bytes += embedding.byteLength;
    for (const oldest of this.entries.keys()) {
      if (this.bytes <= this.limitBytes) break;
      this.remove(oldest);
    }
  }

  private remove(key: string): void {
    const embedding = this.entries.get(key);
    if (!embedding) return;
    this.entries.delete(key);
    this.bytes -= embedding.byteLength;
  }
}
