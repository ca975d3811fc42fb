/**
 * `npm run test:nightly`: runs the property tests on many more cases than `npm test`: FEWSHOT_CASES, 10 000
 * by default. They run in batches, one process after the other, so that memory and time of each are
 * bounded; a failing batch does not stop the others.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const CASES = Number(process.env.FEWSHOT_CASES ?? 10_000);
const BATCH = 500;
/** ms after which a batch counts as stuck; it usually takes half a minute. */
const PATIENCE = 15 * 60_000;
const JEST = createRequire(import.meta.url).resolve('jest/bin/jest');

/** Returns the peak memory of a process, MiB; 0 where the system does not report it. */
function peakOf(pid) {
  try {
    const [, kib] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kib ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** Runs the cases from `first` on. @returns exit status, output, seconds and peak memory */
function runBatch(first, count) {
  return new Promise(resolve => {
    const start = Date.now();
    let peak = 0;
    let output = '';
    const child = spawn(
      process.execPath,
      ['--max-old-space-size=2048', JEST, '--runInBand', 'test/property'],
      {
        env: {
          ...process.env,
          FEWSHOT_FIRST_CASE: String(first),
          FEWSHOT_CASES: String(count),
          FORCE_COLOR: '0',
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', chunk => (output += chunk));
    }
    const poll = setInterval(() => (peak = Math.max(peak, peakOf(child.pid))), 200);
    const patience = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
    child.once('close', (code, signal) => {
      clearInterval(poll);
      clearTimeout(patience);
      const seconds = (Date.now() - start) / 1000;
      resolve({ ended: signal ?? code, output, seconds, peak });
    });
  });
}

const failed = [];
let seconds = 0;
let peak = 0;
for (let first = 1; first <= CASES; first += BATCH) {
  const count = Math.min(BATCH, CASES - first + 1);
  const batch = await runBatch(first, count);
  seconds += batch.seconds;
  peak = Math.max(peak, batch.peak);
  const name = `cases ${first} to ${first + count - 1}`;
  const passed = batch.ended === 0;
  console.log(
    `${name}: ${passed ? 'passed' : `FAILED (${batch.ended})`}, ${batch.seconds.toFixed(0)} s, ${batch.peak.toFixed(0)} MiB`,
  );
  if (passed) continue;
  failed.push(name);
  console.log(batch.output);
}
console.log(
  `${CASES} cases of each property: ${failed.length ? `FAILED: ${failed.join(', ')}` : 'all passed'}; ${seconds.toFixed(0)} s, at most ${peak.toFixed(0)} MiB.`,
);
process.exitCode = failed.length ? 1 : 0;
