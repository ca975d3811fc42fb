/** Where the browser remembers what the user chose. */
export type ChoiceStorage = Pick<Storage, 'getItem' | 'setItem'>;

/** The browser's storage; null where it is forbidden. */
export function browserStorage(): ChoiceStorage | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}

/** @returns null where nothing is remembered, or where the browser does not say */
export function remembered(storage: ChoiceStorage | null, key: string): string | null {
  try {
    return storage?.getItem(key) ?? null;
  } catch {
    return null;
  }
}

/** Keeps a choice for later visits. In a full or forbidden storage it holds until the page is left. */
export function remember(storage: ChoiceStorage | null, key: string, text: string): void {
  try {
    storage?.setItem(key, text);
  } catch {
    // See above.
  }
}
