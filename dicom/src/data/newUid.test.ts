import { derivedUid, newUid } from './newUid';

it('makes UIDs from random UUIDs', () => {
  const uids = Array.from({ length: 200 }, newUid);
  expect(new Set(uids).size).toBe(200);
  for (const uid of uids) {
    expect(uid).toMatch(/^2\.25\.[1-9]\d*$/);
    expect(uid.length).toBeLessThanOrEqual(64);
    const hex = BigInt(uid.slice(5)).toString(16).padStart(32, '0');
    // Version 4, variant 1 (RFC 9562).
    expect(hex).toMatch(/^.{12}4.{3}[89ab].{15}$/);
  }
});

it('derives one UID from a name, on every machine', async () => {
  const uid = await derivedUid('task, series and version');
  expect(uid).toBe(await derivedUid('task, series and version'));
  expect(uid).not.toBe(await derivedUid('task, series and another version'));
  expect(uid.length).toBeLessThanOrEqual(64);
  // Version 8, variant 1 (RFC 9562).
  expect(BigInt(uid.slice(5)).toString(16).padStart(32, '0')).toMatch(/^.{12}8.{3}[89ab].{15}$/);
});
