/**
 * `npm run bench:refine [-- --only REGEX]`: measures what Refine gains. On the suite's cases with five
 * outlined slices, gives three of them, corrects the worst resulting slice, and then either refines the run
 * or starts a new one with the same four slices. Writes test/bench/results/refine.md.
 */
import { parseArgs } from 'node:util';
import type { WithinCase } from '../../cli/src/bench/suite';
import { markdownTable } from '../../cli/src/bench/table';
import { MemoryCache } from '../../engine/src/cache/memoryCache';
import { assembleMask } from '../../cli/src/commands/assembleMask';
import { readStudy } from '../../cli/src/commands/benchTask';
import { evaluate } from '../../cli/src/commands/evaluate';
import { machineText } from '../../cli/src/commands/machine';
import { prepareJob, structureOn } from '../../cli/src/commands/prepareJob';
import type { LoadedModel } from '../../cli/src/commands/withModel';
import { context } from '../../engine/src/context/context';
import type { FewshotJob, FewshotResult } from '../../engine/src/job/job';
import { propagate } from '../../engine/src/finetune/propagate';
import type { Mask } from '../../engine/src/image/slice';
import { countOverlap, dice } from '../../engine/src/image/overlap';
import { planeOf } from '../../engine/src/geometry/plane';
import { casesWithin, withLoadedModel, writeResult } from './devSuite';

const METHODS = { context, paper: propagate };
type Name = keyof typeof METHODS;

interface Run {
  iou: number;
  seconds: number;
}

interface Row {
  id: string;
  method: Name;
  /** The corrected slice, 1-based. */
  corrected: number;
  first: Run;
  refined: Run;
  anew: Run;
}

/** Returns the target slice that agrees least with the truth. */
function worst({ slices }: FewshotResult, truthOn: (index: number) => Mask): number {
  const rated = slices.map(({ index, mask }) => {
    return { index, dice: dice(countOverlap(mask, truthOn(index))) };
  });
  return rated.reduce((least, one) => (one.dice < least.dice ? one : least)).index;
}

async function rowOf(one: WithinCase, method: Name, { parts }: LoadedModel): Promise<Row> {
  const { image, labels } = await readStudy(one.learn);
  const plane = planeOf(image, one.axis);
  const shots = [0, 2, 4].map(i => one.shots[i]);
  const given = await prepareJob(image, labels, plane, { ...one, shots });
  const truthOn = (index: number) => structureOn(labels, plane, one.label, [index]).get(index)!;
  const cache = new MemoryCache(2 ** 30);
  const run = async (job: FewshotJob) => {
    const start = performance.now();
    const result = await METHODS[method](job, { ...parts, cache });
    return { job, result, seconds: (performance.now() - start) / 1000 };
  };
  const first = await run(given);
  const corrected = worst(first.result, truthOn);
  const job: FewshotJob = {
    ...given,
    labels: new Map([...given.labels, [corrected, truthOn(corrected)]]),
    targets: given.targets.filter(index => index !== corrected),
  };
  const refined = await run({ ...job, continues: first.result.continuation });
  const anew = await run(job);
  // Judge all three on the same slices: those that were never drawn.
  const judge = ({ job, result, seconds }: typeof first): Run => {
    const mask = assembleMask(job.labels, result.slices, image, plane);
    return { iou: evaluate(mask, labels, plane, one.label, [...shots, corrected]).iou, seconds };
  };
  return {
    id: one.id,
    method,
    corrected: corrected + 1,
    ...{ first: judge(first), refined: judge(refined), anew: judge(anew) },
  };
}

function mean(rows: readonly Row[], value: (row: Row) => number): number {
  return rows.reduce((sum, row) => sum + value(row), 0) / rows.length;
}

function table(rows: readonly Row[]): string[][] {
  const cells = (of: (value: (row: Row) => number) => number) => [
    ...(['first', 'refined', 'anew'] as const).map(run => of(row => row[run].iou).toFixed(4)),
    ...(['first', 'refined', 'anew'] as const).map(run => of(row => row[run].seconds).toFixed(1)),
  ];
  const means = (Object.keys(METHODS) as Name[]).flatMap(method => {
    const some = rows.filter(row => row.method === method);
    return some.length ? [['mean', method, '', ...cells(value => mean(some, value))]] : [];
  });
  return [
    [
      ...['case', 'method', 'corrected slice', 'IoU before', 'refined', 'anew'],
      ...['first run, s', 'refine, s', 'anew, s'],
    ],
    ...rows.map(row => [row.id, row.method, String(row.corrected), ...cells(value => value(row))]),
    ...means,
  ];
}

const { values } = parseArgs({ options: { only: { type: 'string', default: '^ct2' } } });
const only = new RegExp(values.only);
const cases = (await casesWithin()).filter(({ id, shots }) => only.test(id) && shots.length === 5);

await withLoadedModel(async model => {
  const rows: Row[] = [];
  for (const one of cases) {
    for (const method of Object.keys(METHODS) as Name[]) {
      const row = await rowOf(one, method, model);
      rows.push(row);
      const ious = [row.first, row.refined, row.anew].map(({ iou }) => iou.toFixed(4));
      console.error(`${row.id} ${method}: ${ious.join('  ')}`);
    }
  }
  const date = new Date().toISOString().slice(0, 10);
  const page = [
    '# What Refine is worth\n',
    `${date}; ${machineText()}; in Node. Three slices are outlined; the one that comes out worst is corrected;`,
    'IoU on the slices that nobody drew, before, after Refine, and after a run from the beginning with the same',
    'four slices. Written by `npm run bench:refine`.\n',
    markdownTable(table(rows)),
  ].join('\n');
  console.log(page);
  await writeResult('refine.md', page);
});
