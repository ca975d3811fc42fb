/**
 * Storing through the DICOMweb client that OHIF uses, to archives that have a bad day: a real server
 * over HTTP, which answers what a test tells it to, and keeps what it says that it keeps.
 */
import { api } from 'dicomweb-client';
import { JSDOM, VirtualConsole } from 'jsdom';
import http, { type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ArchiveSource } from '../../extensions/fewshot-sam/src/dicom/dataSource';
import {
  storeSegmentation,
  type StoreOptions,
  type StoreProgress,
} from '../../extensions/fewshot-sam/src/dicom/storeSegmentation';

const instance = { StudyInstanceUID: '1.2', SeriesInstanceUID: '1.2.8', SOPInstanceUID: '1.2.8.1' };
const FILE = new TextEncoder().encode('a DICOM file, as far as this archive cares').buffer;

/** How the archive takes one request to store. */
interface Reaction {
  status: number;
  body?: string;
  /** Whether it keeps the file, whatever it answers. */
  keeps?: boolean;
  /** Breaks the connection in place of an answer. */
  breaks?: boolean;
  /** Never answers. */
  hangs?: boolean;
}

const acknowledged = JSON.stringify({
  '00081199': { vr: 'SQ', Value: [{ '00081155': { vr: 'UI', Value: ['1.2.8.1'] } }] },
});
const refused = (reason: number) =>
  JSON.stringify({ '00081198': { Value: [{ '00081197': { Value: [reason] } }] } });
const takes: Reaction = { status: 200, body: acknowledged, keeps: true };

let reactions: Reaction[];
let posts: { body: string; authorization?: string }[];
let kept: number;
/** Searches that find nothing although it is there. */
let late: number;
let searches: (string | undefined)[];
let server: Server;
let origin: string;

beforeAll(async () => {
  server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.method === 'POST') {
        const { authorization } = request.headers;
        posts.push({ body: Buffer.concat(chunks).toString('latin1'), authorization });
        react(reactions.shift() ?? { status: 500 }, response);
        return;
      }
      searches.push(request.headers.authorization);
      const found = kept > 0 && late-- <= 0;
      response.setHeader('content-type', 'application/dicom+json');
      response.end(JSON.stringify(found ? [{ '00080018': { Value: ['1.2.8.1'] } }] : []));
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const page = new JSDOM('', { url: origin, virtualConsole: new VirtualConsole() });
  globalThis.XMLHttpRequest = page.window.XMLHttpRequest;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

beforeEach(() => {
  reactions = [];
  posts = [];
  searches = [];
  kept = 0;
  late = 0;
});

function react({ status, body = '', keeps, breaks, hangs }: Reaction, response: ServerResponse) {
  if (keeps) kept++;
  if (hangs) return;
  if (breaks) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'content-type': 'application/dicom+json' });
  response.end(body);
}

function dataSource(): ArchiveSource {
  const client = new api.DICOMwebClient({
    url: origin,
    singlepart: false,
    verbose: false,
    headers: { Authorization: 'Bearer ours' },
  });
  return {
    getConfig: () => ({ qidoRoot: origin }),
    store: {
      async dicom(file, request) {
        await client.storeInstances({
          datasets: [file as ArrayBuffer],
          request: request as XMLHttpRequest,
        });
      },
    },
  };
}

const store = (options: StoreOptions = {}, source = dataSource()) =>
  storeSegmentation(source, FILE, instance, {
    pauses: [0, 0],
    looks: [0, 0, 0],
    authorization: () => ({ Authorization: 'Bearer ours' }),
    ...options,
  });

describe('what may pass is tried again', () => {
  it.each([408, 429, 502, 503, 504])('HTTP %i', async status => {
    reactions = [{ status }, takes];
    expect(await store()).toBe('confirmed');
    expect(posts).toHaveLength(2);
  });

  it('a broken connection', async () => {
    reactions = [{ status: 0, breaks: true }, takes];
    expect(await store()).toBe('confirmed');
    expect(posts).toHaveLength(2);
  });

  it('with the same bytes each time', async () => {
    reactions = [{ status: 503 }, { status: 503 }, takes];
    await store();
    expect(posts).toHaveLength(3);
    for (const { body } of posts) expect(body).toContain(Buffer.from(FILE).toString('latin1'));
  });

  it('but not for ever', async () => {
    reactions = [503, 503, 503, 503].map(status => ({ status }));
    await expect(store()).rejects.toMatchObject({ message: expect.stringMatching(/busy.*503/) });
    expect(posts).toHaveLength(3);
  });

  it('and says which try it is', async () => {
    reactions = [{ status: 503 }, takes];
    const steps: StoreProgress[] = [];
    await store({ onProgress: step => steps.push(step) });
    const told = steps.map(step =>
      'attempt' in step ? `${step.phase} ${step.attempt}` : step.phase,
    );
    expect(told.filter((step, i) => step !== told[i - 1])).toEqual([
      'sending 1',
      'waiting 2',
      'confirming',
      'sending 2',
      'confirming',
    ]);
  });
});

it.each([400, 401, 403, 409, 413, 415, 500])('HTTP %i is not tried again', async status => {
  reactions = [{ status }, takes];
  await expect(store()).rejects.toMatchObject({
    message: expect.stringContaining(`HTTP ${status}`),
    remedy: expect.stringMatching(/download/),
  });
  expect(posts).toHaveLength(1);
});

describe('never a second copy', () => {
  it('when the answer was lost but the file had arrived', async () => {
    reactions = [{ status: 0, breaks: true, keeps: true }, takes];
    expect(await store()).toBe('confirmed');
    expect(kept).toBe(1);
  });

  it('when the last answer was lost', async () => {
    reactions = [{ status: 504 }, { status: 504 }, { status: 504, keeps: true }];
    expect(await store()).toBe('confirmed');
    expect(kept).toBe(1);
  });

  it('when a server error came after storing', async () => {
    reactions = [{ status: 500, keeps: true }];
    expect(await store()).toBe('confirmed');
  });

  it('when the user tries again what had arrived', async () => {
    kept = 1;
    expect(await store({ sentBefore: true })).toBe('confirmed');
    expect(posts).toHaveLength(0);
  });

  it('a duplicate is a success only when a search finds it', async () => {
    reactions = [
      { status: 504, keeps: true },
      { status: 409, body: refused(0x0111) },
    ];
    late = 1;
    expect(await store()).toBe('confirmed');
    expect(posts).toHaveLength(2);

    reactions = [{ status: 504 }, { status: 409, body: refused(0x0111) }];
    kept = 0;
    await expect(store()).rejects.toMatchObject({ message: expect.stringMatching(/0111/) });
  });

  it('a duplicate at the first try is another object under our UID', async () => {
    kept = 1;
    reactions = [{ status: 409, body: refused(0x0111) }];
    await expect(store()).rejects.toMatchObject({ message: expect.stringMatching(/0111/) });
  });
});

describe('stored is what a search finds', () => {
  it('waits for an archive that lists it late', async () => {
    reactions = [takes];
    late = 2;
    expect(await store()).toBe('confirmed');
    expect(searches).toHaveLength(3);
  });

  it('sends the authorization of the viewer along', async () => {
    reactions = [takes];
    await store();
    expect(posts[0].authorization).toBe('Bearer ours');
    expect(searches).toEqual(['Bearer ours']);
  });

  it('says no more than the archive does while it is not listed', async () => {
    reactions = [{ ...takes, keeps: false }];
    expect(await store()).toBe('accepted');
  });

  it('knows an archive that gives other UIDs, and sends no second copy', async () => {
    const body = JSON.stringify({
      '00081199': {
        vr: 'SQ',
        Value: [
          {
            '00081155': { vr: 'UI', Value: ['2.25.7'] },
            '00081190': {
              vr: 'UR',
              Value: ['http://a/studies/1.2/series/2.25.6/instances/2.25.7'],
            },
          },
        ],
      },
    });
    reactions = [{ status: 200, body }, takes];
    expect(await store()).toEqual({ SeriesInstanceUID: '2.25.6', SOPInstanceUID: '2.25.7' });
    expect(posts).toHaveLength(1);
    const xml = `<NativeDicomModel><DicomAttribute tag="00081199" vr="SQ"><Item number="1">
      <DicomAttribute tag="00081155" vr="UI"><Value number="1">2.25.9</Value></DicomAttribute>
      </Item></DicomAttribute></NativeDicomModel>`;
    reactions = [{ status: 202, body: xml }, takes];
    expect(await store()).toEqual({ SeriesInstanceUID: undefined, SOPInstanceUID: '2.25.9' });
    expect(posts).toHaveLength(2);
  });

  it('believes no answer that it cannot read', async () => {
    reactions = [{ status: 200, body: '<html><body>Sign in</body></html>' }];
    await expect(store()).rejects.toMatchObject({
      message: expect.stringMatching(/does not say.*does not list/),
      remedy: expect.stringMatching(/Sign in again/),
    });
    reactions = [{ status: 200, body: '<html>', keeps: true }];
    expect(await store()).toBe('confirmed');
  });

  it('an instance that failed is not stored, whatever the status', async () => {
    reactions = [{ status: 202, body: refused(0xa700) }];
    await expect(store()).rejects.toMatchObject({ message: expect.stringMatching(/space.*A700/) });
    expect(searches).toHaveLength(0);
  });

  it('asks a data source without an address for the series', async () => {
    reactions = [takes];
    const query = { series: { search: async () => [{ seriesInstanceUid: '1.2.8' }] } };
    const source = { ...dataSource(), getConfig: undefined, query };
    expect(await store({}, source)).toBe('confirmed');
    reactions = [takes];
    expect(await store({}, { ...source, query: undefined })).toBe('accepted');
  });
});

describe('cancelling', () => {
  const cancelled = { code: 'cancelled' };

  it('ends a request that hangs, at once', async () => {
    reactions = [{ status: 0, hangs: true }];
    const controller = new AbortController();
    const storing = store({ signal: controller.signal });
    while (!posts.length) await new Promise(resolve => setTimeout(resolve, 5));
    controller.abort();
    await expect(storing).rejects.toMatchObject(cancelled);
    expect(posts).toHaveLength(1);
  });

  it('ends the pause between two tries', async () => {
    reactions = [{ status: 503 }, takes];
    const controller = new AbortController();
    await expect(
      store({
        signal: controller.signal,
        pauses: [60_000],
        onProgress: ({ phase }) => phase === 'waiting' && controller.abort(),
      }),
    ).rejects.toMatchObject(cancelled);
    expect(posts).toHaveLength(1);
  });

  it('sends nothing when it comes first', async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(store({ signal: controller.signal })).rejects.toMatchObject(cancelled);
    expect(posts).toHaveLength(0);
  });
});
