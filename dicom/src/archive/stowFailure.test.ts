import { acknowledges, failureReason, isDuplicate, isTransient, stowFailure } from './stowFailure';

const refusedJson = (reason: number) =>
  JSON.stringify({
    '00081198': {
      vr: 'SQ',
      Value: [
        {
          '00081150': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.66.4'] },
          '00081197': { vr: 'US', Value: [reason] },
        },
      ],
    },
  });

const refusedXml = (reason: number) => `<?xml version="1.0" encoding="utf-8"?>
<NativeDicomModel xmlns="http://dicom.nema.org/PS3.19/models/NativeDICOM">
  <DicomAttribute tag="00081198" vr="SQ" keyword="FailedSOPSequence">
    <Item number="1">
      <DicomAttribute tag="00081150" vr="UI"><Value number="1">1.2</Value></DicomAttribute>
      <DicomAttribute tag="00081197" vr="US" keyword="FailureReason">
        <Value number="1">${reason}</Value>
      </DicomAttribute>
    </Item>
  </DicomAttribute>
</NativeDicomModel>`;

const stored = JSON.stringify({
  '00081199': { vr: 'SQ', Value: [{ '00081155': { vr: 'UI', Value: ['1.2.3'] } }] },
});

describe('failureReason', () => {
  it.each([
    ['DICOM JSON', refusedJson(0x0122), 0x0122],
    ['DICOM JSON in an array', `[${refusedJson(0x0110)}]`, 0x0110],
    ['DICOM XML', refusedXml(0xa700), 0xa700],
    ['a refusal without reason', JSON.stringify({ '00081198': { vr: 'SQ', Value: [{}] } }), 0],
  ])('finds it in %s', (_, body, reason) => {
    expect(failureReason(body)).toBe(reason);
  });

  it.each([
    ['what was stored', stored],
    ['an empty sequence', JSON.stringify({ '00081198': { vr: 'SQ' } })],
    ['an empty sequence in XML', '<DicomAttribute tag="00081198" vr="SQ"/><Item/>'],
    ['nothing', ''],
    ["a proxy's page", '<html><body>502 Bad Gateway</body></html>'],
    ['another JSON', 'null'],
  ])('finds none in %s', (_, body) => {
    expect(failureReason(body)).toBeNull();
  });
});

describe('stowFailure', () => {
  it('is null when the archive stored', () => {
    expect(stowFailure({ status: 200, body: stored })).toBeNull();
    expect(stowFailure({ status: 202, body: '' })).toBeNull();
  });

  it('believes the answer rather than the status', () => {
    const failure = stowFailure({ status: 202, body: refusedJson(0x0122) });
    expect(failure?.message).toMatch(/does not accept DICOM Segmentation.*0122/);
    expect(failure?.remedy).toMatch(/Segmentation Storage/);
  });

  it.each([
    [0, '', /did not answer/, /connection/],
    [401, '', /sign in/, /Sign in/],
    [403, '', /permit.*403/, /permission/],
    [405, '', /405/, /STOW-RS/],
    [408, '', /did not answer.*408/, /try again/],
    [409, '', /did not say why.*409/, /administrator/],
    [413, '', /larger.*413/, /limit/],
    [429, '', /busy.*429/, /few minutes/],
    [502, '<html>', /did not answer.*502/, /archive runs/],
    [503, '', /busy.*503/, /few minutes/],
    [504, '', /did not answer.*504/, /archive runs/],
    [409, refusedJson(0x0111), /another object.*0111/, /administrator/],
    [500, '<html>', /500/, /administrator/],
    [507, '', /space/, /room/],
    [409, refusedXml(0xa7ff), /space.*A7FF/, /room/],
    [409, refusedJson(0x0124), /permission.*0124/, /permission/],
    [409, refusedJson(0xc000), /could not process.*C000/, /reason/],
    [409, JSON.stringify({ '00081198': { Value: [{}] } }), /did not say why/, /again/],
  ])('says what HTTP %i means and what to do', (status, body, message, remedy) => {
    const failure = stowFailure({ status, body });
    expect(failure?.message).toMatch(message);
    expect(failure?.remedy).toMatch(remedy);
    // The user's work must not be lost, whatever the archive does.
    expect(failure?.remedy).toMatch(/download/);
  });
});

describe('what follows from an answer', () => {
  it.each([0, 408, 429, 502, 503, 504])('HTTP %i may pass', status => {
    expect(isTransient({ status, body: '' })).toBe(true);
  });

  it.each([200, 400, 401, 403, 409, 413, 500])('HTTP %i does not', status => {
    expect(isTransient({ status, body: '' })).toBe(false);
  });

  it('does not try again what the archive gave a reason against', () => {
    expect(isTransient({ status: 503, body: refusedJson(0xa700) })).toBe(false);
  });

  it('knows what may be there already', () => {
    expect(isDuplicate({ status: 409, body: refusedJson(0x0111) })).toBe(true);
    expect(isDuplicate({ status: 409, body: '' })).toBe(true);
    expect(isDuplicate({ status: 409, body: refusedJson(0xa700) })).toBe(false);
    expect(isDuplicate({ status: 400, body: '' })).toBe(false);
  });

  it('takes as said only what names the instance', () => {
    expect(acknowledges({ status: 200, body: stored }, '1.2.3')).toBe(true);
    expect(acknowledges({ status: 200, body: stored }, '1.2.9')).toBe(false);
    // Not the beginning of another UID, and not a UID elsewhere in the answer.
    expect(acknowledges({ status: 200, body: stored.replace('1.2.3', '1.2.34') }, '1.2.3')).toBe(
      false,
    );
    const study = { '00081190': { vr: 'UR', Value: ['https://archive/studies/1.2.3'] } };
    const other = JSON.stringify({ ...study, ...JSON.parse(stored.replace('1.2.3', '1.2.9')) });
    expect(acknowledges({ status: 200, body: other }, '1.2.3')).toBe(false);
    // An answer that names it by its address alone.
    const url = 'https://archive/studies/1.1/series/1.2/instances/1.2.3';
    const byUrl = { '00081199': { vr: 'SQ', Value: [{ '00081190': { vr: 'UR', Value: [url] } }] } };
    expect(acknowledges({ status: 200, body: JSON.stringify(byUrl) }, '1.2.3')).toBe(true);
    expect(acknowledges({ status: 200, body: '<html>Sign in</html>' }, '1.2.3')).toBe(false);
    expect(acknowledges({ status: 500, body: stored }, '1.2.3')).toBe(false);
  });
});
