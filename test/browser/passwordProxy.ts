import http, { type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';

export const USER = { username: 'radiology', password: 'se:cret' };
const EXPECTED = `Basic ${Buffer.from(`${USER.username}:${USER.password}`).toString('base64')}`;

/** A reverse proxy before a whole site, as hospitals have it: without the password it answers 401. */
export class PasswordProxy {
  /** Requests that came without the password, or with a wrong one. */
  refused = 0;

  private constructor(private readonly server: Server) {}

  /** @param origin of the site */
  static async start(origin: string): Promise<PasswordProxy> {
    const server = http.createServer();
    const proxy = new PasswordProxy(server);
    server.on('request', (request, response) => {
      if (request.headers.authorization !== EXPECTED) {
        proxy.refused++;
        response.writeHead(401, { 'www-authenticate': 'Basic realm="Hospital"' });
        response.end('Sign in first.');
        return;
      }
      const { method, headers } = request;
      const passed = { ...headers };
      // It is for the proxy alone.
      delete passed.authorization;
      const outgoing = http.request(
        new URL(request.url ?? '/', origin),
        { method, headers: passed },
        answer => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          pipeline(answer, response).catch(() => response.destroy());
        },
      );
      outgoing.on('error', () => response.destroy());
      pipeline(request, outgoing).catch(() => outgoing.destroy());
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
