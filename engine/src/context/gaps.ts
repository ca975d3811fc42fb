import { neighbours } from '../image/neighbours';

/**
 * Slices in runs that lie between the same labelled ones: what happens in one run is of no concern to
 * the others.
 *
 * @param wanted ascending, none of them labelled
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
