/**
 * `npm start`: from a fresh clone to a running viewer. This first part uses Node's own modules only,
 * because nothing is installed yet; start.ts does the rest.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const OLDEST_NODE = 20;

function fail(line) {
  console.error(line);
  process.exit(1);
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(path.join(root, file), 'utf8'));
  } catch {
    return null;
  }
}

/** Whether every package that the lock file requires on this machine is installed in that version. */
function isInstalled() {
  const wanted = readJson('package-lock.json')?.packages;
  const there = readJson('node_modules/.package-lock.json')?.packages;
  if (!wanted)
    return fail(
      'package-lock.json is missing or damaged. Restore it with `git checkout -- package-lock.json`.',
    );
  if (!there) return false;
  return Object.entries(wanted).every(
    ([place, { version, optional, peer, devOptional, link }]) =>
      !place.includes('node_modules/') ||
      link ||
      (optional || peer || devOptional ? !there[place] : false) ||
      there[place]?.version === version,
  );
}

/** Runs `npm ci`, quiet unless it fails; then reports npm's error code in one line. */
function install() {
  console.log('Installing packages (about a minute) …');
  const script = process.env.npm_execpath;
  const args = ['ci', '--no-audit', '--no-fund'];
  const child = script?.endsWith('.js')
    ? spawn(process.execPath, [script, ...args], { cwd: root })
    : spawn('npm', args, { cwd: root, shell: process.platform === 'win32' });
  let output = '';
  child.stdout.on('data', chunk => (output += chunk));
  child.stderr.on('data', chunk => (output += chunk));
  return new Promise(resolve => {
    child.on('error', () =>
      fail('npm was not found. Install Node.js together with npm, then start again.'),
    );
    child.on('close', code => {
      if (code === 0) return resolve();
      const reason = /npm (?:error|ERR!) code (\S+)/.exec(output)?.[1] ?? `exit code ${code}`;
      const remedy = /^E(NOTFOUND|AI_AGAIN|CONN|TIMEDOUT|HOSTUNREACH|NETUNREACH)|FETCH/.test(reason)
        ? 'Check the network and npm’s proxy settings, then start again.'
        : 'Run `npm ci` to see all of it.';
      fail(`The packages could not be installed (${reason}). ${remedy}`);
    });
  });
}

const major = Number(process.versions.node.split('.')[0]);
if (major < OLDEST_NODE) {
  fail(
    `Node.js ${process.versions.node} is too old. Install version ${OLDEST_NODE} or newer from https://nodejs.org.`,
  );
}
if (!existsSync(path.join(root, 'node_modules')) || !isInstalled()) await install();

const typedIn = process.env.INIT_CWD ?? process.cwd();
const server = spawn(
  process.execPath,
  ['--import', 'tsx', path.join(root, 'scripts', 'start.ts'), ...process.argv.slice(2)],
  // npm and this script change the folder, but relative paths in flags refer to the user's own.
  { cwd: root, stdio: 'inherit', env: { ...process.env, TYPED_IN: typedIn } },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal));
server.on('error', error => fail(`Node.js could not be started again: ${error.message}.`));
server.on('close', (code, signal) => process.exit(signal ? 0 : (code ?? 1)));
