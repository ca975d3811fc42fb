/** The graph of imports between the folders of our packages, checked against floors.js. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import ts from 'typescript';
import { notBelow, PACKAGES, packagesBelow } from './floors.js';

/** An import of another file, or of one of our packages by its public name. */
export interface Arrow {
  from: string;
  to: string;
}

export interface Graph {
  /** Folder, e.g. `engine/src/image` -> imported folder -> number of imports. */
  folders: Map<string, Map<string, number>>;
  /** Descriptions of forbidden imports. */
  faults: string[];
}

/** Reads all imports. @param root of the repository */
export async function readArrows(root: string): Promise<Arrow[]> {
  const arrows: Arrow[] = [];
  for (const { source } of PACKAGES) {
    const names = await readdir(path.join(root, source), { recursive: true });
    for (const name of names.filter(isSource)) {
      const file = path.posix.join(source, name);
      const text = await readFile(path.join(root, file), 'utf8');
      for (const { fileName } of ts.preProcessFile(text, true, true).importedFiles) {
        const to = target(file, fileName);
        if (to) arrows.push({ from: file, to });
      }
    }
  }
  return arrows;
}

const isSource = (name: string) => name.endsWith('.ts') && !name.endsWith('.test.ts');

/** Returns one of our files, without its extension; null for other packages. */
function target(file: string, specifier: string): string | null {
  if (specifier.startsWith('.')) return path.posix.join(path.posix.dirname(file), specifier);
  const found = PACKAGES.find(({ name }) => `${specifier}/`.startsWith(`${name}/`));
  if (!found) return null;
  return found.source + (specifier.slice(found.name.length) || '/index');
}

export function folderGraph(arrows: readonly Arrow[]): Graph {
  const folders: Graph['folders'] = new Map();
  const faults = new Set<string>();
  for (const { from, to } of arrows) {
    const [own, other] = [placeOf(from), placeOf(to)];
    if (own.id === other.id) continue;
    const targets = folders.get(own.id) ?? new Map<string, number>();
    folders.set(own.id, targets.set(other.id, (targets.get(other.id) ?? 0) + 1));
    if (own.pack !== other.pack) {
      if (!packagesBelow(own.pack).includes(other.pack.name)) {
        faults.add(`${from} imports ${to}, from a package that is not below its own.`);
      }
    } else if (
      own.folder &&
      (!other.folder || notBelow(own.pack, own.folder).includes(other.folder))
    ) {
      faults.add(`${from} imports ${to}, which is not below it.`);
    }
  }
  for (const circle of circles(arrows)) faults.add(`A cycle: ${circle.join(' -> ')}.`);
  return { folders, faults: [...faults] };
}

/** Returns a file's package and folder; `folder` is null for a package's own entry points. */
function placeOf(file: string) {
  const pack = PACKAGES.find(({ source }) => file.startsWith(`${source}/`))!;
  const inside = file.slice(pack.source.length + 1);
  const folder = inside.includes('/') ? inside.slice(0, inside.indexOf('/')) : null;
  if (folder && !pack.floors.flat().includes(folder)) {
    throw new Error(`${pack.source}/${folder} has no floor yet: give it one in scripts/floors.js.`);
  }
  return { pack, folder, id: folder ? `${pack.source}/${folder}` : pack.source };
}

/** Finds a cycle of files through each file that is in one, by depth-first search. */
function circles(arrows: readonly Arrow[]): string[][] {
  const next = new Map<string, string[]>();
  for (const { from, to } of arrows) {
    const file = from.replace(/\.ts$/, '');
    next.set(file, [...(next.get(file) ?? []), to.replace(/\.ts$/, '')]);
  }
  const found: string[][] = [];
  const done = new Set<string>();
  const onPath: string[] = [];
  const visit = (file: string) => {
    if (onPath.includes(file)) found.push([...onPath.slice(onPath.indexOf(file)), file]);
    if (done.has(file)) return;
    done.add(file);
    onPath.push(file);
    for (const other of next.get(file) ?? []) visit(other);
    onPath.pop();
  };
  for (const file of next.keys()) visit(file);
  return found;
}

export function graphText({ folders, faults }: Graph): string {
  const lines = [...folders]
    .sort(([a], [b]) => rank(a) - rank(b))
    .map(([folder, targets]) => {
      const sorted = [...targets].sort(([a], [b]) => rank(a) - rank(b));
      return `${folder} -> ${sorted.map(([other, count]) => `${other} (${count})`).join(', ')}`;
    });
  const end = faults.length
    ? `${faults.length} imports do not go down:\n${faults.map(fault => `  ${fault}`).join('\n')}`
    : 'Every import goes down; there is no cycle.';
  return `${lines.join('\n')}\n${end}\n`;
}

/** Returns the position of a folder from the ground up. */
function rank(folder: string): number {
  const places = PACKAGES.flatMap(({ source, floors }) => [
    ...floors.flat().map(name => `${source}/${name}`),
    source,
  ]);
  return places.indexOf(folder);
}
