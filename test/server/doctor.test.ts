/** `fewshot-sam doctor` on the real demo server, and on what goes wrong in deployments. */
import { mkdtempSync, rmSync } from 'node:fs';
import http, { type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { version } from '../../package.json';
import type { Check } from '../../cli/src/doctor/check';
import { examine, examinationText } from '../../cli/src/doctor/doctor';
import { describeWith, fewshotSam } from '../cli/command';
import { start, type Running } from './start';

/** What a server in front of the demo server changes about an answer. */
interface Change {
  status?: number;
  headers?: Record<string, string | undefined>;
  body?: (text: Buffer) => Buffer | string;
}

describeWith(['command', 'model'], 'fewshot-sam doctor', () => {
  let folder: string;
  let server: Running;
  let front: Server;
  let url: URL;
  /** Path -> change; `*` is for every path. */
  let changes: Record<string, Change>;
  const methods = new Set<string>();
  /** Each file is asked for once. */
  const answers = new Map<string, Awaited<ReturnType<typeof ask>>>();
  const ask = async (method: string, target: string) => {
    const answer = await fetch(new URL(target, server.url), { method });
    const { status, headers } = answer;
    const bytes = Buffer.from(await answer.arrayBuffer());
    return { status, headers: Object.fromEntries(headers), bytes };
  };
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'fewshot-doctor-'));
    server = await start('--archive', folder);
    front = http.createServer(async (request, response) => {
      methods.add(request.method!);
      const known = `${request.method} ${request.url}`;
      if (!answers.has(known)) answers.set(known, await ask(request.method!, request.url!));
      const answer = answers.get(known)!;
      const { status, headers, body } = {
        ...changes['*'],
        ...changes[request.url!.split('?')[0]],
      };
      const returned = { ...answer.headers, ...headers };
      for (const [name, value] of Object.entries(returned)) {
        if (value !== undefined && name !== 'content-length') response.setHeader(name, value);
      }
      response.writeHead(status ?? answer.status);
      response.end(body ? body(answer.bytes) : answer.bytes);
    });
    // A connection that waits for its turn is not cut off.
    front.keepAliveTimeout = 300_000;
    await new Promise<void>(resolve => front.listen(0, '127.0.0.1', resolve));
    url = new URL(`http://127.0.0.1:${(front.address() as AddressInfo).port}/`);
  }, 200_000);
  afterAll(async () => {
    front.close();
    await server.stop();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    changes = {};
  });

  const examined = async () => examine(url, {}, version);
  const notOk = (checks: Check[]) => checks.filter(({ state }) => state !== 'ok');

  it('finds nothing wrong with the demo server, and writes nothing', async () => {
    const checks = await examined();
    expect(notOk(checks)).toEqual([]);
    expect(checks.map(({ name }) => name)).toEqual([
      'Viewer',
      'app-config.js',
      'Plug-in',
      'Plug-in version',
      'Plug-in files',
      'Media types',
      'Model files',
      'Secure context',
      'Threads',
      'Content-Security-Policy',
      'Archive, search (QIDO-RS)',
      'Archive, store (STOW-RS)',
    ]);
    expect(checks[0].found).toBe('OHIF 3.13.2.');
    expect(examinationText(checks)).toMatch(/All checks passed\.\n$/);
    expect([...methods].sort()).toEqual(['GET', 'OPTIONS']);
  }, 120_000);

  /** The viewer's version is looked for in all of its bundles: once is enough. */
  const withoutVersion = (): Record<string, Change> => {
    const app = [...answers.keys()].find(known => known.includes('/app.bundle.'))!;
    return { [app.split(' ')[1]]: { status: 404, body: () => '' } };
  };

  const flipped = (bytes: Buffer) => {
    const copy = Buffer.from(bytes);
    copy[copy.length - 1] ^= 1;
    return copy;
  };
  const page: Change = { status: 200, headers: { 'content-type': 'text/html' }, body: () => '<p>' };

  it.each<[string, Record<string, Change>, string, Check['state'], RegExp, RegExp]>([
    [
      'the line is missing',
      { '/app-config.js': { body: text => text.toString().replace(/modes: .*/, '') } },
      'app-config.js',
      'failed',
      /does not name the plug-in/,
      /Add the line: modes: \['\/plugins\/fewshot\/mode\.js'\]/,
    ],
    [
      'the plug-in is not there',
      { '/plugins/fewshot/mode.js': { status: 404 } },
      'Plug-in',
      'failed',
      /mode\.js is missing \(404\); the whole viewer may stay blank/,
      /Copy the whole folder/,
    ],
    [
      'a page comes in place of the plug-in',
      { '/plugins/fewshot/extension.js': page },
      'Plug-in',
      'failed',
      /the server sent a web page instead/,
      /Copy the whole folder/,
    ],
    [
      'missing files are answered with a page',
      { '/plugins/fewshot/no-such-file.js': page },
      'Plug-in',
      'warning',
      /answers a missing plug-in file with a web page/,
      /Answer 404/,
    ],
    [
      'kernels are altered',
      { '/plugins/fewshot/wasm/fewshot-kernels.wasm': { body: flipped } },
      'Plug-in files',
      'failed',
      /Altered, or from another version: wasm\/fewshot-kernels\.wasm\./,
      /Copy the whole folder/,
    ],
    [
      'the model is altered',
      { '/plugins/fewshot/models/mobile-sam/decoder.safetensors': { body: flipped } },
      'Model files',
      'failed',
      /Altered, or from another version: decoder\.safetensors\./,
      /npm run setup/,
    ],
    [
      'the model was not copied',
      { '/plugins/fewshot/models/mobile-sam/manifest.json': { status: 404 } },
      'Model files',
      'failed',
      /There is no .*manifest\.json \(404\)/,
      /copy public\/models to \/plugins\/fewshot\/models\//,
    ],
    [
      'WebAssembly has a wrong type',
      {
        '/plugins/fewshot/wasm/fewshot-kernels.wasm': {
          headers: { 'content-type': 'application/octet-stream' },
        },
      },
      'Media types',
      'failed',
      /fewshot-kernels\.wasm is sent as application\/octet-stream/,
      /Send \.wasm as application\/wasm/,
    ],
    [
      'the page is not isolated',
      { '*': { headers: { 'cross-origin-opener-policy': undefined } } },
      'Threads',
      'warning',
      /one thread/,
      /Cross-Origin-Opener-Policy: same-origin/,
    ],
    [
      'the policy forbids WebAssembly',
      { '*': { headers: { 'content-security-policy': "script-src 'self'" } } },
      'Content-Security-Policy',
      'failed',
      /forbids/,
      /script-src 'wasm-unsafe-eval'; script-src 'unsafe-eval'; script-src 'sha256-/,
    ],
    [
      'there is no policy',
      { '*': { headers: { 'content-security-policy': undefined } } },
      'Content-Security-Policy',
      'warning',
      /There is no policy/,
      /nginx\.conf/,
    ],
    [
      'the archive is down',
      { '/dicomweb/studies': { status: 502 } },
      'Archive, search (QIDO-RS)',
      'failed',
      /does not answer like an archive \(502\)/,
      /qidoRoot/,
    ],
    [
      'the archive wants a sign-in',
      { '/dicomweb/studies': { status: 401 } },
      'Archive, search (QIDO-RS)',
      'warning',
      /requires a sign-in \(401\)/,
      /--header/,
    ],
    [
      'the archive takes no results',
      { '/dicomweb/studies': { headers: { allow: 'GET, HEAD' } } },
      'Archive, store (STOW-RS)',
      'failed',
      /accepts GET, HEAD, not POST/,
      /STOW-RS/,
    ],
  ])(
    'says what to change when %s',
    async (_, change, name, state, found, remedy) => {
      changes = { ...withoutVersion(), ...change };
      const check = notOk(await examined()).find(candidate => candidate.name === name);
      expect(check).toEqual({
        name,
        state,
        found: expect.stringMatching(found),
        remedy: expect.stringMatching(remedy),
      });
    },
    60_000,
  );

  it('says which version is deployed', async () => {
    changes = withoutVersion();
    const checks = await examine(url, {}, '99.0.0');
    expect(notOk(checks)).toEqual([
      expect.objectContaining({ name: 'Plug-in version', found: expect.stringContaining(version) }),
    ]);
  }, 60_000);

  it('is a command: 0 when it works, 1 when something failed, 2 for wrong use; also as JSON', async () => {
    changes = withoutVersion();
    const well = await fewshotSam(['doctor', url.href, '--json']);
    expect([well.code, well.stderr]).toEqual([0, '']);
    expect((JSON.parse(well.stdout) as Check[]).map(({ state }) => state)).not.toContain('failed');

    changes = { ...withoutVersion(), '/plugins/fewshot/mode.js': { status: 404 } };
    const ill = await fewshotSam(['doctor', url.href]);
    expect(ill.code).toBe(1);
    expect(ill.stdout).toContain('FAILED  Plug-in: ');

    const nobody = await fewshotSam(['doctor', 'http://127.0.0.1:9/']);
    expect(nobody.code).toBe(1);
    expect(nobody.stdout).toContain('FAILED  Viewer: http://127.0.0.1:9/ is not the start page');
    expect((await fewshotSam(['doctor', 'nowhere'])).code).toBe(2);
  }, 120_000);
});
