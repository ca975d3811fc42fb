import type { Server } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { UserError } from '../setup/userError';

/**
 * Starts to listen.
 *
 * @returns the port, also when 0 was requested
 * @throws UserError when the port is taken or not allowed, or the host is not this machine's
 */
export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', error => reject(explain(error, port, host)));
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

/** Checks that the port is available, before the slow setup. */
export function checkPort(port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', error => reject(explain(error, port, host)));
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
}

function explain(error: NodeJS.ErrnoException, port: number, host: string): Error {
  const cause = { cause: error };
  if (error.code === 'EADDRINUSE') {
    return new UserError(
      `Port ${port} is in use by another program.`,
      'Stop that program, or choose another port: npm start -- --port 3001.',
      cause,
    );
  }
  if (error.code === 'EACCES') {
    const remedy = 'Choose one from 1024 on: npm start -- --port 3000.';
    return new UserError(`You are not allowed to use port ${port}.`, remedy, cause);
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN') {
    const remedy = 'Use --host 127.0.0.1, or 0.0.0.0 for all of this machine’s addresses.';
    return new UserError(`${host} is not an address of this machine.`, remedy, cause);
  }
  return error;
}
