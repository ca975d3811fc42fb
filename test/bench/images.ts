/**
 * `npm run bench:images [-- --methods a,b] [--only REGEX] [--json FILE] [--cache DIR]`: methods on single images:
 * ultrasound (nerve, vessel), electron microscopy (axon, myelin) and nuclei. The images lie in ../shared/data;
 * rows that exist are kept, so that a stopped run can be resumed.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { BenchRow } from '../../cli/src/bench/benchRow';
import { RowFile } from '../../cli/src/bench/rowFile';
import { RESULTS, ROOT } from './devSuite';
import { imageCases } from './imageCases';
import { imagesPage } from './imagesPage';
import { runBench } from './runBench';

const METHODS = 'head,linear,prototype,nearest,sam-point,sam-box';

const { values } = parseArgs({
  options: {
    json: { type: 'string', default: path.join(RESULTS, 'images.json') },
    methods: { type: 'string', default: METHODS },
    only: { type: 'string', default: '/(5|20)$' },
    cache: { type: 'string' },
    suite: { type: 'string' },
  },
});
const shared = path.resolve(ROOT, '..', 'shared');
const folder = await mkdtemp(path.join(tmpdir(), 'fewshot-images-'));
try {
  const patients = path.join(shared, 'suites', 'patients.json');
  const { '2d': ultrasound } = JSON.parse(await readFile(patients, 'utf8')) as { '2d': object[] };
  const root = path.join(shared, 'data');
  const cases = [...ultrasound, ...(await imageCases(root, folder))];
  const suite = values.suite ?? path.join(folder, 'suite.json');
  await writeFile(suite, JSON.stringify({ root, '2d': cases }));
  for (const method of values.methods.split(',').filter(Boolean)) {
    await runBench(suite, values.json, method, values.only, values.cache);
  }
  const rows = await RowFile.open(values.json);
  const page = imagesPage(rows.all() as BenchRow[]);
  await writeFile(values.json.replace(/\.json$/, '.md'), page);
  console.log(page);
} finally {
  await rm(folder, { recursive: true });
}
