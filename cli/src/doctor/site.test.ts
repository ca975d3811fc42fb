import http, { type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Site } from './site';

const servers: Server[] = [];
afterAll(() => servers.forEach(server => server.close()));

/** A server that notes the headers of each request, by its path. */
async function serve(redirects: () => Record<string, string>) {
  const seen = new Map<string, IncomingHttpHeaders>();
  const server = http.createServer((request, response) => {
    seen.set(request.url!, request.headers);
    const location = redirects()[request.url!];
    response.writeHead(location ? 302 : 200, location ? { location } : {});
    response.end(request.url);
  });
  servers.push(server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { seen, url: `http://127.0.0.1:${port}` };
}

test('a redirect to another origin is followed without the headers', async () => {
  const elsewhere = await serve(() => ({}));
  const viewer = await serve(() => ({
    '/app-config.js': '/moved.js',
    '/login': `${elsewhere.url}/sign-in`,
    '/round': '/round',
  }));
  const site = new Site(new URL(`${viewer.url}/`), { authorization: 'Bearer secret' });

  const moved = await site.get('app-config.js');
  expect(moved).toMatchObject({ status: 200, url: `${viewer.url}/moved.js` });
  expect(viewer.seen.get('/moved.js')!.authorization).toBe('Bearer secret');

  const login = await site.get('login');
  expect(login).toMatchObject({ status: 200, url: `${elsewhere.url}/sign-in` });
  expect(viewer.seen.get('/login')!.authorization).toBe('Bearer secret');
  expect(elsewhere.seen.get('/sign-in')!.authorization).toBeUndefined();

  expect(await site.get('round')).toMatchObject({ status: 0, failure: 'more than 10 redirects' });
});
