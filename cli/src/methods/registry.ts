import type { Method } from 'fewshot-sam';
import { type MethodEntry, METHODS, type PropagateParts } from 'fewshot-sam/compute';
import { BASELINES } from '../baselines/baselines';

const ALL = { ...METHODS, ...BASELINES };

export type MethodName = keyof typeof ALL;

/** Names of all methods, as used by the command line and the benchmark. */
export const METHOD_NAMES = Object.keys(ALL) as readonly MethodName[];

export function methodEntry(name: MethodName): MethodEntry {
  return ALL[name];
}

export function isMethodName(name: string): name is MethodName {
  return (METHOD_NAMES as readonly string[]).includes(name);
}

export function loadMethod(name: MethodName): Promise<Method<PropagateParts>> {
  return methodEntry(name).load();
}
