/** The demo server as a viewer and an attacker see it: the real one, on the demo study. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
// Silences dcmjs, which warns about each deviation of each file.
import '../../scripts/server/dicomweb/dicomFile';
import { dcmjsData } from '../../dicom/src/data/dcmjsData';
import { failToStart, start, type Running } from './start';

const DEMO = path.join(process.cwd(), '.cache', 'demo-study');
const JSON_TYPE = 'application/dicom+json';

type Row = Record<string, { vr: string; Value?: unknown[] }>;

let folder: string;
let server: Running;
let dicomWeb: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'fewshot-server-'));
  server = await start('--archive', folder);
  dicomWeb = `${server.url}/dicomweb`;
}, 120_000);
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

async function rows(pathAndQuery: string): Promise<Row[]> {
  const response = await fetch(`${dicomWeb}${pathAndQuery}`, { headers: { accept: JSON_TYPE } });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain(JSON_TYPE);
  return (await response.json()) as Row[];
}

const uidOf = (row: Row, tag: string) => String(row[tag].Value![0]);

async function seriesPath(): Promise<string> {
  const [series] = await rows('/series');
  return `/studies/${uidOf(series, '0020000D')}/series/${uidOf(series, '0020000E')}`;
}

/** A request as it is typed: `fetch` would tidy its path up. */
function raw(method: string, target: string, headers: http.OutgoingHttpHeaders = {}) {
  const { hostname, port } = new URL(server.url);
  return new Promise<http.IncomingMessage>((resolve, reject) => {
    const request = http.request({ method, hostname, port, path: target, headers }, response => {
      response.resume();
      resolve(response);
    });
    request.on('error', reject).end();
  });
}

/** One slice of the demo study as a new instance. */
function newInstance(uid: string): Uint8Array {
  const [name] = readdirSync(DEMO).filter(file => file.endsWith('.dcm'));
  const bytes = new Uint8Array(readFileSync(path.join(DEMO, name)));
  const file = dcmjsData.DicomMessage.readFile(bytes.buffer);
  file.dict['00080018'] = { vr: 'UI', Value: [uid] };
  file.meta['00020003'] = { vr: 'UI', Value: [uid] };
  return new Uint8Array(file.write());
}

function store(bytes: Uint8Array, contentType = 'application/dicom'): Promise<Response> {
  const body = Buffer.concat([
    Buffer.from(`--part\r\nContent-Type: ${contentType}\r\n\r\n`),
    bytes,
    Buffer.from('\r\n--part--\r\n'),
  ]);
  return fetch(`${dicomWeb}/studies`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'multipart/related; type="application/dicom"; boundary=part',
      accept: JSON_TYPE,
    },
  });
}

describe('QIDO-RS', () => {
  it('finds the study, its series and its 19 instances', async () => {
    const [study] = await rows('/studies');
    expect(uidOf(study, '00100020')).toBe('DEMO-BRAIN');
    expect(await rows('/studies?PatientID=DEMO*')).toHaveLength(1);
    expect(await rows('/studies?PatientID=SOMEBODY')).toHaveLength(0);
    expect(await rows(`${await seriesPath()}/instances`)).toHaveLength(19);
  });

  it('pages', async () => {
    const instances = `${await seriesPath()}/instances`;
    const all = (await rows(instances)).map(row => uidOf(row, '00080018'));
    const page = (await rows(`${instances}?limit=5&offset=3`)).map(row => uidOf(row, '00080018'));
    expect(page).toEqual(all.slice(3, 8));
  });

  it.each(['limit=-1', 'limit=some', 'offset=x'])('refuses %s', async query => {
    expect((await fetch(`${dicomWeb}/studies?${query}`)).status).toBe(400);
  });
});

describe('WADO-RS', () => {
  it('gives metadata, frames, pictures and files of an instance', async () => {
    const series = await seriesPath();
    const metadata = await rows(`${series}/metadata`);
    expect(metadata).toHaveLength(19);
    expect(metadata[0]['7FE00010']?.Value).toBeUndefined();
    const instance = `${dicomWeb}${series}/instances/${uidOf(metadata[0], '00080018')}`;

    const frames = await fetch(`${instance}/frames/1`);
    expect(frames.status).toBe(200);
    expect(frames.headers.get('content-type')).toContain('multipart/related');
    expect((await frames.arrayBuffer()).byteLength).toBeGreaterThan(256 * 256 * 2);

    const picture = await fetch(`${instance}/rendered`, { headers: { accept: 'image/png' } });
    expect(picture.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await picture.arrayBuffer()).toString('latin1', 1, 4)).toBe('PNG');

    const file = Buffer.from(await (await fetch(instance)).arrayBuffer());
    expect(file.includes('DICM')).toBe(true);
  });

  it('says 404 for what is not there, 400 for what is no UID, 406 for what it cannot send', async () => {
    const series = await seriesPath();
    expect((await fetch(`${dicomWeb}/studies/1.2.3/metadata`)).status).toBe(404);
    expect((await fetch(`${dicomWeb}/studies/abc/metadata`)).status).toBe(400);
    const [{ '00080018': sop }] = await rows(`${series}/instances`);
    const instance = `${dicomWeb}${series}/instances/${sop.Value![0]}`;
    expect((await fetch(`${instance}/frames/2`)).status).toBe(404);
    const headers = { accept: 'video/mp4' };
    expect((await fetch(`${instance}/rendered`, { headers })).status).toBe(406);
  });
});

describe('STOW-RS', () => {
  it('keeps what is stored, byte by byte, also across a restart', async () => {
    const uid = '2.25.424242';
    const bytes = newInstance(uid);
    const answer = await store(bytes);
    expect(answer.status).toBe(200);
    const { '00081199': stored } = (await answer.json()) as Row;
    expect(stored.Value).toHaveLength(1);
    const restarted = await start('--archive', folder);
    for (const { url } of [server, restarted]) {
      const found = await fetch(`${url}/dicomweb/instances?SOPInstanceUID=${uid}`);
      expect(await found.json()).toHaveLength(1);
      const [file] = readdirSync(folder).filter(name => name.endsWith('.dcm'));
      expect(readFileSync(path.join(folder, file)).equals(bytes)).toBe(true);
    }
    await restarted.stop();
  }, 60_000);

  it('refuses another object under a UID that is taken', async () => {
    const uid = '2.25.434343';
    expect((await store(newInstance(uid))).status).toBe(200);
    const changed = newInstance(uid);
    changed[changed.length - 1] ^= 1;
    const answer = await store(changed);
    expect(answer.status).toBe(409);
    const { '00081198': failed } = (await answer.json()) as Row;
    expect(failed.Value).toHaveLength(1);
  });

  it('refuses what is no DICOM, no multipart, or has no boundary', async () => {
    expect((await store(new TextEncoder().encode('hello'))).status).toBe(409);
    const post = (type: string, body = '{}') =>
      fetch(`${dicomWeb}/studies`, { method: 'POST', body, headers: { 'content-type': type } });
    expect((await post('application/json')).status).toBe(415);
    expect((await post('multipart/related; type="application/dicom"')).status).toBe(400);
    expect(
      (await post('multipart/related; type="application/dicom"; boundary=x', 'no part')).status,
    ).toBe(400);
  });
});

describe('uploads that are too much, or broken off', () => {
  const type = 'multipart/related; type="application/dicom"; boundary=x';
  it('refuses one that announces 2 GB, before it is sent', async () => {
    const headers = { 'content-type': type, 'content-length': 2 * 2 ** 30 };
    expect((await raw('POST', '/dicomweb/studies', headers)).statusCode).toBe(413);
  });

  it.each([
    ['has no closing boundary', '--x\r\n\r\nDICM'],
    ['has a part without a header', '--x\r\nno header\r\n--x--'],
    ['is of another kind', '--x\r\nContent-Type: text/html\r\n\r\n<p>\r\n--x--'],
  ])('refuses one that %s', async (_, body) => {
    const headers = { 'content-type': type };
    const answer = await fetch(`${dicomWeb}/studies`, { method: 'POST', body, headers });
    expect([400, 415]).toContain(answer.status);
    // And goes on working.
    expect(await rows('/studies')).toHaveLength(1);
  });
});

describe('files', () => {
  it('serves viewer, plug-in and model with types and isolation', async () => {
    for (const [file, type] of [
      ['/', 'text/html'],
      ['/app-config.js', 'text/javascript'],
      ['/plugins/fewshot/extension.js', 'text/javascript'],
      ['/plugins/fewshot/wasm/ort-wasm-simd-threaded.mjs', 'text/javascript'],
      ['/plugins/fewshot/wasm/ort-wasm-simd-threaded.wasm', 'application/wasm'],
      ['/plugins/fewshot/models/mobile-sam/manifest.json', 'application/json'],
    ]) {
      const { status, headers } = await fetch(`${server.url}${file}`, { method: 'HEAD' });
      expect([file, status, headers.get('content-type')]).toEqual([
        file,
        200,
        expect.stringContaining(type),
      ]);
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    }
  });

  it.each([
    '/../package.json',
    '/plugins/fewshot/../../../package.json',
    '/plugins/fewshot/models/%2e%2e/%2e%2e/package.json',
    '/..%2f..%2fpackage.json',
    '/%',
    '/.package-integrity',
    '/plugins/fewshot/..\\..\\package.json',
    '/plugins/fewshot/mode.js%00.json',
  ])('stays inside its folders: %s', async target => {
    expect((await raw('GET', target)).statusCode).toBe(400);
  });

  it('refuses other methods and other names', async () => {
    const answer = await raw('DELETE', '/app-config.js');
    expect([answer.statusCode, answer.headers.allow]).toEqual([405, 'GET, HEAD']);
    for (const host of ['attacker.example', 'localhost.attacker.example', '10.0.0.1']) {
      expect([host, (await raw('GET', '/', { host })).statusCode]).toEqual([host, 421]);
    }
    for (const method of ['PUT', 'DELETE', 'PATCH']) {
      expect([method, (await raw(method, '/dicomweb/studies')).statusCode]).toEqual([method, 405]);
    }
    expect((await raw('GET', '/plugins/fewshot/none.js')).statusCode).toBe(404);
  });
});

describe('a start that fails', () => {
  it('says so in one line, with the remedy', async () => {
    const empty = mkdtempSync(path.join(tmpdir(), 'fewshot-empty-'));
    writeFileSync(path.join(empty, 'notes.txt'), 'no DICOM');
    const { port } = new URL(server.url);
    for (const [flags, words] of [
      [['--port', port], /port/i],
      [['--port', 'x'], /--port x is not a port/],
      [['--dicom', path.join(empty, 'none')], /cannot be read .*--dicom/],
      [['--dicom', empty, '--port', '0'], /no readable DICOM file/],
      [['--dicomweb', 'ftp://archive', '--port', '0'], /--dicomweb/],
      [['--dicomweb', 'http://127.0.0.1:9/none', '--port', '0'], /127\.0\.0\.1:9/],
      [['--bogus'], /--bogus/],
    ] as const) {
      const { code, lines } = await failToStart(...flags);
      expect([flags, code, lines]).toEqual([flags, 1, [expect.stringMatching(words)]]);
    }
    rmSync(empty, { recursive: true });
  }, 60_000);
});

it('passes another archive on', async () => {
  const proxy = await start('--dicomweb', dicomWeb);
  const answer = await fetch(`${proxy.url}/dicomweb/studies`);
  expect(await answer.json()).toHaveLength(1);
  await proxy.stop();
}, 60_000);
