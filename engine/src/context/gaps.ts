import { neighbors } from '../image/neighbors';

/**
 * Groups slices into runs between the same labeled slices; the runs are independent of each other.
 *
 * @param wanted ascending, none of them labeled
 */
export function gaps(wanted: readonly number[], labeled: Iterable<number>): number[][] {
  const known = [...labeled];
  const runs: number[][] = [];
  let last: number | null | undefined;
  for (const index of wanted) {
    const { below } = neighbors(index, known);
    if (runs.length > 0 && below === last) runs[runs.length - 1].push(index);
    else runs.push([index]);
    last = below;
  }
  return runs;
}
