import { ACCEPTED_DICE } from '../metrics/acceptance';
import type { Results } from './summary';
import { checks, failures, iouCells, markdownTable, methodCells } from './table';

/**
 * Renders the benchmark as a Markdown page.
 *
 * @param picture URL of the picture at its top
 */
export function accuracyPage(results: Results, picture: string): { page: string; caption: string } {
  const rows = results.methods.flatMap(method => results.rowsOf(method));
  const caption = [span(rows.map(({ date }) => date.slice(0, 10))), ...machines(rows)].join('; ');
  const parts = [
    '# Accuracy\n',
    `${caption}. Written by \`npm run bench:accuracy\`.\n`,
    `![IoU of each method on each case](${picture})\n`,
    'IoU over all test slices of a case together. A method that finds nothing or fails counts 0 and has a !; – marks a case that a method cannot do, because it needs labeled slices of the study itself, or is for studies without any.\n',
    markdownTable(iouCells(results)),
  ];
  const answers = checks(results);
  if (answers.length > 0) parts.push('## Checks\n', list(answers));
  for (const [kind, title] of [
    ['within', '## Means within one study\n'],
    ['across', '## Means across studies\n'],
  ] as const) {
    if (results.ofKind(kind).length === 0) continue;
    parts.push(title, markdownTable(methodCells(results, kind)));
  }
  if (rows.length > 0) {
    parts.push(
      `Accepted: share of the slices that would be accepted unchanged, with a Dice of at least ${ACCEPTED_DICE}, of those that hold the structure in truth or prediction; outlined ones do not count.\n`,
      'Seconds per case. An embedding that another method left in the cache costs next to nothing to encode. Peak memory is that of a process of its own for each case and method. Distances are means over the cases that have one: an empty mask has none.\n',
    );
  }
  const failed = failures(results);
  if (failed.length > 0) parts.push('## Failures\n', list(failed));
  return { page: parts.join('\n'), caption };
}

function list(lines: readonly string[]): string {
  return lines.map(line => `- ${line}\n`).join('');
}

/** E.g. `2026-03-01` or `2026-03-01 to 2026-03-02`. */
function span(dates: readonly string[]): string {
  if (dates.length === 0) return 'No rows';
  const sorted = [...dates].sort();
  const [first, last] = [sorted[0], sorted[sorted.length - 1]];
  return first === last ? first : `${first} to ${last}`;
}

function machines(rows: readonly { machine: string }[]): string[] {
  return [...new Set(rows.map(({ machine }) => machine))];
}
