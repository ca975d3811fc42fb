/**
 * `npm test`: installs what is missing, builds, and runs everything that this machine can run. What
 * it cannot run is skipped and said. Uses Node's own modules only, so that it works in a fresh clone.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const reports = path.join(root, '.cache', 'test-reports');
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx';
const browsers = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const failures = [];

function run(name, command, args, env = {}) {
  console.log(`\n== ${name}`);
  const start = Date.now();
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  });
  console.log(
    `== ${name}: ${status === 0 ? 'ok' : 'FAILED'} (${Math.round((Date.now() - start) / 1000)} s)`,
  );
  if (status !== 0) failures.push(name);
  return status === 0;
}

/** One for each core at the same time, in this order. What each prints comes in one piece. */
async function runBeside(steps) {
  const waiting = [...steps];
  const runNext = async () => {
    const step = waiting.shift();
    if (!step) return;
    const [name, command, args] = step;
    const start = Date.now();
    const child = spawn(command, args, { cwd: root, shell: process.platform === 'win32' });
    const output = [];
    child.stdout.on('data', text => output.push(text));
    child.stderr.on('data', text => output.push(text));
    const status = await new Promise(resolve => {
      child.once('error', () => resolve(1));
      child.once('close', resolve);
    });
    const seconds = Math.round((Date.now() - start) / 1000);
    const outcome = status === 0 ? 'ok' : 'FAILED';
    console.log(`\n== ${name}\n${Buffer.concat(output)}== ${name}: ${outcome} (${seconds} s)`);
    if (status !== 0) failures.push(name);
    await runNext();
  };
  await Promise.all(Array.from({ length: availableParallelism() }, runNext));
}

/** Ends here when something failed that all others need. */
function endWithout(...names) {
  if (!names.some(name => failures.includes(name))) return;
  console.log(`\nFailed: ${failures.join(', ')}`);
  console.log(`\n0 passed, ${failures.length} failed, 0 skipped`);
  process.exit(1);
}

/** Counts of a Jest report, or of a Playwright one. */
function counts(file) {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
  const report = JSON.parse(readFileSync(file, 'utf8'));
  if (report.stats) {
    const { expected, unexpected, flaky, skipped } = report.stats;
    return { passed: expected + flaky, failed: unexpected, skipped };
  }
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
    skipped: report.numPendingTests,
  };
}

rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

if (!existsSync(path.join(root, 'node_modules', '.package-lock.json'))) {
  run('Install', npm, ['ci']);
  endWithout('Install');
}
const SETUP = 'Prepare viewer, model and demo study';
const BUILD = 'Build';
// The longest first. None reads what another writes.
await runBeside([
  ['Lint', npx, ['eslint', '.', '--max-warnings', '0']],
  // A second model, downloaded with pip, is tested where this names it.
  [
    SETUP,
    npm,
    ['run', '--silent', 'setup', '--', '--model', process.env.FEWSHOT_TEST_MODEL ?? 'mobile-sam'],
  ],
  [BUILD, npm, ['run', '--silent', 'build']],
  ['Types', npm, ['run', '--silent', 'typecheck']],
  ['Format', npx, ['prettier', '--check', '.']],
]);
endWithout(SETUP, BUILD);

const jestReport = path.join(reports, 'jest.json');
run('Unit, parity, server and DICOM tests', npx, [
  'jest',
  '--json',
  `--outputFile=${jestReport}`,
  '--silent=false',
]);
const results = [counts(jestReport)];

const browser = browsers.find(file => file && existsSync(file));
if (browser) {
  // Tests that measure time run alone; the others leave enough of two cores idle to run in pairs.
  const alone = ['--grep', '@alone', '--output', 'test-results/alone'];
  for (const [name, file, args] of [
    ['Browser tests', 'playwright.json', ['--grep-invert', '@alone', '--workers', '2']],
    ['Browser tests that measure time', 'playwright-alone.json', alone],
  ]) {
    const report = path.join(reports, file);
    run(name, npx, ['playwright', 'test', '--reporter=list,json', ...args], {
      CHROMIUM_PATH: browser,
      PLAYWRIGHT_JSON_OUTPUT_NAME: report,
    });
    results.push(counts(report));
  }
} else {
  console.log('\n== Browser tests: SKIPPED, no Chromium found. Install it or set CHROMIUM_PATH.');
  results.push({ passed: 0, failed: 0, skipped: 1 });
}

const sum = key => results.reduce((total, result) => total + result[key], 0);
const otherFailures = failures.filter(name => ['Types', 'Lint', 'Format'].includes(name)).length;
console.log(failures.length ? `\nFailed: ${failures.join(', ')}` : '\nAll steps passed.');
console.log(
  `\n${sum('passed')} passed, ${sum('failed') + otherFailures} failed, ${sum('skipped')} skipped`,
);
process.exit(failures.length ? 1 : 0);
