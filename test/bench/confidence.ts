/**
 * `npm run bench:confidence [-- --only REGEX]`: compares expected with true Dice on synthetic odd cases, on
 * patients from which the constants of `supported` were chosen, and on other patients. Without
 * ../shared/data it uses only the synthetic cases. Writes test/bench/results/confidence.md and .svg.
 */
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { markdownTable } from '../../cli/src/bench/table';
import { DiskCache } from '../../engine/src/cache/diskCache';
import { machineText } from '../../cli/src/commands/machine';
import { context } from '../../engine/src/context/context';
import type { PropagatedSlice } from '../../engine/src/job/job';
import { loadMethod } from '../../cli/src/methods/registry';
import { pooledDice } from '../../engine/src/context/confidence';
import { countOverlap, dice, sumOverlaps } from '../../engine/src/image/overlap';
import { ODD_CASES, PLAIN_CASES } from './confidence/oddCases';
import { FIT_CASES, HAS_DATA, REPORT_CASES } from './confidence/volumes';
import { withLoadedModel, writeResult } from './devSuite';

interface Row {
  id: string;
  group: string;
  /** Expected Dice; null where no slice has one. */
  promised: number | null;
  /** True Dice of all slices on which something was found, together. */
  dice: number;
  /** Dice of all wanted slices, by `context` and by interpolated outlines. */
  whole: { context: number; interpolate: number };
  /** Slices with an expected Dice. */
  slices: { promised: number; dice: number }[];
}

const GROUPS = [
  ['odd', ODD_CASES],
  ['nothing wrong', PLAIN_CASES],
  ['fit', HAS_DATA ? FIT_CASES : []],
  ['report', HAS_DATA ? REPORT_CASES : []],
] as const;

const number = (value: number) => value.toFixed(3);
const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function errors(name: string, pairs: readonly { promised: number; dice: number }[]): string[] {
  if (pairs.length === 0) return [name, '0', '', '', ''];
  const differences = pairs.map(({ promised, dice: truth }) => promised - truth);
  return [
    name,
    String(pairs.length),
    number(mean(differences.map(Math.abs))),
    number(Math.max(...differences)),
    number(Math.min(...differences)),
  ];
}

function scatter(rows: readonly Row[]): string {
  const colors: Record<string, string> = {
    odd: '#c0392b',
    'nothing wrong': '#27ae60',
    fit: '#999',
    report: '#2471a3',
  };
  const at = (value: number) => 40 + 400 * value;
  const dots = rows.flatMap(({ id, group, promised, dice: truth }) =>
    promised === null
      ? []
      : `<circle cx="${at(truth).toFixed(1)}" cy="${(480 - at(promised)).toFixed(1)}" r="5" fill="${colors[group]}"><title>${id}: promised ${number(promised)}, true ${number(truth)}</title></circle>`,
  );
  const legend = Object.entries(colors).map(
    ([name, color], i) => `<text x="50" y="${60 + 18 * i}" fill="${color}">${name}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 480" font-family="sans-serif" font-size="14"><rect width="480" height="480" fill="#fff"/><path d="M40 40V440H440M40 440L440 40" fill="none" stroke="#888"/><path d="M40 400L400 40" fill="none" stroke="#c0392b" stroke-dasharray="4"/><text x="200" y="470">true Dice</text><text x="12" y="260" transform="rotate(-90 20 260)">expected Dice</text>${legend.join('')}${dots.join('')}</svg>\n`;
}

const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });
const only = new RegExp(values.only);
const cache = new DiskCache(process.env.FEWSHOT_BENCH_CACHE ?? path.join(tmpdir(), 'conf-cache'));
const rows: Row[] = [];

await withLoadedModel(async ({ parts }) => {
  for (const [group, cases] of GROUPS) {
    for (const { id, load } of cases.filter(one => only.test(one.id))) {
      const { job, truth } = await load();
      const { slices } = await context(job, { ...parts, cache });
      const judged = slices
        .filter(({ mask }) => mask.includes(1))
        .map(slice => ({ slice, overlap: countOverlap(slice.mask, truth.get(slice.index)!) }));
      const interpolated = await (await loadMethod('interpolate'))(job, parts);
      const wholeDice = (found: readonly PropagatedSlice[]) =>
        dice(sumOverlaps(found.map(({ index, mask }) => countOverlap(mask, truth.get(index)!))));
      const row: Row = {
        id,
        group,
        promised: pooledDice(slices) ?? null,
        dice: dice(sumOverlaps(judged.map(({ overlap }) => overlap))),
        whole: { context: wholeDice(slices), interpolate: wholeDice(interpolated.slices) },
        slices: judged.flatMap(({ slice: { confidence }, overlap }) =>
          confidence === undefined ? [] : { promised: confidence, dice: dice(overlap) },
        ),
      };
      rows.push(row);
      console.error(
        `${group} ${id}: promised ${row.promised?.toFixed(2) ?? 'nothing'}, true ${number(row.dice)}`,
      );
    }
  }
});

const promisedOf = (group: string) =>
  rows.flatMap(({ promised, dice: truth, ...row }) =>
    row.group === group && promised !== null ? { promised, dice: truth } : [],
  );
function againstInterpolation(group: string): string[][] {
  const whole = rows.flatMap(row => (row.group === group ? row.whole : []));
  if (whole.length === 0) return [];
  const found = whole.map(({ context: one }) => one);
  const interpolated = whole.map(({ interpolate }) => interpolate);
  const least = Math.min(...found.map((one, i) => one - interpolated[i]));
  return [[group, number(mean(found)), number(mean(interpolated)), number(least)]];
}
const page = [
  '# What is promised, and what is true\n',
  `${new Date().toISOString().slice(0, 10)}; ${machineText()}; \`context\`, in Node. Written by \`npm run bench:confidence${values.only && ` -- --only '${values.only}'`}\`.`,
  HAS_DATA ? '' : '\n**../shared/data is not there: computed cases alone.**',
  '\n![promised against true](confidence.svg)\n',
  markdownTable([
    ['case', 'group', 'expected Dice', 'true Dice', 'difference'],
    ...rows.map(({ id, group, promised, dice: truth }) => [
      id,
      group,
      promised === null ? 'none: blank' : number(promised),
      number(truth),
      promised === null ? '' : number(promised - truth),
    ]),
  ]),
  '\n`fit`: patients on which constants were chosen; `report`: patients that had no say.\n',
  markdownTable([
    ['', 'number', 'mean error', 'most above', 'most below'],
    ...GROUPS.flatMap(([group]) => [
      errors(`${group}, cases`, promisedOf(group)),
      errors(
        `${group}, slices`,
        rows.flatMap(row => (row.group === group ? row.slices : [])),
      ),
    ]),
  ]),
  '\nDice of all wanted slices, beside outlines interpolated between the outlined slices:\n',
  markdownTable([
    ['', 'context', 'interpolated', 'least difference'],
    ...GROUPS.flatMap(([group]) => againstInterpolation(group)),
  ]),
].join('\n');
console.log(page);
await writeResult('confidence.md', page);
await writeResult('confidence.svg', scatter(rows));
const broken = rows.filter(
  ({ group, promised, dice: truth }) =>
    group === 'odd' && promised !== null && promised > truth + 0.1,
);
if (broken.length > 0) {
  console.error(`More than 0.10 above the truth: ${broken.map(({ id }) => id).join(', ')}.`);
  process.exitCode = 1;
}
