/** Archives that give UIDs of their own: recognized, and never sent a further copy. */
import { api } from 'dicomweb-client';
import { JSDOM, VirtualConsole } from 'jsdom';
import http, { type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ArchiveSource } from '../../extensions/fewshot-sam/src/dicom/dataSource';
import { storeSegmentation } from '../../extensions/fewshot-sam/src/dicom/storeSegmentation';

const SEG = {
  StudyInstanceUID: '2.25.1',
  SeriesInstanceUID: '2.25.2',
  SOPInstanceUID: '2.25.3',
  SeriesDescription: 'Liver',
  SeriesDate: '20261130',
  SeriesTime: '101112.345',
};

interface Behavior {
  /** What the archive answers to STOW-RS. */
  answer?: string;
  /** Cuts the connection once it has stored. */
  breaksOff?: boolean;
  seriesTime?: string;
}

let server: Server;
let received: number;
let root: string;
let behavior: Behavior;

beforeAll(async () => {
  server = http.createServer((request, response) => {
    if (request.method === 'POST') {
      request.resume();
      request.on('end', () => {
        received++;
        if (behavior.breaksOff) return request.socket.destroy();
        response.end(behavior.answer ?? '');
      });
      return;
    }
    const lists = request.url!.includes('/series?') && received > 0;
    response.setHeader('content-type', 'application/dicom+json');
    response.end(JSON.stringify(lists ? [row(behavior.seriesTime ?? '101112.345000')] : []));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // A console that goes nowhere: a broken connection is what some of the tests are about.
  const page = new JSDOM('', { url: root, virtualConsole: new VirtualConsole() });
  globalThis.XMLHttpRequest = page.window.XMLHttpRequest;
});
afterAll(() => server.close());
beforeEach(() => {
  received = 0;
});

/** The series under a UID that the archive made. */
function row(seriesTime: string) {
  return {
    '0020000E': { vr: 'UI', Value: ['1.2.826.99'] },
    '00080021': { vr: 'DA', Value: ['20261130'] },
    '00080031': { vr: 'TM', Value: [seriesTime] },
    '0008103E': { vr: 'LO', Value: ['Liver'] },
  };
}

/** What OHIF's DICOMweb data source does with an ArrayBuffer; it drops the answer. */
function dataSource(): ArchiveSource {
  const client = new api.DICOMwebClient({ url: root, singlepart: false, verbose: false });
  return {
    getConfig: () => ({ qidoRoot: root }),
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

const store = () =>
  storeSegmentation(dataSource(), new ArrayBuffer(8), SEG, { pauses: [0, 0], looks: [0, 0] });

const reference = (uid: string) => ({
  vr: 'SQ',
  Value: [{ '00081150': { vr: 'UI', Value: ['1.2'] }, '00081155': { vr: 'UI', Value: [uid] } }],
});

test.each([
  ['DICOM JSON', JSON.stringify({ '00081199': reference('1.2.826.100') })],
  [
    'native DICOM XML',
    '<NativeDicomModel><DicomAttribute tag="00081199" vr="SQ"><Item number="1"><DicomAttribute tag="00081155" vr="UI"><Value number="1">1.2.826.100</Value></DicomAttribute></Item></DicomAttribute></NativeDicomModel>',
  ],
])('an answer in %s that names another UID', async (_, answer) => {
  behavior = { answer, seriesTime: '235959' };
  expect(await store()).toEqual({ SOPInstanceUID: '1.2.826.100' });
  expect(received).toBe(1);
});

test('no answer body: the study has the series under another UID', async () => {
  behavior = {};
  expect(await store()).toEqual({ SeriesInstanceUID: '1.2.826.99' });
  expect(received).toBe(1);
});

test('an answer that was lost: nothing is sent a second time', async () => {
  behavior = { breaksOff: true };
  expect(await store()).toEqual({ SeriesInstanceUID: '1.2.826.99' });
  expect(received).toBe(1);
});

test('another segmentation of the study is not taken for it', async () => {
  behavior = { breaksOff: true, seriesTime: '101112.346' };
  await expect(store()).rejects.toMatchObject({ message: 'The archive did not answer.' });
  expect(received).toBe(3);
});

test('an answer that names the UID that was sent', async () => {
  behavior = {
    answer: JSON.stringify({ '00081199': reference(SEG.SOPInstanceUID) }),
    seriesTime: '0',
  };
  expect(await store()).toBe('accepted');
});
