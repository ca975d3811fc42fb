/** How properties are tried on many random cases, the same ones on each run. */
import { FewshotError } from '../../engine/src/platform/errors';
import { seededRandom } from '../../engine/src/numeric/random';

/** Cases per property; `npm run test:nightly` tries more. */
export const CASES = Number(process.env.FEWSHOT_CASES ?? 500);
/** Seed of the first one: a case that failed is tried again alone by this and `FEWSHOT_CASES=1`. */
const FIRST_CASE = Number(process.env.FEWSHOT_FIRST_CASE ?? 1);
/** ms for all cases of a property. Generous: the bound of each case is `SLOWEST`. */
export const TIMEOUT = 60_000 + 100 * CASES;
/** ms that a damaged file may take, on a machine that does other things too. */
const SLOWEST = 5_000;
/** Bytes by which the process may grow over all cases: no file asks for memory that it does not hold. */
const LARGEST_GROWTH = 2 ** 30;

export type Random = () => number;

/** A whole number from `low` to `high`. */
export const between = (random: Random, low: number, high: number): number =>
  low + Math.floor(random() * (high - low + 1));

export const oneOf = <T>(random: Random, values: readonly T[]): T =>
  values[between(random, 0, values.length - 1)];

/** Tries a property on all cases; a failure names the seed that shows it. */
export async function forAllCases(
  body: (random: Random, seed: number) => Promise<void> | void,
): Promise<void> {
  for (let seed = FIRST_CASE; seed < FIRST_CASE + CASES; seed++) {
    try {
      await body(seededRandom(seed), seed);
    } catch (error) {
      throw new Error(`case ${seed}: ${(error as Error).message}`, { cause: error });
    }
  }
}

/** Bytes of which some are changed, cut off, doubled or taken out. */
export function damaged(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = new Uint8Array(bytes);
  const place = () => between(random, 0, copy.length - 1);
  switch (between(random, 0, 4)) {
    case 0:
      return copy.subarray(0, place());
    case 1: {
      const [from, to] = [place(), place()].sort((a, b) => a - b);
      return Uint8Array.from([...copy.subarray(0, from), ...copy.subarray(to)]);
    }
    case 2: {
      const from = place();
      const piece = copy.subarray(from, from + between(random, 1, 400));
      return Uint8Array.from([...copy.subarray(0, from), ...piece, ...copy.subarray(from)]);
    }
    case 3: {
      // Where a length is likely to be.
      const at = place();
      copy.set(
        oneOf(random, [
          [255, 255, 255, 255],
          [255, 255, 255, 127],
          [0, 0, 0, 0],
        ]).slice(0, copy.length - at),
        at,
      );
      return copy;
    }
    default: {
      for (let i = between(random, 1, 20); i > 0; i--) copy[place()] = between(random, 0, 255);
      return copy;
    }
  }
}

export const randomBytes = (random: Random, length: number): Uint8Array =>
  Uint8Array.from({ length }, () => between(random, 0, 255));

/**
 * Expects a reader to read damaged files or to refuse them with an error for people, in bounded time
 * and memory.
 *
 * @returns how many were refused
 */
export async function expectRefusals(
  damage: (random: Random, seed: number) => Uint8Array,
  read: (bytes: Uint8Array) => unknown,
): Promise<number> {
  const before = process.resourceUsage().maxRSS;
  let refused = 0;
  await forAllCases(async (random, seed) => {
    const bytes = damage(random, seed);
    const start = performance.now();
    try {
      await read(bytes);
    } catch (error) {
      if (!(error instanceof FewshotError)) throw error;
      refused++;
      expect(error.message).toMatch(/^["A-Z-].{10,}\.$/s);
      expect(error.remedy).toMatch(/\.$/);
    }
    expect(performance.now() - start).toBeLessThan(SLOWEST);
  });
  expect((process.resourceUsage().maxRSS - before) * 1024).toBeLessThan(LARGEST_GROWTH);
  return refused;
}
