import { createHash } from 'node:crypto';
import { failed, ok, warning, type Check } from './check';
import { forbiddenInline, missingForViewer, missingSources } from './policy';
import { textOf, type Answer, type Site } from './site';

/** Most chunks of a viewer's build to search for its version. */
const MOST_CHUNKS = 200;

/**
 * Checks whether the browser may use threads, which requires a cross-origin isolated page (HTML, 7.1.4).
 */
export function isolationCheck(page: Answer, worker: Answer): Check {
  const name = 'Threads';
  const wanted = [
    [
      page,
      'cross-origin-opener-policy',
      /^same-origin$/,
      'Cross-Origin-Opener-Policy: same-origin',
    ],
    [page, 'cross-origin-embedder-policy', EMBEDDER, 'Cross-Origin-Embedder-Policy: require-corp'],
    [worker, 'cross-origin-embedder-policy', EMBEDDER, 'the same on worker.js'],
  ] as const;
  const missing = wanted
    .filter(([answer, header, value]) => !value.test(answer.headers.get(header) ?? ''))
    .map(([, , , words]) => words);
  if (missing.length === 0) return ok(name, 'The page is isolated.');
  return warning(
    name,
    'Without isolation the browser computes on one thread: a run takes several times as long.',
    `Let the web server send ${missing.join(' and ')} (see platform-config/nginx.conf).`,
  );
}
const EMBEDDER = /^(require-corp|credentialless)$/;

/** Checks for a secure context: browsers offer threads, WebGPU and storage only there. */
export function secureCheck({ base }: Site): Check {
  const name = 'Secure context';
  const isLocal = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(base.hostname);
  if (base.protocol === 'https:' || isLocal) {
    return ok(
      name,
      'Browsers offer threads, storage and WebGPU here. Whether there is a GPU depends on each computer; the panel shows which device computes.',
    );
  }
  return warning(
    name,
    `${base.origin} is plain http: browsers give it neither threads nor WebGPU, and keep nothing between runs.`,
    'Put TLS in front of the web server.',
  );
}

/** Checks what the policies of page and worker forbid. */
export function policyCheck(site: Site, page: Answer, worker: Answer): Check {
  const name = 'Content-Security-Policy';
  const policies = [page, worker].map(({ headers }) => headers.get('content-security-policy'));
  const missing = policies.flatMap(policy => missingSources(policy, site.base.origin));
  missing.push(...missingForViewer(policies[0]));
  const inline = forbiddenInline(policies[0], inlineHashes(textOf(page)));
  const add = [...new Set([...missing, ...inline.map(hash => `script-src '${hash}'`)])];
  if (add.length > 0) {
    return failed(
      name,
      'The policy forbids what viewer and plug-in need.',
      `Add to it: ${add.join('; ')}.`,
    );
  }
  if (policies[0] !== null) return ok(name, 'It allows what viewer and plug-in need.');
  return warning(
    name,
    'There is no policy: nothing stops a script from sending data elsewhere.',
    'Send the one in platform-config/nginx.conf.',
  );
}

function inlineHashes(page: string): string[] {
  return [...page.matchAll(/<script[^>]*>([^]*?)<\/script>/g)]
    .filter(([, text]) => text)
    .map(([, text]) => `sha256-${createHash('sha256').update(text).digest('base64')}`);
}

/** Checks the viewer's version, which is in the bundle of its About dialog. */
export async function versionCheck(site: Site, page: Answer): Promise<Check> {
  const name = 'Viewer';
  const html = textOf(page);
  if (page.status !== 200 || !/<title>[^<]*OHIF/i.test(html)) {
    return failed(
      name,
      `${page.url} is not the start page of an OHIF viewer (${page.status || page.failure}).`,
      'Give the address under which the viewer opens, e.g. https://viewer.example/.',
    );
  }
  const version = await viewerVersion(site, html);
  if (version === null) return ok(name, 'OHIF; its version could not be determined.');
  const [major, minor] = version.split('.').map(Number);
  if (major === 3 && minor >= 11) return ok(name, `OHIF ${version}.`);
  return failed(name, `OHIF ${version} cannot load plug-ins by URL.`, 'Use OHIF 3.11 or newer.');
}

async function viewerVersion(site: Site, html: string): Promise<string | null> {
  const app = /src="([^"]*app\.bundle\.[^"]*\.js)"/.exec(html)?.[1];
  if (!app) return null;
  const bundle = await site.get(app);
  const code = textOf(bundle);
  const known = versionIn(code);
  if (known) return known;
  const chunks = [...code.matchAll(/\b(\w+)"?:\s*"([0-9a-f]{16,20})"/g)].slice(0, MOST_CHUNKS);
  for (const [, id, hash] of chunks) {
    const chunk = await site.get(new URL(`${id}.bundle.${hash}.js`, bundle.url));
    const at = Buffer.from(chunk.bytes.buffer).indexOf('versionNumber = ');
    const found =
      at < 0 ? null : versionIn(textOf({ ...chunk, bytes: chunk.bytes.subarray(at, at + 60) }));
    if (found) return found;
  }
  return null;
}

function versionIn(code: string): string | null {
  return /\bversionNumber\s*=\s*["'](\d+\.\d+\.\d+[\w.-]*)["']/.exec(code)?.[1] ?? null;
}
