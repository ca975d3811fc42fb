/**
 * Storing to a real archive, Orthanc with its DICOMweb plug-in, through the DICOMweb client that OHIF
 * uses: what comes back, who may store, and what is there after it died in the middle.
 */
import { api } from 'dicomweb-client';
import { JSDOM, VirtualConsole } from 'jsdom';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createSegmentation } from '../../dicom/src/seg/createSegmentation';
import type { ArchiveSource } from '../../extensions/fewshot-sam/src/dicom/dataSource';
import { encodePart10 } from '../../dicom/src/data/encodePart10';
import type { InstanceIdentifiers } from '../../dicom/src/archive/findInstance';
import {
  storeSegmentation,
  type StoreOptions,
} from '../../extensions/fewshot-sam/src/dicom/storeSegmentation';
import { presentable } from '../../scripts/setup/demoStudy';
import { MR_FILE, MR_FOLDER, readSource, type SourceImage } from '../dicom/sources';
import { basic, hasOrthanc, LACKING, Orthanc } from './orthanc';
import { Relay } from './relay';

const withOrthanc = hasOrthanc ? describe : describe.skip;
withOrthanc(`Orthanc${hasOrthanc ? '' : ` (skipped: no ${LACKING})`}`, () => {
  let orthanc: Orthanc;
  let files: Buffer[];
  let sources: SourceImage[];

  beforeAll(async () => {
    orthanc = await Orthanc.start();
    files = readdirSync(MR_FOLDER)
      .filter(name => MR_FILE.test(name))
      .map(name => Buffer.from(presentable(readFileSync(path.join(MR_FOLDER, name)))));
    sources = files.map(readSource);
    for (const file of files) await orthanc.add(file);
  });

  afterAll(() => orthanc.remove());

  /** A SEG of bright tissue on every slice, with identifiers of its own. */
  function seg() {
    const dataset = createSegmentation(
      sources.map(source => source.instance),
      [
        {
          label: 'Bright tissue',
          color: [221, 84, 84],
          algorithmType: 'SEMIAUTOMATIC',
          masks: new Map(
            sources.map(({ pixels }, i) => [i, Uint8Array.from(pixels, v => Number(v > 400))]),
          ),
        },
      ],
    );
    return { file: encodePart10(dataset), instance: dataset as unknown as InstanceIdentifiers };
  }

  const clientOf = (url: string, headers: Record<string, string> = {}) =>
    new api.DICOMwebClient({ url, singlepart: false, verbose: false, headers });

  /** What OHIF's DICOMweb data source does with an ArrayBuffer; it drops the answer. */
  function dataSource(url: string, headers: Record<string, string> = {}): ArchiveSource {
    // Viewer and archive have one origin.
    const page = new JSDOM('', { url, virtualConsole: new VirtualConsole() });
    globalThis.XMLHttpRequest = page.window.XMLHttpRequest;
    const client = clientOf(url, headers);
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

  /** As the panel stores, but with shorter pauses. */
  const store = (
    url: string,
    { file, instance }: ReturnType<typeof seg>,
    options: StoreOptions = {},
  ) =>
    storeSegmentation(dataSource(url, options.authorization?.()), file, instance, {
      pauses: [100, 200, 400],
      ...options,
    });

  const copies = ({ instance: { SOPInstanceUID } }: ReturnType<typeof seg>, archive = orthanc) =>
    archive.find('Instance', { SOPInstanceUID });

  it('stores the SEG, lists it in its study, gives the same bytes back, and deletes it', async () => {
    const made = seg();
    expect(await store(orthanc.dicomWeb, made)).toBe('confirmed');

    const client = clientOf(orthanc.dicomWeb);
    const { StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID } = made.instance;
    const series = (await client.searchForSeries({
      studyInstanceUID: StudyInstanceUID,
    })) as Record<string, { Value: unknown[] }>[];
    expect(series.map(dataset => dataset['00080060'].Value[0]).sort()).toEqual(['MR', 'SEG']);

    // The client's own types demand what it does not need.
    const retrieved = await client.retrieveInstance({
      studyInstanceUID: StudyInstanceUID,
      seriesInstanceUID: SeriesInstanceUID,
      sopInstanceUID: SOPInstanceUID,
    } as Parameters<typeof client.retrieveInstance>[0]);
    expect(Buffer.from(retrieved).equals(Buffer.from(made.file))).toBe(true);

    const [identifier] = await copies(made);
    expect((await orthanc.file(identifier)).equals(Buffer.from(made.file))).toBe(true);
    await orthanc.rest('DELETE', `/instances/${identifier}`);
    expect(await copies(made)).toEqual([]);
    // Deleted is no obstacle: the same file can be stored again.
    expect(await store(orthanc.dicomWeb, made, { sentBefore: true })).toBe('confirmed');
    expect(await copies(made)).toHaveLength(1);
  });

  it('keeps one copy when the same file is stored twice', async () => {
    const made = seg();
    await store(orthanc.dicomWeb, made);
    expect(await store(orthanc.dicomWeb, made)).toBe('confirmed');
    expect(await copies(made)).toHaveLength(1);
  });

  describe('which dies in the middle of storing', () => {
    let relay: Relay;
    let url: string;
    beforeAll(async () => {
      relay = await Relay.start(orthanc.port);
      url = `${relay.origin}/dicom-web`;
    });
    afterEach(() => expect(relay.accidents).toEqual([]));
    afterAll(() => relay.stop());

    it('with half of the file: the next try ends with one instance', async () => {
      const made = seg();
      relay.accidents.push({
        at: { requestBytes: Math.round(made.file.byteLength / 2) },
        meanwhile: async () => {
          await orthanc.kill();
          await orthanc.restart();
        },
      });
      expect(await store(url, made)).toBe('confirmed');
      expect(await copies(made)).toHaveLength(1);
    });

    it('with all of the file, and the answer is lost: it is found, not sent again', async () => {
      const made = seg();
      relay.accidents.push({ at: 'answer' });
      const attempts = new Set<number>();
      const stored = await store(url, made, {
        onProgress: step => step.phase === 'sending' && attempts.add(step.attempt),
      });
      expect(stored).toBe('confirmed');
      expect([...attempts]).toEqual([1]);
      expect(await copies(made)).toHaveLength(1);
    });

    it('and stays away: the failure says so, and trying again stores the same file', async () => {
      const made = seg();
      relay.accidents.push({ at: { requestBytes: 1000 }, meanwhile: () => orthanc.kill() });
      await expect(store(url, made)).rejects.toMatchObject({
        message: 'The archive did not answer.',
        remedy: expect.stringMatching(/try again.*download/i),
      });
      await orthanc.restart();
      expect(await copies(made)).toEqual([]);
      expect(await store(url, made, { sentBefore: true })).toBe('confirmed');
      const [identifier, ...others] = await copies(made);
      expect(others).toEqual([]);
      expect((await orthanc.file(identifier)).equals(Buffer.from(made.file))).toBe(true);
    });
  });

  describe('which wants a password', () => {
    let guarded: Orthanc;
    beforeAll(async () => {
      guarded = await Orthanc.start({ name: 'reader', password: 'right' });
    });
    afterAll(() => guarded.remove());

    it('refuses the wrong one, and takes the right one', async () => {
      const made = seg();
      const storeAs = (password: string) =>
        store(guarded.dicomWeb, made, {
          authorization: () => ({ Authorization: basic('reader', password) }),
        });
      await expect(storeAs('wrong')).rejects.toMatchObject({
        message: 'The archive asks you to sign in (HTTP 401).',
        remedy: expect.stringMatching(/^Sign in again/),
      });
      expect(await copies(made, guarded)).toEqual([]);
      expect(await storeAs('right')).toBe('confirmed');
      expect(await copies(made, guarded)).toHaveLength(1);
    });
  });
});
