/**
 * `npm run test:everything`: `npm test`, then all that is too long for it, one after the other; at the end
 * what passed, what failed, what was skipped and why, and the figures. Hours. Uses Node's own modules only,
 * so that it works in a fresh clone.
 *
 *   npm run test:everything -- loads memory   only these, and the figures
 */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const logs = path.join(root, '.cache', 'test-everything');
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** In this order: the first also installs and builds. */
const STEPS = [
  { name: 'ci', script: 'test' },
  { name: 'slow', script: 'test:slow' },
  { name: 'node', script: 'test:node' },
  { name: 'highdicom', script: 'test:highdicom' },
  { name: 'viewers', script: 'test:viewers' },
  { name: 'firefox', script: 'test:firefox' },
  { name: 'loads', script: 'test:loads' },
  { name: 'gpu-loss', script: 'test:gpu-loss' },
  { name: 'monkey', script: 'test:monkey' },
  { name: 'memory', script: 'test:memory' },
];

/** Runs a command, shows what it prints and keeps it. @returns its exit code and what it printed */
function run(name, command, args) {
  return new Promise(resolve => {
    const child = spawn(command, args, {
      cwd: root,
      shell: process.platform === 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const [stream, shown] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ]) {
      stream.on('data', chunk => {
        output += chunk;
        shown.write(chunk);
      });
    }
    child.once('error', error => resolve({ status: 1, output: error.message }));
    child.once('close', status => {
      writeFileSync(path.join(logs, `${name}.log`), output);
      resolve({ status: status ?? 1, output });
    });
  });
}

/** Lines that tell what was left out, and why. */
function skipsOf(output) {
  const lines = output.split('\n').map(line => line.trim());
  return [...new Set(lines.filter(line => /\bskipped\b/i.test(line) && !/\b0 skipped/.test(line)))];
}

const only = process.argv.slice(2);
const unknown = only.filter(name => !STEPS.some(step => step.name === name));
if (unknown.length) {
  console.error(
    `There is no ${unknown.join(', ')}; there are ${STEPS.map(step => step.name).join(', ')}.`,
  );
  process.exit(2);
}
mkdirSync(logs, { recursive: true });
const rows = [];
const figures = [];
for (const { name, script } of [...STEPS, { name: 'faults' }]) {
  if (script && only.length && !only.includes(name)) {
    rows.push(`${name.padEnd(10)} not asked for`);
    continue;
  }
  console.log(`\n==== ${name}`);
  const start = Date.now();
  const { status, output } = script
    ? await run(name, npm, ['run', '--silent', script])
    : await run(name, process.execPath, ['--import', 'tsx', 'scripts/everything/faults.ts']);
  const minutes = ((Date.now() - start) / 60_000).toFixed(1);
  rows.push(`${name.padEnd(10)} ${status === 0 ? 'passed' : 'FAILED'}, ${minutes} min`);
  rows.push(...skipsOf(output).map(line => `           ${line}`));
  figures.push(...output.split('\n').filter(line => line.startsWith('Figure: ')));
  if (status !== 0) process.exitCode = 1;
}
const summary = [...rows, '', ...figures.map(line => line.slice('Figure: '.length))].join('\n');
writeFileSync(path.join(logs, 'summary.txt'), `${summary}\n`);
console.log(`\n==== Summary\n${summary}`);
