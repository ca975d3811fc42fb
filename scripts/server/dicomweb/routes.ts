import { isUid, type Scope } from './archive';
import { HttpError } from './httpError';
import type { Level } from './search';

/** A request under the DICOMweb root. */
export type Route =
  | { kind: 'search'; level: Level; scope: Scope; above: Level[] }
  | { kind: 'metadata'; scope: Scope }
  | { kind: 'retrieve'; scope: Scope }
  | { kind: 'frames'; scope: Required<Scope>; frames: number[] }
  | { kind: 'rendered'; scope: Required<Scope>; frame: number }
  | { kind: 'bulkdata'; scope: Required<Scope>; way: string[] }
  | { kind: 'store'; studyUid: string | undefined };

/**
 * Parses method and path (PS3.18, tables 10.1-1 ff.).
 *
 * @param path below the DICOMweb root, e.g. `/studies/1.2.3/series`
 * @throws HttpError 400 for a malformed UID or frame list, 404 for an unknown path, 405 for a method
 */
export function routeOf(method: string, path: string): Route {
  const route = resourceOf(path);
  if (method === 'GET' || method === 'HEAD') return route;
  const target = method === 'POST' ? storeTarget(route) : null;
  if (target) return { kind: 'store', studyUid: target.studyUid };
  throw new HttpError(405, `${method} is not allowed here.`, {
    Allow: storeTarget(route) ? 'GET, HEAD, POST' : 'GET, HEAD',
  });
}

/** Returns the target of a POST, which is allowed where all studies, or one, are retrieved; else null. */
function storeTarget(route: Route): Scope | null {
  if (route.kind === 'search' && route.level === 'studies') return {};
  if (route.kind === 'retrieve' && route.scope.seriesUid === undefined) return route.scope;
  return null;
}

function resourceOf(path: string): Route {
  const segments = path.split('/').slice(1);
  if (segments.length === 1 && ['studies', 'series', 'instances'].includes(segments[0])) {
    const level = segments[0] as Level;
    const above: Level[] =
      level === 'studies' ? [] : level === 'series' ? ['studies'] : ['studies', 'series'];
    return { kind: 'search', level, scope: {}, above };
  }
  const scope: Scope = {};
  const levels = [
    ['studies', 'studyUid'],
    ['series', 'seriesUid'],
    ['instances', 'sopUid'],
  ] as const;
  let depth = 0;
  while (depth < 3 && segments.length >= 2 && segments[0] === levels[depth][0]) {
    const uid = segments[1];
    if (!isUid(uid))
      throw new HttpError(400, `The path holds an invalid UID after ${segments[0]}.`);
    scope[levels[depth][1]] = uid;
    segments.splice(0, 2);
    depth++;
  }
  if (depth === 0) throw unknown();
  return resourceIn(scope, depth, segments);
}

function resourceIn(scope: Scope, depth: number, rest: string[]): Route {
  const [first, ...more] = rest;
  if (rest.length === 0) return { kind: 'retrieve', scope };
  if (first === 'metadata' && !more.length) return { kind: 'metadata', scope };
  if (first === 'series' && depth === 1 && !more.length) {
    return { kind: 'search', level: 'series', scope, above: [] };
  }
  if (first === 'instances' && depth < 3 && !more.length) {
    return { kind: 'search', level: 'instances', scope, above: depth === 1 ? ['series'] : [] };
  }
  if (depth < 3) throw unknown();
  const instance = scope as Required<Scope>;
  if (first === 'rendered' && !more.length) return { kind: 'rendered', scope: instance, frame: 1 };
  if (first === 'bulkdata' && more.length) {
    return { kind: 'bulkdata', scope: instance, way: more };
  }
  if (first === 'frames' && more.length) {
    const frames = frameList(more[0]);
    if (more.length === 1) return { kind: 'frames', scope: instance, frames };
    if (more.length === 2 && more[1] === 'rendered' && frames.length === 1) {
      return { kind: 'rendered', scope: instance, frame: frames[0] };
    }
  }
  throw unknown();
}

/** Parses a list of frame numbers, from 1. */
function frameList(text: string): number[] {
  if (!/^[1-9]\d{0,8}(,[1-9]\d{0,8})*$/.test(text)) {
    throw new HttpError(400, `${text} is not a list of frame numbers from 1.`);
  }
  return text.split(',').map(Number);
}

function unknown(): HttpError {
  return new HttpError(404, 'There is no such DICOMweb resource.');
}
