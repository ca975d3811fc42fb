/** Storage for the user's choices. */
export type ChoiceStorage = Pick<Storage, 'getItem' | 'setItem'>;

/** The browser's local storage; null if access is denied. */
export function browserStorage(): ChoiceStorage | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}

/** @returns null if nothing is stored under the key, or storage cannot be read */
export function remembered(storage: ChoiceStorage | null, key: string): string | null {
  try {
    return storage?.getItem(key) ?? null;
  } catch {
    return null;
  }
}

/** Saves a choice for later visits, if the storage accepts it. */
export function remember(storage: ChoiceStorage | null, key: string, text: string): void {
  try {
    storage?.setItem(key, text);
  } catch {
    // Full or denied: the choice lasts until the page is closed.
  }
}
