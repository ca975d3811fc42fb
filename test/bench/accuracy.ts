/**
 * `npm run bench:accuracy [-- --only REGEX ...]`: runs every method on every case of the suite with the
 * built command. Resumes an earlier run, then writes table and picture beside the rows in
 * test/bench/results/. Other options are the command's own: see `fewshot-sam --help`.
 */
import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { accuracyPage } from '../../cli/src/bench/page';
import { accuracyPicture } from '../../cli/src/bench/picture';
import { RowFile } from '../../cli/src/bench/rowFile';
import { parseSuite } from '../../cli/src/bench/suite';
import { Results } from '../../cli/src/bench/summary';
import { parseBenchArguments, type BenchArguments } from '../../cli/src/commands/benchArguments';
import { METHOD_NAMES } from '../../cli/src/methods/registry';
import { RESULTS, ROOT, SUITE } from './devSuite';

const command = path.join(ROOT, 'cli', 'bin', 'fewshot-sam.mjs');

/** Runs the command. @returns its exit code; Ctrl-C reaches the command directly */
function run(args: readonly string[]): Promise<number> {
  process.on('SIGINT', () => undefined);
  const child = spawn(process.execPath, [command, 'bench', ...args], { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code => resolve(code ?? 1));
  });
}

/** Writes page and picture for all rows, including those of earlier runs. */
async function publish({ suite, json, seed }: BenchArguments): Promise<void> {
  const cases = parseSuite(JSON.parse(await readFile(suite, 'utf8')), (_, place) => place);
  const rows = (await RowFile.open(json)).all().filter(row => row.seed === seed);
  const results = new Results(
    cases.filter(({ id }) => rows.some(row => row.id === id)),
    METHOD_NAMES.filter(method => rows.some(row => row.method === method)),
    rows,
  );
  const { dir, name } = path.parse(json);
  const { caption, page } = accuracyPage(results, `${name}.svg`);
  await writeFile(path.join(dir, `${name}.md`), page);
  await writeFile(path.join(dir, `${name}.svg`), accuracyPicture(results, caption));
}

const args = [
  ...['--suite', SUITE, '--json', path.join(RESULTS, 'accuracy.json')],
  ...process.argv.slice(2),
];
const parsed = parseBenchArguments(args);
await mkdir(path.dirname(parsed.json), { recursive: true });
process.exitCode = await run(args);
if (process.exitCode === 0) await publish(parsed);
