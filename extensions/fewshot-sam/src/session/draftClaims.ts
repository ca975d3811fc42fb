/**
 * Claims on drafts. Two tabs must not write the same draft, or one would overwrite the strokes of the
 * other. The browser releases the claims of a tab that closes or crashes.
 */

interface Hold {
  users: number;
  isGranted: Promise<boolean>;
  letGo: () => void;
}

/** Holds of this page, shared so that a reopened study gets its draft while the closed one still writes it. */
const holds = new Map<string, Hold>();

/** Claims of one open study. */
export class DraftClaims {
  /** Key -> number of claims. */
  private readonly own = new Map<string, number>();
  private ended = false;

  /** @param locks undefined on insecure origins, where drafts cannot be stored either */
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

  /** Undoes one `take`. After the last one, another tab may claim the draft. */
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

  /** Releases all claims when the study is closed. */
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
    // Without locks, treat every claim as granted.
    void asked.catch(() => resolve(true));
  });
  return { users: 0, isGranted, letGo };
}
