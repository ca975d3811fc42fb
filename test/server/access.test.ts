/** What keeps other web pages, half files and hostile queries out, on the real server and proxy. */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import http, { type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Site } from '../../cli/src/doctor/site';
import { parseQuery, matches } from '../../scripts/server/dicomweb/query';
import { failToStart, start, type Running } from './start';

const DEMO = path.join(process.cwd(), '.cache', 'demo-study');
const slices = readdirSync(DEMO).filter(name => name.endsWith('.dcm'));
const slice = readFileSync(path.join(DEMO, slices[0]));

function listen(handler: http.RequestListener): Promise<{ server: Server; url: string }> {
  const server = http.createServer(handler);
  return new Promise(resolve =>
    server.listen(0, '127.0.0.1', () =>
      resolve({ server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }),
    ),
  );
}

function ask(url: string, method: string, headers: http.OutgoingHttpHeaders = {}, body?: Buffer) {
  return new Promise<number>((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const target = url.slice(url.indexOf(port) + port.length);
    const request = http.request({ method, hostname, port, path: target, headers }, response => {
      response.resume();
      resolve(response.statusCode!);
    });
    request.on('error', reject).end(body);
  });
}

describe('the demo archive', () => {
  let folder: string;
  let server: Running;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'fewshot-access-'));
    // What a server leaves that is killed while it stores, and a file that was cut when it was copied.
    writeFileSync(path.join(folder, 'abc.dcm.4194305-0a1b2c3d.tmp'), slice.subarray(0, 9000));
    writeFileSync(path.join(folder, 'cut.dcm'), slice.subarray(0, slice.length - 2000));
    server = await start('--archive', folder, '--dicom', DEMO);
  }, 120_000);
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  it('removes half files, and lists no cut instance', async () => {
    expect(readdirSync(folder)).toEqual(['cut.dcm']);
    const answer = await fetch(`${server.url}/dicomweb/instances`);
    expect(await answer.json()).toHaveLength(slices.length);
  });

  it.each([
    ['before Rows', 700],
    ['in its pixel data', slice.length - 2000],
  ])('refuses a file that was cut %s', async (_, length) => {
    const body = Buffer.concat([
      Buffer.from('--x\r\nContent-Type: application/dicom\r\n\r\n'),
      slice.subarray(0, length),
      Buffer.from('\r\n--x--\r\n'),
    ]);
    const type = 'multipart/related; type="application/dicom"; boundary=x';
    const headers = { 'content-type': type, 'content-length': body.length };
    expect(await ask(`${server.url}/dicomweb/studies`, 'POST', headers, body)).toBe(409);
  });

  it('refuses other origins and names, and opens the viewer from a link', async () => {
    const studies = `${server.url}/dicomweb/studies`;
    const foreign: [string, string, http.OutgoingHttpHeaders, number][] = [
      [studies, 'POST', { origin: 'https://attacker.example' }, 403],
      [studies, 'POST', { origin: 'null' }, 403],
      [studies, 'GET', { 'sec-fetch-site': 'cross-site' }, 403],
      [studies, 'GET', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate' }, 403],
      [studies, 'GET', { host: 'attacker.example' }, 421],
      [studies, 'GET', { 'sec-fetch-site': 'same-origin', origin: server.url }, 200],
      [
        `${server.url}/`,
        'GET',
        {
          'sec-fetch-site': 'cross-site',
          'sec-fetch-mode': 'navigate',
          'sec-fetch-dest': 'document',
        },
        200,
      ],
    ];
    for (const [url, method, headers, status] of foreign) {
      expect([headers, await ask(url, method, headers)]).toEqual([headers, status]);
    }
  });
});

describe('the proxy', () => {
  const seen: { method: string; url: string; headers: IncomingHttpHeaders }[] = [];
  let archive: { server: Server; url: string };
  let proxy: Running;
  const folder = mkdtempSync(path.join(tmpdir(), 'fewshot-login-'));
  const login = path.join(folder, 'login');
  beforeAll(async () => {
    archive = await listen((request, response) => {
      seen.push({ method: request.method!, url: request.url!, headers: request.headers });
      response.setHeader('content-type', 'application/dicom+json');
      response.end('[]');
    });
    writeFileSync(login, 'doctor:100%:p@ss\n');
    proxy = await start('--dicomweb', archive.url, '--dicomweb-auth', login);
  }, 120_000);
  afterAll(async () => {
    await proxy.stop();
    archive.server.close();
    rmSync(folder, { recursive: true });
  });

  it('signs in with a password of any characters', async () => {
    expect((await fetch(`${proxy.url}/dicomweb/studies`)).status).toBe(200);
    const [, value] = seen.at(-1)!.headers.authorization!.split(' ');
    expect(Buffer.from(value, 'base64').toString()).toBe('doctor:100%:p@ss');
  });

  it.each([
    ['DELETE', '/studies/1.2', {}, 405],
    ['PUT', '/studies', {}, 405],
    ['POST', '/studies/1.2/series', {}, 405],
    ['GET', '/../system', {}, 400],
    ['GET', '/studies/%2e%2e/%2e%2e/system', {}, 400],
    ['GET', '/studies/..%2f..%2fsystem', {}, 400],
    ['GET', '/studies/%252e%252e/system', {}, 404],
    ['GET', '/workitems', {}, 404],
    ['POST', '/studies', { origin: 'https://attacker.example' }, 403],
    ['GET', '/studies', { host: 'attacker.example' }, 421],
  ])('passes no %s %s on (%j)', async (method, target, headers, status) => {
    const before = seen.length;
    expect(await ask(`${proxy.url}/dicomweb${target}`, method, headers)).toBe(status);
    expect(seen).toHaveLength(before);
  });

  it('refuses a password in the URL, and does not repeat it', async () => {
    const { code, lines } = await failToStart('--dicomweb', 'http://me:secret@127.0.0.1:9/');
    expect([code, lines]).toEqual([1, [expect.stringMatching(/--dicomweb-auth/)]]);
    expect(lines.join()).not.toContain('secret');
  }, 60_000);
});

it('answers any wildcard query in bounded time', () => {
  const value = `${'*a?'.repeat(300)}b`;
  const query = parseQuery(new URLSearchParams({ StudyDescription: value }));
  const begin = performance.now();
  const dataset = { '00081030': { vr: 'LO', Value: ['a'.repeat(10_000)] } };
  expect(matches(dataset, query.filters[0])).toBe(false);
  expect(performance.now() - begin).toBeLessThan(2000);
});

it.each([
  ['*', '', true],
  ['D*MO?', 'DEMO1', true],
  ['*MO', 'DEMOMO', true],
  ['DE?', 'DE', false],
  ['a.c', 'abc', false],
  ['**b*', 'abc', true],
])('matches %s with "%s": %s', (value, found, expected) => {
  const query = parseQuery(new URLSearchParams({ StudyDescription: value }));
  expect(matches({ '00081030': { vr: 'LO', Value: [found] } }, query.filters[0])).toBe(expected);
});

it('doctor keeps its header from another origin', async () => {
  const seen: (string | string[] | undefined)[] = [];
  const other = await listen((request, response) => {
    seen.push(request.headers['x-api-key']);
    response.end('elsewhere');
  });
  const own = await listen((request, response) => {
    seen.push(request.headers['x-api-key']);
    const location = request.url === '/' ? '/next' : other.url;
    response.writeHead(302, { location }).end();
  });
  const site = new Site(new URL(own.url), { 'X-Api-Key': 'secret' });
  expect((await site.get('./')).status).toBe(200);
  expect(seen).toEqual(['secret', 'secret', undefined]);
  own.server.close();
  other.server.close();
});
