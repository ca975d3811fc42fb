import { newUid } from './newUid';

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
