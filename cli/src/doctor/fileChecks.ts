import { FewshotError, sha256Hex } from 'fewshot-sam';
import { checkManifest, MODEL_PARTS, type ModelManifest } from 'fewshot-sam/compute';
import { failed, ok, warning, type Check } from './check';
import { statusWords, textOf, type Answer, type Site } from './site';

const TYPES: [ending: RegExp, type: RegExp, words: string][] = [
  [/\.m?js$/, /^(text|application)\/(x-)?(java|ecma)script$/, 'text/javascript'],
  [/\.wasm$/, /^application\/wasm$/, 'application/wasm'],
  [/\.json$/, /^application\/json$/, 'application/json'],
];

const COPY = 'Copy the whole folder dist/plugins/fewshot to the web server again.';

interface FileList {
  version: string;
  files: Record<string, string>;
}

/**
 * Checks whether app-config.js names the plug-in.
 *
 * @param scripts that it names
 * @returns also the plug-in's folder, if found
 */
export function configCheck(
  site: Site,
  config: Answer,
  scripts: readonly string[],
): { check: Check; folder: URL | null } {
  const name = 'app-config.js';
  if (config.status !== 200 || config.type === 'text/html') {
    const check = failed(
      name,
      `There is no ${config.url} (${statusWords(config)}).`,
      'Put app-config.js beside the viewer’s index.html; platform-config/ holds a complete one.',
    );
    return { check, folder: null };
  }
  const mode = scripts.find(script => /\/mode\.js$/.test(script.split('?')[0]));
  if (mode === undefined) {
    const check = failed(
      name,
      'It does not name the plug-in.',
      "Add the line: modes: ['/plugins/fewshot/mode.js'],",
    );
    return { check, folder: null };
  }
  return { check: ok(name, `It names ${mode}.`), folder: new URL('.', new URL(mode, site.base)) };
}

/**
 * Checks whether the plug-in's two scripts can be loaded; without them the viewer stays blank or lacks the
 * mode.
 */
export async function reachableCheck(site: Site, folder: URL): Promise<Check> {
  const name = 'Plug-in';
  for (const file of ['mode.js', 'extension.js']) {
    const answer = await site.get(new URL(file, folder));
    if (answer.status !== 200 || answer.type === 'text/html') {
      return failed(
        name,
        `${answer.url} is missing (${answer.type === 'text/html' ? 'the server sent a web page instead' : statusWords(answer)}); the whole viewer may stay blank.`,
        `${COPY} Or remove the line from app-config.js.`,
      );
    }
  }
  if (!site.isOwn(folder)) {
    return warning(
      name,
      `It is on another server, ${folder.origin}.`,
      'Copy it to the web server of the viewer: an isolated page loads nothing else.',
    );
  }
  const none = await site.get(new URL('no-such-file.js', folder));
  if (none.status === 200) {
    return warning(
      name,
      'The server answers a missing plug-in file with a web page, so a wrong name blanks the viewer.',
      'Answer 404 for missing files under /plugins/ (see platform-config/nginx.conf).',
    );
  }
  return ok(name, `mode.js and extension.js are in ${folder.href}.`);
}

/** Checks every file of the plug-in against the list that the build made. */
export async function filesCheck(site: Site, folder: URL, version: string): Promise<Check[]> {
  const listed = await site.get(new URL('files.json', folder));
  const list = listed.status === 200 ? parseList(textOf(listed)) : null;
  if (!list) {
    return [
      failed('Plug-in files', `There is no valid ${listed.url} (${statusWords(listed)}).`, COPY),
    ];
  }
  const answers = new Map<string, Answer>();
  for (const name of Object.keys(list.files)) {
    answers.set(name, await site.get(new URL(name, folder)));
  }
  const versionCheck =
    list.version === version
      ? ok('Plug-in version', `${list.version}, the same as this command.`)
      : warning(
          'Plug-in version',
          `${list.version}; this command is ${version}.`,
          'Use the doctor of the version that is deployed, or deploy this one.',
        );
  return [
    versionCheck,
    await hashCheck('Plug-in files', answers, list.files, COPY),
    typeCheck(answers),
  ];
}

/** Checks every file of the model against its manifest. */
export async function modelCheck(site: Site, folder: URL): Promise<Check> {
  const name = 'Model files';
  const model = new URL('models/mobile-sam/', folder);
  const remedy = `Run \`npm run setup\` and copy public/models to ${new URL('models/', folder).pathname}.`;
  const answer = await site.get(new URL('manifest.json', model));
  if (answer.status !== 200 || answer.type === 'text/html') {
    return failed(name, `There is no ${answer.url} (${statusWords(answer)}).`, remedy);
  }
  let manifest: ModelManifest;
  try {
    manifest = checkManifest(JSON.parse(textOf(answer)));
  } catch (error) {
    const words = error instanceof FewshotError ? error.message : 'It is not JSON.';
    return failed(name, `${answer.url}: ${words}`, remedy);
  }
  const answers = new Map<string, Answer>();
  const hashes: Record<string, string> = {};
  for (const part of MODEL_PARTS) {
    const { path, sha256 } = manifest.files[part];
    answers.set(path, await site.get(new URL(path, model)));
    hashes[path] = sha256;
  }
  return hashCheck(name, answers, hashes, remedy);
}

function parseList(text: string): FileList | null {
  try {
    const { version, files } = JSON.parse(text) as Partial<FileList>;
    const isList = typeof version === 'string' && typeof files === 'object' && files !== null;
    return isList && Object.keys(files).length > 0 ? { version, files } : null;
  } catch {
    return null;
  }
}

async function hashCheck(
  name: string,
  answers: Map<string, Answer>,
  hashes: Record<string, string>,
  remedy: string,
): Promise<Check> {
  const missing: string[] = [];
  const altered: string[] = [];
  for (const [file, answer] of answers) {
    if (answer.status === 0) missing.push(`${file} (${answer.failure})`);
    else if (answer.status !== 200 || answer.type === 'text/html') missing.push(file);
    else if ((await sha256Hex(answer.bytes)) !== hashes[file]) altered.push(file);
  }
  const found = [
    ...(missing.length ? [`Missing: ${missing.join(', ')}.`] : []),
    ...(altered.length ? [`Altered, or from another version: ${altered.join(', ')}.`] : []),
  ];
  if (found.length > 0) return failed(name, found.join(' '), remedy);
  return ok(name, `All ${answers.size} are as they were built.`);
}

/**
 * Checks media types: a browser refuses scripts with a wrong type, and loads such WebAssembly more slowly.
 */
function typeCheck(answers: Map<string, Answer>): Check {
  const name = 'Media types';
  for (const [file, { status, type }] of answers) {
    const rule = TYPES.find(([ending]) => ending.test(file));
    if (status !== 200 || !rule || rule[1].test(type)) continue;
    return failed(
      name,
      `${file} is sent as ${type || 'nothing'}.`,
      `Send ${file.slice(file.lastIndexOf('.'))} as ${rule[2]}.`,
    );
  }
  return ok(name, '.js, .mjs, .wasm and .json have the right types.');
}
