import type { IncomingMessage } from 'node:http';
import { hostname, networkInterfaces } from 'node:os';
import { HttpError } from './dicomweb/httpError';

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
const ANY_ADDRESS = ['0.0.0.0', '::'];

export function isLoopback(host: string): boolean {
  return LOOPBACK.includes(host) || host === '::1';
}

/**
 * Returns the host names that a server accepts: its own, localhost and, if it listens on all addresses,
 * those of this machine.
 *
 * @param allowed further names, e.g. that of a proxy in front
 */
export function namesFor(host: string, allowed: readonly string[]): Set<string> {
  const names = [...LOOPBACK, ...allowed];
  if (ANY_ADDRESS.includes(host)) {
    names.push(hostname());
    for (const addresses of Object.values(networkInterfaces())) {
      names.push(...(addresses ?? []).map(({ address }) => bracketed(address)));
    }
  } else names.push(bracketed(host));
  return new Set(names.map(name => name.toLowerCase()));
}

function bracketed(address: string): string {
  return address.includes(':') && !address.startsWith('[') ? `[${address}]` : address;
}

/**
 * Refuses requests of other web pages: those that reach this server under their own host name (DNS
 * rebinding), and those from another origin.
 *
 * @param names host names that the server accepts
 * @throws HttpError 421 for another name, 403 for another origin
 */
export function checkAccess(request: IncomingMessage, names: ReadonlySet<string>): void {
  const { host, origin } = request.headers;
  if (!names.has(nameIn(host ?? ''))) {
    throw new HttpError(421, 'This server does not accept that host name.');
  }
  const site = request.headers['sec-fetch-site'];
  // A link on another page may open the viewer, but nothing else.
  const isVisit =
    request.method === 'GET' &&
    request.headers['sec-fetch-mode'] === 'navigate' &&
    request.headers['sec-fetch-dest'] === 'document' &&
    !/^\/dicomweb(\/|\?|$)/i.test(request.url ?? '');
  // Browsers too old for Sec-Fetch-Site send at least the origin.
  const isForeign =
    site === undefined
      ? origin !== undefined && !isOwnOrigin(origin, host ?? '')
      : site === 'cross-site' || site === 'same-site';
  if (isForeign && !isVisit) {
    throw new HttpError(403, 'Requests of other web pages are refused.');
  }
}

/** Whether an origin is this server's own. A proxy that adds TLS keeps the host but not the scheme. */
function isOwnOrigin(origin: string, host: string): boolean {
  return /^https?:\/\//.test(origin) && origin.replace(/^https?:\/\//, '') === host.toLowerCase();
}

function nameIn(host: string): string {
  return host.replace(/:\d*$/, '').toLowerCase();
}
