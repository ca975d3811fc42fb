import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** Scripts that a viewer loads before the user opens anything of ours. */
const FIRST_LOAD = ['extension.js', 'mode.js'];
/** Bytes. Move anything beyond this into a bundle that loads on demand. */
const MOST_FIRST = 300_000;

/**
 * Describes the sizes of the scripts in the plug-in's folder.
 *
 * @throws Error when the viewer would load more than 300 kB at startup
 */
export async function describeBundles(folder: string): Promise<string> {
  const names = (await readdir(folder, { recursive: true })).filter(name => name.endsWith('.js'));
  const sizes = new Map<string, number>();
  for (const name of names.sort()) sizes.set(name, (await stat(path.join(folder, name))).size);
  const first = FIRST_LOAD.reduce((sum, name) => sum + sizes.get(name)!, 0);
  if (first > MOST_FIRST) {
    throw new Error(
      `The first load of the plug-in (${FIRST_LOAD.join(' and ')}) is ${kB(first)}, more than ${kB(MOST_FIRST)}. Load what is not needed at the start on demand, as src/panel/loadPanel.ts does.`,
    );
  }
  const lines = [...sizes].map(([name, size]) => `  ${kB(size).padStart(8)}  ${name}`);
  return [...lines, `  ${kB(first).padStart(8)}  first load (at most ${kB(MOST_FIRST)})`].join(
    '\n',
  );
}

function kB(bytes: number): string {
  return `${Math.ceil(bytes / 1000)} kB`;
}
