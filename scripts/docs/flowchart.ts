import { escape } from './text';

const NODE = String.raw`(\w+)(?:\["([^"]*)"\])?`;
/** The label, if any, is inside the arrow. */
const ARROW = new RegExp(String.raw`^${NODE}\s*(?:-->|-[-.] (.*?) (?:\.->|-->))\s*${NODE}$`);
const LONE = new RegExp(`^${NODE}$`);
const GROUP = /^subgraph \w+ \["([^"]*)"\]$/;

/**
 * Converts a Mermaid flow chart to lists of its arrows, which need no script: one line per source node,
 * under the name of its group.
 *
 * @throws Error for a line in unknown syntax
 */
export function flowchart(text: string): string {
  const names = new Map<string, string>();
  const groups = new Map<string, Map<string, string[]>>();
  let group = '';
  for (const line of text.split('\n').map(each => each.trim())) {
    if (!line || line.startsWith('flowchart')) continue;
    const [, opened] = GROUP.exec(line) ?? [];
    if (opened || line === 'end') {
      group = opened ?? '';
      continue;
    }
    const [, alone, aloneName] = LONE.exec(line) ?? [];
    if (alone) {
      names.set(alone, aloneName ?? alone);
      continue;
    }
    const arrow = ARROW.exec(line);
    if (!arrow) throw new Error(`Unknown syntax in a flow chart: ${line}`);
    const [, from, fromName, words, to, toName] = arrow;
    if (fromName) names.set(from, fromName);
    if (toName) names.set(to, toName);
    const arrows = groups.get(group) ?? groups.set(group, new Map()).get(group)!;
    arrows.set(from, [...(arrows.get(from) ?? []), `${to}\n${words ?? ''}`]);
  }
  const show = (node: string) => {
    const [name, ...about] = (names.get(node) ?? node).split('<br/>');
    return `<code>${escape(name)}</code>${about.length ? ` ${escape(about.join(', '))}` : ''}`;
  };
  const list = (arrows: Map<string, string[]>) =>
    [...arrows]
      .map(([from, targets]) => {
        const shown = targets.map(target => {
          const [to, words] = target.split('\n');
          return `${show(to)}${words && ` (${escape(words)})`}`;
        });
        return `<li>${show(from)} → ${shown.join('; ')}</li>`;
      })
      .join('\n');
  return [...groups]
    .map(([name, arrows]) => `${name && `<p>${escape(name)}:</p>\n`}<ul>${list(arrows)}</ul>`)
    .join('\n');
}
