import { FewshotError, throwIfCancelled } from 'fewshot-sam';
import type { Found, InstanceIdentifiers } from './findInstance';
import {
  acknowledges,
  changedUids,
  isDuplicate,
  isTransient,
  stowFailure,
  type StowAnswer,
} from './stowFailure';

/** Milliseconds before each further attempt to send. */
const PAUSES = [1000, 4000, 10_000];
/** Milliseconds before each look. Archives may index only after they have answered. */
const LOOKS = [0, 500, 1500, 3000, 5000];

/** Progress of storing. Attempts are counted from 1. */
export type StoreProgress =
  | { phase: 'sending'; attempt: number; attempts: number; fraction: number | null }
  | { phase: 'waiting'; attempt: number; attempts: number; seconds: number }
  | { phase: 'confirming' };

/** Outcome of sending once: the answer if it is known, and the error if there was one. */
export interface Attempt {
  answer: StowAnswer | null;
  cause?: unknown;
}

/** How an archive is reached: by the viewer's data source, or directly. */
export interface ArchiveConnection {
  /**
   * Sends a file once (STOW-RS).
   *
   * @param onSent called with the fraction of the file that was sent, 0..1; null if unknown
   * @throws FewshotError `cancelled`; any other error is in the returned attempt
   */
  send(
    file: ArrayBuffer,
    signal: AbortSignal | undefined,
    onSent: (fraction: number | null) => void,
  ): Promise<Attempt>;
  /** Asks whether the archive lists an instance. Never rejects. */
  find(instance: InstanceIdentifiers, signal: AbortSignal | undefined): Promise<Found>;
}

export interface StoreOptions {
  /** An earlier attempt with this file had no clear outcome: search for it before sending. */
  sentBefore?: boolean;
  signal?: AbortSignal;
  onProgress?(progress: StoreProgress): void;
  /** Milliseconds before each further attempt, and before each look. */
  pauses?: number[];
  looks?: number[];
}

/** `accepted`: the archive confirmed storing, but does not list the instance or cannot be asked. */
export type Stored = 'confirmed' | 'accepted' | ChangedUids;

/** The archive stored the instance under other UIDs. Sending it again would make another copy. */
export interface ChangedUids {
  SeriesInstanceUID?: string;
  /** Absent if only a search found it. */
  SOPInstanceUID?: string;
}

/**
 * Stores a DICOM file (STOW-RS), and confirms with a search. Retries transient failures with the same
 * file, so there is never a second copy.
 *
 * @param instance identifiers of the file
 * @throws FewshotError `bad-result` if the archive refused it, did not answer, or lists the object as
 *   failed; `cancelled`
 */
export async function storeSegmentation(
  archive: ArchiveConnection,
  file: ArrayBuffer,
  instance: InstanceIdentifiers,
  options: StoreOptions = {},
): Promise<Stored> {
  const { signal, onProgress, pauses = PAUSES, looks = LOOKS } = options;
  const attempts = pauses.length + 1;
  const look = () => archive.find(instance, signal);
  let sentBefore = options.sentBefore ?? false;
  for (let attempt = 1; ; attempt++) {
    if (sentBefore) {
      onProgress?.({ phase: 'confirming' });
      const there = storedBy(await look());
      if (there) return there;
      throwIfCancelled(signal);
    }
    onProgress?.({ phase: 'sending', attempt, attempts, fraction: null });
    const sent = await archive.send(file, signal, fraction =>
      onProgress?.({ phase: 'sending', attempt, attempts, fraction }),
    );
    const failure = attemptFailure(sent);
    if (!failure) {
      // A search for our UIDs would find nothing, and each retry would make another copy.
      const changed = sent.answer && changedUids(sent.answer, instance);
      if (changed) return changed;
      onProgress?.({ phase: 'confirming' });
      return confirm(sent, instance, () => lookUntilFound(look, looks, signal));
    }
    const { answer } = sent;
    const transient = answer !== null && isTransient(answer);
    if (!transient || attempt === attempts) {
      // The answer may be lost although the file arrived, and a server error may follow storing.
      const unclear = transient || (answer?.status ?? 0) >= 500;
      if (unclear || (sentBefore && answer && isDuplicate(answer))) {
        onProgress?.({ phase: 'confirming' });
        const there = storedBy(await look());
        if (there) return there;
        throwIfCancelled(signal);
      }
      throw failure;
    }
    const pause = pauses[attempt - 1];
    onProgress?.({
      phase: 'waiting',
      attempt: attempt + 1,
      attempts,
      seconds: Math.ceil(pause / 1000),
    });
    await delay(pause, signal);
    sentBefore = true;
  }
}

/** Converts a search result; null unless it means that the archive has the instance. */
function storedBy(found: Found): Stored | null {
  if (found === 'found') return 'confirmed';
  return typeof found === 'object' ? found : null;
}

/** The error of a failed attempt; null if nothing indicates a failure. */
function attemptFailure({ answer, cause }: Attempt): FewshotError | null {
  const failure = answer && stowFailure(answer, cause);
  if (failure || cause === undefined) return failure;
  return new FewshotError(
    'bad-result',
    `The segmentation could not be sent (${cause instanceof Error ? cause.message : String(cause)}).`,
    'Try again. Meanwhile download the segmentation, so that it is not lost.',
    { cause },
  );
}

/** @throws FewshotError if neither a search nor the answer shows that it was stored */
async function confirm(
  { answer }: Attempt,
  instance: InstanceIdentifiers,
  look: () => Promise<Found>,
): Promise<Stored> {
  const found = await look();
  const there = storedBy(found);
  if (there) return there;
  if (!answer || acknowledges(answer, instance.SOPInstanceUID)) return 'accepted';
  throw new FewshotError(
    'bad-result',
    `The answer (HTTP ${answer.status}) does not say that the archive stored the segmentation, and ${
      found === 'missing'
        ? 'the archive does not list it'
        : 'the archive cannot be asked whether it has it'
    }.`,
    'Sign in again if you were signed out, then try again. Meanwhile download the segmentation, so that it is not lost.',
  );
}

async function lookUntilFound(
  look: () => Promise<Found>,
  looks: number[],
  signal: AbortSignal | undefined,
): Promise<Found> {
  let found: Found = 'unknown';
  for (const pause of looks) {
    await delay(pause, signal);
    found = await look();
    if (storedBy(found)) break;
  }
  throwIfCancelled(signal);
  return found;
}

/** @throws FewshotError `cancelled` as soon as the signal aborts */
function delay(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const wake = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', wake);
      try {
        throwIfCancelled(signal);
        resolve();
      } catch (error) {
        reject(error);
      }
    };
    const timer = setTimeout(wake, milliseconds);
    signal?.addEventListener('abort', wake);
    if (signal?.aborted) wake();
  });
}
