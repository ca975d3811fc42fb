import { VIEWER_POLICY } from '../../../scripts/server/headers';
import { forbiddenInline, missingForViewer, missingSources } from './policy';

const ORIGIN = 'https://viewer.example';

describe('missingForViewer', () => {
  it('names what OHIF needs besides', () => {
    expect(missingForViewer("default-src 'self'; script-src 'self' 'wasm-unsafe-eval'")).toEqual([
      "script-src 'unsafe-eval'",
      'img-src blob:',
      'img-src data:',
      'font-src data:',
    ]);
    const whole = "script-src 'self' 'unsafe-eval'; img-src 'self' blob: data:; font-src data:";
    expect(missingForViewer(whole)).toEqual([]);
    expect(missingForViewer(null)).toEqual([]);
  });
});

describe('missingSources', () => {
  it.each([
    ['no policy', null],
    ['ours', VIEWER_POLICY],
    ['a policy about frames only', "frame-ancestors 'none'"],
  ])('finds nothing missing: %s', (_, header) => {
    expect(missingSources(header, ORIGIN)).toEqual([]);
  });

  it('names what to add', () => {
    expect(missingSources("default-src 'self'", ORIGIN)).toEqual([
      "script-src 'wasm-unsafe-eval'",
      'connect-src blob:',
      "style-src 'unsafe-inline'",
    ]);
    expect(
      missingSources(
        `${VIEWER_POLICY}`.replace("worker-src 'self' blob:", "worker-src 'none'"),
        ORIGIN,
      ),
    ).toEqual(["worker-src 'self'"]);
  });

  it('takes the origin itself for self, and eval for WebAssembly', () => {
    const header = `script-src ${ORIGIN} 'unsafe-eval'; connect-src * blob:`;
    expect(missingSources(header, ORIGIN)).toEqual([]);
  });
});

describe('forbiddenInline', () => {
  const hashes = ['sha256-AAAA', 'sha256-BBBB'];
  it.each([
    [null, []],
    ["script-src 'self' 'unsafe-inline'", []],
    ["script-src 'self' 'sha256-AAAA'", ['sha256-BBBB']],
    ["script-src 'self' 'unsafe-inline' 'sha256-AAAA'", ['sha256-BBBB']],
    ["default-src 'self'", hashes],
  ])('%s', (header, forbidden) => {
    expect(forbiddenInline(header, hashes)).toEqual(forbidden);
  });
});
