import type { Page } from '@playwright/test';

/** One thing that a browser keeps for the viewer's origin. */
export interface Kept {
  /** e.g. `opfs:fewshot-sam-embeddings/0a1b….embedding`, `localStorage:language`. */
  name: string;
  /** Its bytes, as text of one character each. */
  content: string;
}

/** Everything that the page's origin keeps in this browser. */
export function keptByBrowser(page: Page): Promise<Kept[]> {
  return page.evaluate(async () => {
    const kept: { name: string; content: string }[] = [];
    const latin = (bytes: Uint8Array) => {
      let text = '';
      for (let at = 0; at < bytes.length; at += 32768) {
        text += String.fromCharCode(...bytes.subarray(at, at + 32768));
      }
      return text;
    };

    const walk = async (folder: FileSystemDirectoryHandle, place: string): Promise<void> => {
      for await (const [name, handle] of folder.entries()) {
        if (handle.kind === 'directory') {
          await walk(handle as FileSystemDirectoryHandle, `${place}${name}/`);
          continue;
        }
        const file = await (handle as FileSystemFileHandle).getFile();
        const content = latin(new Uint8Array(await file.arrayBuffer()));
        kept.push({ name: `opfs:${place}${name}`, content });
      }
    };
    await walk(await navigator.storage.getDirectory(), '');

    for (const [store, name] of [
      [localStorage, 'localStorage'],
      [sessionStorage, 'sessionStorage'],
    ] as const) {
      for (const [key, content] of Object.entries(store)) {
        kept.push({ name: `${name}:${key}`, content: String(content) });
      }
    }

    for (const cacheName of await caches.keys()) {
      const cache = await caches.open(cacheName);
      for (const request of await cache.keys()) {
        const body = await (await cache.match(request))!.arrayBuffer();
        const content = latin(new Uint8Array(body));
        kept.push({ name: `cache:${cacheName}/${request.url}`, content });
      }
    }

    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open(name!);
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(opening.error as Error);
      });
      for (const store of database.objectStoreNames) {
        const values = await new Promise<unknown[]>((resolve, reject) => {
          const reading = database.transaction(store).objectStore(store).getAll();
          reading.onsuccess = () => resolve(reading.result as unknown[]);
          reading.onerror = () => reject(reading.error as Error);
        });
        kept.push({ name: `indexedDB:${name}/${store}`, content: JSON.stringify(values) });
      }
      database.close();
    }
    return kept;
  });
}

/**
 * Which of some texts are found in what is kept, in its name or content, as 8 or 16 bit characters.
 *
 * @returns `where: text` for each find
 */
export function findTexts(kept: readonly Kept[], texts: readonly string[]): string[] {
  return kept.flatMap(({ name, content }) =>
    texts
      .filter(text => {
        const wide = [...text].join('\0');
        return [name, content].some(place => place.includes(text) || place.includes(wide));
      })
      .map(text => `${name}: ${text}`),
  );
}
