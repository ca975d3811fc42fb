/** A queue behind TLS, whose certificate a private authority signed: Debian's Redis, and the built worker. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { missing } from '../cli/command';
import { Command, freePort, hasRedis, RedisServer, until } from './processes';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const lacking =
  missing('command', 'model') ??
  (hasRedis ? null : 'no redis-server (Debian: redis-server)') ??
  (hasOpenssl ? null : 'no openssl (Debian: openssl)');
if (lacking) console.warn(`A queue behind TLS: skipped, ${lacking}.`);

(lacking ? describe.skip : describe)(
  `a queue behind TLS${lacking ? ` (skipped: ${lacking})` : ''}`,
  () => {
    let folder: string;
    let certificate: string;
    let redis: RedisServer;
    let url: string;
    beforeAll(async () => {
      folder = mkdtempSync(path.join(tmpdir(), 'fewshot-tls-'));
      certificate = path.join(folder, 'certificate.pem');
      const key = path.join(folder, 'key.pem');
      const { status, stderr } = spawnSync('openssl', [
        ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2'],
        ...['-keyout', key, '-out', certificate],
        ...['-subj', '/CN=queue of a test', '-addext', 'subjectAltName=IP:127.0.0.1'],
      ]);
      if (status !== 0) throw new Error(String(stderr));
      const port = await freePort();
      redis = await RedisServer.start(
        ...['--appendonly', 'yes', '--tls-port', String(port), '--tls-auth-clients', 'no'],
        ...['--tls-cert-file', certificate, '--tls-key-file', key],
        ...['--tls-ca-cert-file', certificate],
      );
      url = `rediss://127.0.0.1:${port}`;
    }, 60_000);
    afterAll(async () => {
      await redis?.remove();
      rmSync(folder, { recursive: true, force: true });
    });

    const worker = (env: Record<string, string>) =>
      new Command(['worker', '--queue', url, '--concurrency', '1'], env);

    it('takes studies where REDIS_CA names the authority', async () => {
      const trusting = worker({ REDIS_CA: certificate });
      await until('it takes studies', () => trusting.output.includes('Takes studies'));
      expect(await trusting.end('SIGINT')).toBe(0);
    }, 120_000);

    it('trusts no certificate that nobody vouches for', async () => {
      const wary = worker({});
      expect(await wary.ended).toBe(1);
      expect(wary.output).toContain('the certificate of Redis is not trusted');
      expect(wary.output).toContain('REDIS_CA');
      expect(wary.output).not.toContain('Takes studies');
    }, 120_000);
  },
);
