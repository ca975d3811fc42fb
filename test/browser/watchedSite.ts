import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** A site behind a mirror that hears what the browser reports and where else it wants to go. */
export interface WatchedSite {
  url: string;
  /** Give it to the browser as its proxy: requests to this machine do not pass through it. */
  proxy: string;
  /** What the Content-Security-Policy stopped, as the browser reports it, from pages and workers. */
  violations: Violation[];
  /** `METHOD host` of every request to another machine. All are refused. */
  outside: string[];
  /** Changes files on their way: path -> new content. */
  alter(path: string, change: (body: Buffer) => Buffer): void;
  unalter(): void;
  stop(): Promise<void>;
}

export interface Violation {
  directive: string;
  blocked: string;
  /** The script that did it. */
  source: string;
  page: string;
}

const REPORTS = '/reports-of-the-policy';

/** @param origin of the site, e.g. http://127.0.0.1:3000 */
export async function watch(origin: string): Promise<WatchedSite> {
  const violations: Violation[] = [];
  const outside: string[] = [];
  const changes = new Map<string, (body: Buffer) => Buffer>();
  const server = http.createServer((request, response) => {
    const target = request.url!;
    if (!target.startsWith('/')) {
      outside.push(`${request.method} ${new URL(target).host}`);
      return void response.writeHead(403).end();
    }
    if (target === REPORTS) {
      return void text(request).then(body => {
        violations.push(violationOf(JSON.parse(body)));
        response.writeHead(204).end();
      });
    }
    const { method, headers } = request;
    const change = changes.get(target.split('?')[0]);
    if (change) delete headers['if-none-match'];
    const onward = http.request(new URL(target, origin), { method, headers }, answer => {
      const policy = answer.headers['content-security-policy'];
      const returned = { ...answer.headers };
      if (policy) returned['content-security-policy'] = `${policy}; report-uri ${REPORTS}`;
      if (!change || answer.statusCode !== 200) {
        response.writeHead(answer.statusCode!, returned);
        return void answer.pipe(response);
      }
      void bytes(answer).then(body => {
        const changed = change(body);
        delete returned.etag;
        response.writeHead(200, { ...returned, 'content-length': changed.length });
        response.end(changed);
      });
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  server.on('connect', (request, socket) => {
    outside.push(`${request.method} ${request.url}`);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    proxy: url,
    violations,
    outside,
    alter: (path, change) => void changes.set(path, change),
    unalter: () => changes.clear(),
    stop: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bytes(stream: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function text(stream: http.IncomingMessage): Promise<string> {
  return (await bytes(stream)).toString('utf8');
}

/** https://www.w3.org/TR/CSP3/#deprecated-serialize-violation */
function violationOf({
  'csp-report': report,
}: {
  'csp-report': Record<string, string>;
}): Violation {
  return {
    directive: report['effective-directive'] ?? report['violated-directive'],
    blocked: report['blocked-uri'],
    source: report['source-file'] ?? '',
    page: report['document-uri'],
  };
}
