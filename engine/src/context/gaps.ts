import { neighbours } from '../image/neighbours';

/**
 * Groups slices into runs between the same labeled slices; the runs are independent of each other.
 *
 * @param wanted ascending, none of them labeled
 */
export function gaps(wanted: readonly number[], labelled: Iterable<number>): number[][] {
  const known = [...labelled];
  const runs: number[][] = [];
  let last: number | null | undefined;
  for (const index of wanted) {
    const { below } = neighbours(index, known);
    if (runs.length > 0 && below === last) runs[runs.length - 1].push(index);
    else runs.push([index]);
    last = below;
  }
  return runs;
}
