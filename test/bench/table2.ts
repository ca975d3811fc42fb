/**
 * `npm run bench:table2 -- --suite FILE [--json FILE] [--methods a,b] [--only REGEX] [--predictions NAME=DIR]`: a
 * table like Table 2 of Xie et al.: methods that learn n slices of some patients and segment others, mean over
 * structures. The number of slices is the end of each case's id, e.g. `headneck/mandible/5`.
 *
 * `head` also learns from five slices of each patient that do not show the structure: a patient whose review is
 * finished has them. Rows that exist are kept, so that a stopped run can be resumed. Another program's predictions
 * enter from a folder, see `externalRows`.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { BenchRow } from '../../cli/src/bench/benchRow';
import { RowFile } from '../../cli/src/bench/rowFile';
import { readSuite } from '../../cli/src/commands/bench';
import { machineText } from '../../cli/src/commands/machine';
import { externalRows } from './externalRows';
import { RESULTS } from './devSuite';
import { runBench } from './runBench';
import { table2Page } from './table2Page';

/** Methods that learn from slices without the structure, too. */
const TAUGHT = ['head'];
/** Such slices of each patient. */
const EMPTY_SLICES = 5;
const METHODS = 'head,paper,paper-context,linear,sam-point,sam-box';

const { values } = parseArgs({
  options: {
    suite: { type: 'string' },
    json: { type: 'string', default: path.join(RESULTS, 'table2.json') },
    methods: { type: 'string', default: METHODS },
    only: { type: 'string', default: '.' },
    cache: { type: 'string' },
    predictions: { type: 'string', multiple: true, default: [] },
  },
});
if (!values.suite) {
  console.error(
    'Give --suite FILE: a suite whose list `across` has cases like headneck/mandible/5.',
  );
  process.exit(2);
}
const { suite, json } = values;
const methods = values.methods.split(',').filter(Boolean);

const folder = await mkdtemp(path.join(tmpdir(), 'fewshot-table2-'));
try {
  const [plain, taught] = await acrossSuites(suite, folder);
  for (const method of methods) {
    await runBench(
      TAUGHT.includes(method) ? taught : plain,
      json,
      method,
      values.only,
      values.cache,
    );
  }
  const rows = await RowFile.open(json);
  const pattern = new RegExp(values.only);
  const cases = (await readSuite(plain)).filter(({ id }) => pattern.test(id));
  for (const given of values.predictions) {
    const [name, ...rest] = given.split('=');
    const found = await externalRows(cases, name, rest.join('='));
    for (const row of found) {
      const date = new Date().toISOString();
      await rows.put({ ...row, machine: machineText(), date, build: 'external' });
    }
  }
  const page = table2Page(rows.all() as BenchRow[], EMPTY_SLICES);
  await writeFile(json.replace(/\.json$/, '.md'), page);
  console.log(page);
} finally {
  await rm(folder, { recursive: true });
}

/** Writes the cases across studies as a suite, and once more with slices that do not show the structure. */
async function acrossSuites(file: string, to: string): Promise<[string, string]> {
  const { root = '.', across } = JSON.parse(await readFile(file, 'utf8')) as {
    root?: string;
    across: { few_shot: object | object[] }[];
  };
  const write = async (name: string, cases: object[]) => {
    const place = path.join(to, name);
    const from = path.resolve(path.dirname(file), root);
    await writeFile(place, JSON.stringify({ root: from, across: cases }));
    return place;
  };
  const withEmpty = across.map(one => ({
    ...one,
    few_shot: [one.few_shot].flat().map(study => ({ empty: EMPTY_SLICES, ...study })),
  }));
  return [await write('plain.json', across), await write('taught.json', withEmpty)];
}
