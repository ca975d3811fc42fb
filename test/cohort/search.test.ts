/** Which studies a query finds: in a real Orthanc, and in an archive that ignores what it is asked. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { DicomWeb } from '../../cli/src/cohort/dicomweb';
import { findStudies } from '../../cli/src/cohort/findStudies';
import { parseQuery } from '../../cli/src/cohort/query';
import { ArchiveStudies } from '../../cli/src/cohort/source';
import { hasOrthanc, LACKING, Orthanc } from '../pacs/orthanc';
import { phantomStudy } from './phantoms';

const { signal } = new AbortController();

async function search(root: string, query: string, since?: string, limit?: number) {
  const notes: string[] = [];
  const found = await findStudies(
    new DicomWeb(root, {}, [10]),
    parseQuery(query, since),
    limit,
    note => notes.push(note),
    signal,
    2,
  );
  return { uids: found.map(({ uid }) => uid).sort(), notes };
}

const withOrthanc = hasOrthanc ? describe : describe.skip;
withOrthanc(`Orthanc${hasOrthanc ? '' : ` (skipped: no ${LACKING})`}`, () => {
  let orthanc: Orthanc;
  const studies = [
    phantomStudy(0, { slices: 1, date: '20251231', patientName: 'Müller^Jana' }),
    phantomStudy(1, { slices: 1, date: '20260101', patientName: 'Möller^Jana' }),
    phantomStudy(2, { slices: 1, date: '20260131', description: 'CT CHEST' }),
    phantomStudy(3, { slices: 1, date: '20260201', modality: 'MR' }),
    phantomStudy(4, { slices: 1, date: '20260301' }),
  ];
  const uids = (...numbers: number[]) => numbers.map(number => studies[number].uid);

  beforeAll(async () => {
    orthanc = await Orthanc.start();
    for (const { files } of studies) for (const file of files) await orthanc.add(file);
  }, 60_000);
  afterAll(() => orthanc.remove());

  it.each<[string, string | undefined, number[]]>([
    // Three pages.
    ['StudyDescription=*', undefined, [0, 1, 2, 3, 4]],
    ['StudyDescription=*abdomen*&ModalitiesInStudy=CT', undefined, [0, 1, 4]],
    ['', '20260131', [2, 3, 4]],
    ['StudyDate=20251231-20260101', undefined, [0, 1]],
    ['StudyDate=-20260101', undefined, [0, 1]],
    ['PatientName=M%C3%BCller*', undefined, [0]],
    ['PatientName=*jana', undefined, [0, 1]],
    [`StudyInstanceUID=${uids(1, 3).join(',')}`, undefined, [1, 3]],
    ['StudyDescription=*PELVIS*', undefined, []],
  ])('finds %s since %s', async (query, since, numbers) => {
    const { uids: found, notes } = await search(orthanc.dicomWeb, query, since);
    expect(found).toEqual(uids(...numbers));
    expect(notes).toEqual([]);
  });

  it('stops at the limit', async () => {
    expect((await search(orthanc.dicomWeb, '', '20200101', 3)).uids).toHaveLength(3);
  });

  it('has nothing of a study that the archive does not know', async () => {
    const source = new ArchiveStudies(new DicomWeb(orthanc.dicomWeb, {}, []));
    await expect(source.series('2.25.1', signal).catch(() => [])).resolves.toEqual([]);
  });

  it('says plainly that a password is missing or wrong, and which address is none', async () => {
    const locked = await Orthanc.start({ name: 'a', password: 'b' });
    try {
      await expect(search(locked.dicomWeb, 'PatientID=Geheim')).rejects.toThrow(
        /^The archive refuses access \(HTTP 401\)\.$/,
      );
      await expect(search(`${locked.origin}/nowhere`, 'PatientID=Geheim')).rejects.toThrow(
        /^((?!Geheim).)*$/,
      );
    } finally {
      await locked.remove();
    }
    await expect(search('http://127.0.0.1:9', 'PatientID=Geheim')).rejects.toThrow(
      /^The archive did not answer/,
    );
  });
});

describe('an archive that ignores filters, limit and offset', () => {
  const rows = ['CT ABDOMEN', 'CT CHEST', null].map((description, i) => ({
    '0020000D': { vr: 'UI', Value: [`1.2.${i}`] },
    '00080020': { vr: 'DA', Value: ['20260101'] },
    ...(description && { '00081030': { vr: 'LO', Value: [description] } }),
  }));
  let server: http.Server;
  let requests = 0;
  let answer: unknown = rows;
  const root = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  beforeAll(async () => {
    server = http.createServer((_, response) => {
      requests++;
      response.setHeader('content-type', 'application/dicom+json');
      response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => server.close());

  it('gets none of its studies processed that do not match', async () => {
    expect(await search(root(), 'StudyDescription=*ABDOMEN*')).toEqual({
      uids: ['1.2.0'],
      notes: ['The archive returned 2 studies that do not match StudyDescription: left out.'],
    });
    // The second page is the first again: it ends.
    expect(requests).toBe(2);
  });

  it.each([
    ['a page to sign in', '<html>', /something else than DICOM JSON/],
    ['studies without UID', [{}], /without a Study Instance UID/],
    ['a UID that is a path', [{ '0020000D': { Value: ['../1'] } }], /without a Study Instance UID/],
  ])('is refused if it answers with %s', async (_, given, message) => {
    answer = given;
    await expect(search(root(), 'StudyDescription=*')).rejects.toThrow(message);
  });
});
