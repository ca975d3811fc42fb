/** What keeps the demo server from showing half an image, and other web sites away from it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http, { type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
// Silences dcmjs, which warns about each deviation of each file.
import '../../scripts/server/dicomweb/dicomFile';
import { dcmjsData } from '../../dicom/src/data/dcmjsData';
import { failToStart, start, type Running } from './start';

const DEMO = path.join(process.cwd(), '.cache', 'demo-study');
const slices = () =>
  readdirSync(DEMO)
    .filter(file => file.endsWith('.dcm'))
    .sort();
const slice = (i: number) => readFileSync(path.join(DEMO, slices()[i]));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'fewshot-guards-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A slice of the demo study as a new instance, its pixel data repeated. */
function newInstance(uid: string, times = 1): Buffer {
  const file = dcmjsData.DicomMessage.readFile(new Uint8Array(slice(0)).buffer);
  file.dict['00080018'] = { vr: 'UI', Value: [uid] };
  file.meta['00020003'] = { vr: 'UI', Value: [uid] };
  if (times > 1) {
    const [pixels] = file.dict['7FE00010'].Value as ArrayBuffer[];
    file.dict['7FE00010'].Value = [
      Buffer.concat(Array.from({ length: times }, () => Buffer.from(pixels))).buffer,
    ];
    file.dict['00280008'] = { vr: 'IS', Value: [String(times)] };
  }
  return Buffer.from(file.write() as ArrayBuffer);
}

function store(url: string, bytes: Uint8Array, headers: Record<string, string> = {}) {
  const body = Buffer.concat([
    Buffer.from('--part\r\nContent-Type: application/dicom\r\n\r\n'),
    bytes,
    Buffer.from('\r\n--part--\r\n'),
  ]);
  return fetch(`${url}/dicomweb/studies`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'multipart/related; type="application/dicom"; boundary=part',
      ...headers,
    },
  });
}

const instances = async (url: string) =>
  (await (await fetch(`${url}/dicomweb/instances`)).json()) as unknown[];

/** `fetch` sets Host, Origin and the like itself. */
function ask(
  url: string,
  target: string,
  headers: http.OutgoingHttpHeaders,
  method = 'GET',
): Promise<IncomingMessage> {
  const { hostname: host, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = http.request({ host, port, path: target, method, headers }, response => {
      response.resume();
      resolve(response);
    });
    request.on('error', reject).end();
  });
}

describe('files that are not whole', () => {
  it('are neither listed nor served, and do not block a file of the same name', async () => {
    const uid = '2.25.4711';
    const whole = newInstance(uid);
    const archive = path.join(folder, 'archive');
    const first = await start('--archive', archive);
    expect((await store(first.url, whole)).status).toBe(200);
    await first.stop();
    const [name] = readdirSync(archive);
    // As a server that was killed leaves it, by its process number; and a disk that was full once.
    writeFileSync(path.join(archive, name), whole.subarray(0, whole.length - 5000));
    const halfWritten = `${name}.999999999-0a1b2c3d.tmp`;
    writeFileSync(path.join(archive, halfWritten), whole.subarray(0, 4000));

    const second = await start('--archive', archive);
    try {
      expect(existsSync(path.join(archive, halfWritten))).toBe(false);
      expect(await instances(second.url)).toHaveLength(slices().length);
      expect((await store(second.url, whole)).status).toBe(200);
      expect(await instances(second.url)).toHaveLength(slices().length + 1);
      expect(readFileSync(path.join(archive, name)).equals(whole)).toBe(true);
    } finally {
      await second.stop();
    }
  }, 60_000);

  it('are refused when they are sent, wherever they are cut', async () => {
    const server = await start('--archive', folder);
    try {
      const whole = newInstance('2.25.4712');
      const rows = whole.indexOf(Buffer.from([0x28, 0, 0x10, 0, 0x55, 0x53]));
      expect(rows).toBeGreaterThan(0);
      for (const length of [rows, rows + 3, rows + 40, whole.length - 1, whole.length / 2]) {
        const answer = await store(server.url, whole.subarray(0, length));
        expect([length, answer.status]).toEqual([length, 409]);
        const [{ Value: failed }] = Object.values(
          (({ '00081198': sequence }) => [sequence])(await answer.json()),
        ) as { Value: Record<string, { Value?: unknown[] }>[] }[];
        expect(failed[0]['00081197'].Value).toEqual([0xc000]);
      }
      expect(await instances(server.url)).toHaveLength(slices().length);
    } finally {
      await server.stop();
    }
  }, 60_000);

  it('kill -9 in the middle of a STOW leaves an archive that works', async () => {
    const large = newInstance('2.25.4713', 300);
    const killed = await startForKilling(folder);
    const sent = store(killed.url, large).catch(() => null);
    for (let look = 0; look < 5000; look++) {
      if (readdirSync(folder).some(file => file.endsWith('.tmp'))) break;
      await new Promise(resolve => setTimeout(resolve, 1));
    }
    const ended = new Promise(resolve => killed.child.once('close', resolve));
    process.kill(-killed.child.pid!, 'SIGKILL');
    // A process that the system is still ending counts as running, and its file as being written.
    await ended;
    await new Promise(resolve => setTimeout(resolve, 2000));
    await sent;
    const server = await start('--archive', folder);
    try {
      expect(readdirSync(folder).filter(file => file.endsWith('.tmp'))).toEqual([]);
      expect((await store(server.url, large)).status).toBe(200);
      expect(await instances(server.url)).toHaveLength(slices().length + 1);
    } finally {
      await server.stop();
    }
  }, 120_000);
});

/** In a process group of its own, so that nothing of it outlives a kill -9. */
async function startForKilling(archive: string): Promise<{ child: ChildProcess; url: string }> {
  const program = path.join(process.cwd(), 'scripts', 'start.mjs');
  const child = spawn(process.execPath, [program, '--port', '0', '--archive', archive], {
    detached: true,
  });
  const url = await new Promise<string>((resolve, reject) => {
    let output = '';
    child.stdout!.on('data', chunk => {
      output += chunk;
      const [, found] = /Few-shot SAM for OHIF: (http\S+)\//.exec(output) ?? [];
      if (found) resolve(found);
    });
    child.once('close', () => reject(new Error(output)));
  });
  return { child, url };
}

describe('other web sites', () => {
  let server: Running;
  let archive: string;
  beforeAll(async () => {
    archive = mkdtempSync(path.join(tmpdir(), 'fewshot-guards-'));
    server = await start('--archive', archive);
  }, 60_000);
  afterAll(async () => {
    await server.stop();
    rmSync(archive, { recursive: true, force: true });
  });

  it.each([
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ 'sec-fetch-site': 'same-origin', origin: 'http://viewer.example' }, 200],
    [{ 'sec-fetch-site': 'none' }, 200],
    [{ origin: 'https://elsewhere.example' }, 403],
    [{ origin: 'null' }, 403],
    [{}, 200],
  ])('a request with %j is answered with %i', async (headers, status) => {
    expect((await ask(server.url, '/dicomweb/studies', headers)).statusCode).toBe(status);
  });

  it('cannot store', async () => {
    const answer = await store(server.url, newInstance('2.25.4714'), {
      'sec-fetch-site': 'cross-site',
    });
    expect(answer.status).toBe(403);
  });

  it('the viewer itself can be opened by a link of another site', async () => {
    const headers = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    };
    expect((await ask(server.url, '/', headers)).statusCode).toBe(200);
  });
});

it('open to the network, it says so and answers to its own names only', async () => {
  const server = await start(
    '--archive',
    folder,
    '--host',
    '0.0.0.0',
    '--allow-host',
    'viewer.example',
  );
  try {
    expect(server.output).toMatch(/WARNING: --host 0\.0\.0\.0 lets .* without a password/);
    for (const [host, status] of [
      ['127.0.0.1', 200],
      [hostname(), 200],
      ['viewer.example', 200],
      ['attacker.example', 421],
    ] as const) {
      const answer = await ask(server.url.replace('0.0.0.0', '127.0.0.1'), '/', { host });
      expect([host, answer.statusCode]).toEqual([host, status]);
    }
  } finally {
    await server.stop();
  }
}, 60_000);

describe('in front of another archive', () => {
  const LOGIN = { user: 'reader', password: 'p%40s:s@w%rd' };
  let archive: Server;
  let url: string;
  let elsewhere: string[];
  const asked: { method: string; url: string }[] = [];
  beforeAll(async () => {
    const other = http.createServer((request, response) => {
      elsewhere.push(request.headers.authorization ?? 'none');
      response.end('[]');
    });
    archive = http.createServer((request, response) => {
      asked.push({ method: request.method!, url: request.url! });
      const expected = `Basic ${Buffer.from(`${LOGIN.user}:${LOGIN.password}`).toString('base64')}`;
      const isIn = request.headers.authorization === expected;
      const moved = request.url === '/rs/studies/1/metadata';
      response.writeHead(isIn ? (moved ? 302 : 200) : 401, {
        'content-type': 'application/dicom+json',
        ...(moved
          ? { location: `http://127.0.0.1:${(other.address() as AddressInfo).port}/` }
          : {}),
      });
      response.end('[]');
    });
    elsewhere = [];
    await Promise.all(
      [archive, other].map(one => new Promise<void>(done => one.listen(0, '127.0.0.1', done))),
    );
    url = `http://127.0.0.1:${(archive.address() as AddressInfo).port}/rs`;
    archive.once('close', () => other.close());
  });
  afterAll(() => archive.close());

  it('signs in with a file, and passes searching, reading and storing only', async () => {
    const file = path.join(folder, 'login');
    writeFileSync(file, `${LOGIN.user}:${LOGIN.password}\n`);
    const proxy = await start('--dicomweb', url, '--dicomweb-auth', file);
    try {
      expect(proxy.output).not.toContain(LOGIN.password);
      asked.length = 0;
      for (const [method, target, status] of [
        ['GET', '/studies', 200],
        ['GET', '/studies/1/series/2/instances/3/frames/1', 200],
        ['POST', '/studies', 200],
        ['POST', '/studies/1.2', 200],
        ['DELETE', '/studies/1.2', 405],
        ['PUT', '/studies', 405],
        ['POST', '/studies/1.2/series', 405],
        ['GET', '/servers', 404],
        ['POST', '/servers/other/stow', 404],
        ['GET', '/studies/../system', 400],
        ['GET', '/studies/%2e%2e/system', 400],
      ] as const) {
        const answer = await ask(proxy.url, `/dicomweb${target}`, {}, method);
        expect([method, target, answer.statusCode]).toEqual([method, target, status]);
      }
      expect(asked).toHaveLength(4);
      const foreign = { 'sec-fetch-site': 'cross-site' };
      expect((await ask(proxy.url, '/dicomweb/studies', foreign)).statusCode).toBe(403);
      expect(asked).toHaveLength(4);
      // A redirect goes to the browser, which has no login.
      expect((await ask(proxy.url, '/dicomweb/studies/1/metadata', {})).statusCode).toBe(302);
      expect(elsewhere).toEqual([]);
    } finally {
      await proxy.stop();
    }
  }, 60_000);

  it('signs in with the environment', async () => {
    process.env.FEWSHOT_DICOMWEB_USER = LOGIN.user;
    process.env.FEWSHOT_DICOMWEB_PASSWORD = LOGIN.password;
    try {
      await (await start('--dicomweb', url)).stop();
    } finally {
      delete process.env.FEWSHOT_DICOMWEB_USER;
      delete process.env.FEWSHOT_DICOMWEB_PASSWORD;
    }
  }, 60_000);

  it('refuses a password that everybody would see, and never prints it', async () => {
    const withPassword = url.replace('//', '//reader:pass%zzword@');
    for (const [flags, words] of [
      [['--dicomweb', withPassword], /--dicomweb holds a password.*list of processes/],
      [['--dicomweb', url], /requires a login \(status 401\).*FEWSHOT_DICOMWEB_USER/],
      [['--dicomweb-auth', 'none', '--dicomweb', url], /--dicomweb-auth \S*none cannot be read/],
    ] as const) {
      const { code, lines } = await failToStart(...flags, '--port', '0');
      expect([code, lines]).toEqual([1, [expect.stringMatching(words)]]);
      expect(lines.join()).not.toMatch(/pass%zzword/);
    }
  }, 60_000);
});
