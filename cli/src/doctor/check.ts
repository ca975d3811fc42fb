/** The result of one check. */
export interface Check {
  /** What was checked, e.g. `Plug-in files`. */
  name: string;
  /** `warning`: it works, but slower, or not everywhere. */
  state: 'ok' | 'warning' | 'failed';
  /** What was found. */
  found: string;
  /** What to change; absent when nothing is. */
  remedy?: string;
}

export const ok = (name: string, found: string): Check => ({ name, state: 'ok', found });

export const warning = (name: string, found: string, remedy: string): Check => ({
  name,
  state: 'warning',
  found,
  remedy,
});

export const failed = (name: string, found: string, remedy: string): Check => ({
  name,
  state: 'failed',
  found,
  remedy,
});
