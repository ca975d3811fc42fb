import path from 'node:path';
import type { BenchRow } from '../../cli/src/bench/benchRow';
import type { BenchCase } from '../../cli/src/bench/suite';
import { figuresOf, type EvaluatedStudy } from '../../cli/src/commands/benchFigures';
import { readStudy } from '../../cli/src/commands/benchTask';
import { evaluate } from '../../cli/src/commands/evaluate';
import { readLabels } from '../../cli/src/commands/readLabels';
import { planeOf } from '../../engine/src/geometry/plane';

/**
 * Evaluates what another program found: a folder that holds, for each case, a folder named as its id with `_` for
 * `/`, and in it `0.nii.gz`, `1.nii.gz` ...: for each test study, in the suite's order, a mask on the image's grid
 * with 1 inside.
 *
 * @throws FewshotError naming a file that is missing or on another grid
 */
export async function externalRows(
  cases: readonly BenchCase[],
  method: string,
  folder: string,
): Promise<Omit<BenchRow, 'machine' | 'date' | 'build'>[]> {
  const rows: Omit<BenchRow, 'machine' | 'date' | 'build'>[] = [];
  for (const one of cases) {
    if (one.kind !== 'across') continue;
    const studies: EvaluatedStudy[] = [];
    for (const [i, study] of one.test.entries()) {
      const { image, labels } = await readStudy(study, `test[${i}].`);
      const file = path.join(folder, one.id.replaceAll('/', '_'), `${i}.nii.gz`);
      const found = await readLabels(file, { location: study.image, volume: image }, [[1]], {
        option: '--predictions',
      });
      const mask = Uint8Array.from(found.volume.data, value => (value === 1 ? 1 : 0));
      const evaluation = evaluate(mask, labels, planeOf(image, one.axis), one.label, []);
      studies.push({ evaluation, slices: [] });
    }
    rows.push({
      ...{ id: one.id, method, seed: 0, ...figuresOf(studies) },
      ...{ encode_s: null, fit_s: null, apply_s: null, embeddings_from_cache: 0 },
      ...{ peak_rss_mb: null, backend: null },
    });
  }
  return rows;
}
