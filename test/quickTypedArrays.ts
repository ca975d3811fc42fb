/** Jest takes microseconds for each element of a typed array; those of a model have millions. */
type Numbers = ArrayLike<number | bigint>;

const isTypedArray = (value: unknown): value is Numbers =>
  ArrayBuffer.isView(value) && !(value instanceof DataView);

const kind = (value: object) => Object.prototype.toString.call(value);

/** As `toEqual` has it: 0 is not -0, NaN is NaN; undefined for all else, which Jest compares itself. */
export function equalTypedArrays(a: unknown, b: unknown): boolean | undefined {
  if (!isTypedArray(a) || !isTypedArray(b)) return undefined;
  if (kind(a) !== kind(b) || a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- as Jest's types have it
  namespace jest {
    interface Expect {
      /** Of Jest 29.4; its types lack it. */
      addEqualityTesters(testers: ((a: unknown, b: unknown) => boolean | undefined)[]): void;
    }
  }
}

expect.addEqualityTesters([equalTypedArrays]);
