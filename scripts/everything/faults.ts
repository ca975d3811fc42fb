/**
 * `node --import tsx scripts/everything/faults.ts`: counts the faults in docs/faults.md from which the last
 * test runs proved recovery. Reads the reports in .cache/test-reports/.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { faultsOf, verdicts } from './faultTable';
import { fileResults } from './reports';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const folder = path.join(root, '.cache', 'test-reports');
const reports = existsSync(folder)
  ? readdirSync(folder).filter(name => name.endsWith('.json'))
  : [];
const results = reports.flatMap(name =>
  fileResults(JSON.parse(readFileSync(path.join(folder, name), 'utf8'))),
);
const found = verdicts(
  faultsOf(readFileSync(path.join(root, 'docs', 'faults.md'), 'utf8')),
  results,
);
for (const { fault, lacking } of found) {
  if (lacking.length) console.log(`Not proven: ${fault}: ${lacking.join(', ')}`);
}
const survived = found.filter(({ lacking }) => lacking.length === 0).length;
console.log(`Figure: faults survived / provoked: ${survived} / ${found.length}`);
process.exitCode = survived === found.length ? 0 : 1;
