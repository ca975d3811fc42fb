/**
 * Storing through the DICOMweb client that OHIF uses, to the demo server's own archive, over HTTP.
 */
import { api } from 'dicomweb-client';
import { JSDOM, VirtualConsole } from 'jsdom';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createSegmentation } from '../../dicom/src/seg/createSegmentation';
import type { ArchiveSource } from '../../extensions/fewshot-sam/src/dicom/dataSource';
import { encodePart10 } from '../../dicom/src/data/encodePart10';
import type { InstanceIdentifiers } from '../../dicom/src/archive/findInstance';
import { storeSegmentation } from '../../extensions/fewshot-sam/src/dicom/storeSegmentation';
import { namesFor } from '../../scripts/server/access';
import { dicomWeb } from '../../scripts/server/dicomweb/handler';
import { openArchive } from '../../scripts/server/dicomweb/openArchive';
import { listen } from '../../scripts/server/listen';
import { createSite, DICOMWEB } from '../../scripts/server/server';
import { presentable } from '../../scripts/setup/demoStudy';
import { MR_FILE, MR_FOLDER, readFolder } from './sources';

let folder: string;
let server: Server;
let origin: string;
let dataset: ReturnType<typeof createSegmentation>;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'fewshot-store-'));
  const [images, stored] = ['images', 'stored'].map(name => path.join(folder, name));
  mkdirSync(images);
  mkdirSync(stored);
  for (const file of readdirSync(MR_FOLDER).filter(name => MR_FILE.test(name))) {
    writeFileSync(path.join(images, file), presentable(readFileSync(path.join(MR_FOLDER, file))));
  }
  const { archive } = await openArchive(images, stored);
  server = createSite({
    viewer: folder,
    plugins: folder,
    models: folder,
    appConfig: folder,
    hosts: namesFor('127.0.0.1', []),
    dicomWeb: dicomWeb(archive, DICOMWEB, 2 ** 20),
  });
  origin = `http://127.0.0.1:${await listen(server, 0, '127.0.0.1')}`;
  // A console that goes nowhere: a refused connection is what one of the tests is about.
  const page = new JSDOM('', { url: origin, virtualConsole: new VirtualConsole() });
  globalThis.XMLHttpRequest = page.window.XMLHttpRequest;
  const sources = readFolder(images);
  dataset = createSegmentation(
    sources.map(source => source.instance),
    [
      {
        label: 'Bright',
        color: [221, 84, 84],
        algorithmType: 'SEMIAUTOMATIC',
        masks: new Map([[4, Uint8Array.from(sources[4].pixels, value => Number(value > 400))]]),
      },
    ],
  );
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const clientOf = (url: string) =>
  new api.DICOMwebClient({ url, singlepart: false, verbose: false });

/** What OHIF's DICOMweb data source does with an ArrayBuffer; it drops the answer. */
function dataSource(url = `${origin}${DICOMWEB}`): ArchiveSource {
  const client = clientOf(url);
  return {
    getConfig: () => ({ qidoRoot: url }),
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

/** Without pauses between attempts. */
const store = (source: ArchiveSource, file: ArrayBuffer) =>
  storeSegmentation(source, file, dataset as unknown as InstanceIdentifiers, { pauses: [0] });

it('puts the SEG into the archive, where a search finds it', async () => {
  expect(await store(dataSource(), encodePart10(dataset))).toBe('confirmed');
  const client = clientOf(`${origin}${DICOMWEB}`);
  const found = (await client.searchForSeries({
    studyInstanceUID: String(dataset.StudyInstanceUID),
    queryParams: { Modality: 'SEG' },
  })) as Record<string, { Value: unknown[] }>[];
  expect(found.map(series => series['0020000E'].Value[0])).toEqual([dataset.SeriesInstanceUID]);
});

it('tells the reason that the archive gives', async () => {
  await store(dataSource(), encodePart10(dataset));
  const other = encodePart10({ ...dataset, SeriesDescription: 'Another under the same UID' });
  await expect(store(dataSource(), other)).rejects.toMatchObject({
    name: 'FewshotError',
    message: expect.stringMatching(/refused.*0111/),
    remedy: expect.stringMatching(/download/),
  });
});

it('says that there is a limit', async () => {
  const large = encodePart10({ ...dataset, PixelData: new ArrayBuffer(2 ** 21) });
  await expect(store(dataSource(), large)).rejects.toMatchObject({
    message: expect.stringMatching(/larger than the archive.*413/),
  });
});

it('says that the archive does not take objects', async () => {
  const elsewhere = dataSource(`${origin}/elsewhere`);
  await expect(store(elsewhere, encodePart10(dataset))).rejects.toMatchObject({
    message: expect.stringMatching(/does not accept DICOM objects.*405/),
    remedy: expect.stringMatching(/STOW-RS/),
  });
});

it('says that nobody answered', async () => {
  const nobody = dataSource('http://127.0.0.1:9');
  await expect(store(nobody, encodePart10(dataset))).rejects.toMatchObject({
    message: expect.stringMatching(/did not answer/),
    remedy: expect.stringMatching(/connection/),
  });
});

it('passes on what a data source of another make says', async () => {
  const custom: ArchiveSource = {
    store: { dicom: () => Promise.reject(new Error('no token for the vault')) },
  };
  await expect(store(custom, new ArrayBuffer(0))).rejects.toMatchObject({
    message: expect.stringMatching(/no token for the vault/),
  });
});
