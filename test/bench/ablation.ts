/**
 * `npm run bench:ablation [-- --only REGEX]`: measures what each part of the method `context` contributes.
 * Runs it on the suite's cases within one study, each time without one part, and writes the means to
 * test/bench/results/ablation.md.
 */
import { parseArgs } from 'node:util';
import type { WithinCase } from '../../cli/src/bench/suite';
import { markdownTable } from '../../cli/src/bench/table';
import { assembleMask } from '../../cli/src/commands/assembleMask';
import { readStudy } from '../../cli/src/commands/benchTask';
import { evaluate } from '../../cli/src/commands/evaluate';
import { machineText } from '../../cli/src/commands/machine';
import { prepareJob } from '../../cli/src/commands/prepareJob';
import type { LoadedModel } from '../../cli/src/commands/withModel';
import { contextWith } from '../../engine/src/context/context';
import { ALL, type ContextSettings } from '../../engine/src/context/settings';
import { planeOf } from '../../engine/src/geometry/plane';
import { casesWithin, withLoadedModel, writeResult } from './devSuite';

const VARIANTS: Record<string, Partial<ContextSettings>> = {
  'the method': {},
  'without the crop': { crop: false },
  'without the slice before': { previousSlice: false },
  'without outlines': { outlines: false },
  'outlines weighed alike': { weighsImage: false },
  'without gray values': { grayValues: false },
  'without smoothing across slices': { acrossSlices: false },
  'without cleaning up': { connected: false },
  'without looking again at thin structures': { rematches: false },
  'every second slice encoded': { everySecondSlice: true },
};

async function iousOf(one: WithinCase, { parts }: LoadedModel): Promise<number[]> {
  const { image, labels } = await readStudy(one.learn);
  const plane = planeOf(image, one.axis);
  const job = await prepareJob(image, labels, plane, one);
  const ious: number[] = [];
  for (const change of Object.values(VARIANTS)) {
    const { slices } = await contextWith({ ...ALL, ...change })(job, parts);
    const mask = assembleMask(job.labels, slices, image, plane);
    ious.push(evaluate(mask, labels, plane, one.label, one.shots).iou);
  }
  return ious;
}

function table(rows: readonly { id: string; ious: number[] }[]): string[][] {
  const reference = rows.map(({ ious }) => ious[0]);
  return [
    ['', 'mean IoU', 'difference', 'most lost', 'most gained'],
    ...Object.keys(VARIANTS).map((name, variant) => {
      const ious = rows.map(row => row.ious[variant]);
      const differences = ious.map((iou, i) => iou - reference[i]);
      const mean = ious.reduce((sum, iou) => sum + iou, 0) / ious.length;
      const difference = differences.reduce((sum, value) => sum + value, 0) / ious.length;
      const signed = (value: number) => (value < 0 ? '−' : '+') + Math.abs(value).toFixed(4);
      if (variant === 0) return [name, mean.toFixed(4), '', '', ''];
      const [least, most] = [Math.min(...differences), Math.max(...differences)];
      return [name, mean.toFixed(4), signed(difference), signed(least), signed(most)];
    }),
  ];
}

const { values } = parseArgs({ options: { only: { type: 'string', default: '.' } } });
const only = new RegExp(values.only);
const cases = (await casesWithin()).filter(({ id }) => only.test(id));

await withLoadedModel(async model => {
  const rows: { id: string; ious: number[] }[] = [];
  for (const one of cases) {
    const ious = await iousOf(one, model);
    rows.push({ id: one.id, ious });
    console.error(`${one.id}: ${ious.map(iou => iou.toFixed(4)).join('  ')}`);
  }
  const date = new Date().toISOString().slice(0, 10);
  const page = [
    '# What each part of the method `context` is worth\n',
    `${date}; ${machineText()}; ${rows.length} cases within one study. Written by \`npm run bench:ablation\`.\n`,
    markdownTable(table(rows)),
  ].join('\n');
  console.log(page);
  await writeResult('ablation.md', page);
});
