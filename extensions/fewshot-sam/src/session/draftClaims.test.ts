import { DraftClaims } from './draftClaims';

/** The locks of a browser, which all its tabs share; jsdom has none. */
class Locks {
  readonly held = new Set<string>();

  async request(
    name: string,
    _: LockOptions,
    whenAsked: (lock: Lock | null) => unknown,
  ): Promise<unknown> {
    if (this.held.has(name)) return whenAsked(null);
    this.held.add(name);
    await whenAsked({ name, mode: 'exclusive' });
    this.held.delete(name);
  }

  asked(): Pick<LockManager, 'request'> {
    return { request: this.request.bind(this) as LockManager['request'] };
  }
}

const settle = () => new Promise(resolve => setTimeout(resolve));

/** Another tab: a page has scripts of its own. */
async function otherTab(locks: Locks): Promise<DraftClaims> {
  let Other!: typeof DraftClaims;
  await jest.isolateModulesAsync(async () => {
    ({ DraftClaims: Other } = await import('./draftClaims'));
  });
  return new Other(locks.asked());
}

describe('DraftClaims', () => {
  it('gives a draft to one tab, and to another when that lets go of it', async () => {
    const locks = new Locks();
    const [first, second] = [new DraftClaims(locks.asked()), await otherTab(locks)];
    expect(await first.take('a')).toBe(true);
    expect(await second.take('a')).toBe(false);
    expect(await second.take('b')).toBe(true);
    first.release('a');
    await settle();
    expect(await second.take('a')).toBe(true);
    expect(await first.take('b')).toBe(false);
  });

  it('keeps what was taken twice until it is released twice', async () => {
    const locks = new Locks();
    const [first, second] = [new DraftClaims(locks.asked()), await otherTab(locks)];
    await first.take('a');
    await first.take('a');
    first.release('a');
    await settle();
    expect(await second.take('a')).toBe(false);
    first.end();
    await settle();
    expect(await second.take('a')).toBe(true);
  });

  it('passes a draft on when a study is opened again in the same page before it is closed', async () => {
    const locks = new Locks();
    const [before, after] = [new DraftClaims(locks.asked()), new DraftClaims(locks.asked())];
    await before.take('a');
    expect(await after.take('a')).toBe(true);
    before.end();
    await settle();
    expect(locks.held.size).toBe(1);
    after.end();
    await settle();
    expect(locks.held.size).toBe(0);
    expect(await before.take('a')).toBe(false);
  });

  it('keeps nobody out where the browser has no locks, or refuses them', async () => {
    const refusing = { request: () => Promise.reject(new DOMException('', 'SecurityError')) };
    expect(await new DraftClaims(undefined).take('a')).toBe(true);
    expect(await new DraftClaims(refusing).take('b')).toBe(true);
  });
});
