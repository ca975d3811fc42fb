/**
 * Drafts that are in use: no two tabs may keep their work in the same one, or the strokes of one would be
 * written over by the other. A tab that ends, in whatever way, lets go of its own.
 */

interface Hold {
  users: number;
  isGranted: Promise<boolean>;
  letGo: () => void;
}

/** Of this page: a study that is closed and opened again must get its draft though the first still writes it. */
const holds = new Map<string, Hold>();

/** The drafts that one open study uses. */
export class DraftClaims {
  /** Key -> how often it was taken. */
  private readonly own = new Map<string, number>();
  private ended = false;

  /** @param locks of the browser; none in pages without a secure connection, which can keep nothing either */
  constructor(private readonly locks: Pick<LockManager, 'request'> | undefined) {}

  /** @returns false when another tab uses the draft, or the study is closed */
  async take(key: string): Promise<boolean> {
    if (this.ended) return false;
    if (!this.locks) return true;
    const hold = holds.get(key) ?? holdOf(key, this.locks);
    holds.set(key, hold);
    hold.users++;
    this.own.set(key, (this.own.get(key) ?? 0) + 1);
    const isGranted = await hold.isGranted;
    if (!isGranted) this.release(key);
    return isGranted && !this.ended;
  }

  /** Ends what one `take` began: when all are ended, another tab may use it. */
  release(key: string): void {
    const times = this.own.get(key);
    const hold = holds.get(key);
    if (!times || !hold) return;
    if (times > 1) this.own.set(key, times - 1);
    else this.own.delete(key);
    hold.users--;
    if (hold.users > 0) return;
    holds.delete(key);
    hold.letGo();
  }

  /** The study is closed. */
  end(): void {
    this.ended = true;
    for (const [key, times] of [...this.own]) for (let i = 0; i < times; i++) this.release(key);
  }
}

function holdOf(key: string, locks: Pick<LockManager, 'request'>): Hold {
  let letGo = () => {};
  const until = new Promise<void>(resolve => (letGo = resolve));
  const isGranted = new Promise<boolean>(resolve => {
    const asked = locks.request(`fewshot-sam-draft-${key}`, { ifAvailable: true }, lock => {
      resolve(lock !== null);
      return lock ? until : undefined;
    });
    // A browser that gives no locks here: as one that has none.
    void asked.catch(() => resolve(true));
  });
  return { users: 0, isGranted, letGo };
}
