import { readFileSync } from 'node:fs';
import { FewshotError } from 'fewshot-sam';

type Environment = Record<string, string | undefined>;

/** Authorization headers for the archive, from the environment; none where it is not set. */
export function archiveHeaders(env: Environment = process.env): Record<string, string> {
  const { DICOMWEB_TOKEN: token, DICOMWEB_USER: user, DICOMWEB_PASSWORD: password } = env;
  if (token) return { Authorization: `Bearer ${token}` };
  if (user === undefined || password === undefined) return {};
  return { Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}

/** How Redis is reached, in the options of ioredis. */
export interface RedisOptions {
  host: string;
  port: number;
  db: number;
  username?: string;
  password?: string;
  tls?: { ca?: Buffer; servername?: string };
}

/**
 * Returns how to reach Redis: the address from the command line, the rest from the environment.
 *
 * @param url redis:// or rediss://, without a password
 * @throws FewshotError `bad-input` when the file of REDIS_CA cannot be read
 */
export function redisOptions(url: string, env: Environment = process.env): RedisOptions {
  const { protocol, hostname, port, pathname } = new URL(url);
  const { REDIS_USERNAME: username, REDIS_PASSWORD: password, REDIS_CA: ca } = env;
  const host = hostname.replace(/^\[|\]$/g, '') || 'localhost';
  return {
    host,
    port: Number(port || 6379),
    db: Number(pathname.slice(1) || 0),
    ...(username && { username }),
    ...(password && { password }),
    ...(protocol === 'rediss:' && { tls: ca ? { ca: readCertificate(ca) } : {} }),
  };
}

function readCertificate(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new FewshotError(
      'bad-input',
      `REDIS_CA ${file} cannot be read.`,
      'Give the file of the certificate authority, in PEM.',
      { cause: error },
    );
  }
}
