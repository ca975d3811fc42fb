/** Processes of the tests: our command in the background, and Debian's Redis. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { HERE, type Place } from '../pacs/orthanc';

const bin = path.resolve(process.cwd(), 'cli/bin/fewshot-sam.mjs');

/** The built `fewshot-sam`, running. */
export class Command {
  output = '';
  readonly ended: Promise<number | null>;
  private readonly child: ChildProcess;

  constructor(
    args: readonly string[],
    env: Record<string, string> = {},
    prefix: readonly string[] = [],
  ) {
    const [program, ...rest] = [...prefix, process.execPath, bin, ...args];
    this.child = spawn(program, rest, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const keep = (chunk: Buffer) => (this.output += chunk.toString());
    this.child.stdout?.on('data', keep);
    this.child.stderr?.on('data', keep);
    this.ended = new Promise(resolve => this.child.once('close', resolve));
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal);
    return this.ended;
  }
}

/** Waits until something is so. @throws Error after `seconds` */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  seconds = 120,
): Promise<void> {
  for (const end = Date.now() + 1000 * seconds; Date.now() < end;) {
    if (await isSo()) return;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  throw new Error(`Not within ${seconds} s: ${what}`);
}

export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

/** A Redis of our own, on a free port, with an append-only file and a password. */
export class RedisServer {
  private child: ChildProcess | null = null;

  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly place: Place,
    private readonly options: readonly string[],
  ) {}

  static start(...options: string[]): Promise<RedisServer> {
    return RedisServer.startOn(HERE, ...options);
  }

  /** The same on another host. */
  static async startOn(place: Place, ...options: string[]): Promise<RedisServer> {
    const folder = mkdtempSync(path.join(tmpdir(), 'fewshot-redis-'));
    const server = new RedisServer(await freePort(), folder, place, options);
    await server.restart();
    return server;
  }

  get url(): string {
    return `redis://${this.place.address}:${this.port}`;
  }

  /** Starts the same server with what its append-only file holds. */
  async restart(): Promise<void> {
    const { address, prefix } = this.place;
    const [command, ...args] = [...prefix, 'redis-server'];
    const child = spawn(
      command,
      [
        ...args,
        ...['--port', String(this.port), '--bind', address, '--dir', this.folder],
        ...this.options,
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.child = child;
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await until('Redis is ready', () => output.includes('Ready to accept connections'), 30);
  }

  /** Ends it without a chance to finish anything. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise(resolve => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A way to an archive that counts what is sent to it. */
export class CountedArchive {
  posts = 0;
  private constructor(private readonly server: http.Server) {}

  static async to(port: number): Promise<CountedArchive> {
    const server = http.createServer((request, response) => {
      const { url: path, method, headers } = request;
      if (method === 'POST') counted.posts++;
      const onward = http.request({ port, path, method, headers }, answer => {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
      });
      onward.on('error', () => response.destroy());
      request.pipe(onward);
    });
    const counted = new CountedArchive(server);
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    return counted;
  }

  get dicomWeb(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/dicom-web`;
  }

  remove(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** A network between processes that can be cut. */
export class Cable {
  private readonly sockets = new Set<net.Socket>();
  private isCut = false;

  private constructor(private readonly server: net.Server) {}

  /** @param port on this machine */
  static async to(port: number): Promise<Cable> {
    const server = net.createServer();
    const cable = new Cable(server);
    server.on('connection', near => {
      if (cable.isCut) return near.destroy();
      const far = net.connect(port, '127.0.0.1');
      near.pipe(far);
      far.pipe(near);
      for (const socket of [near, far]) {
        cable.sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => {
          cable.sockets.delete(socket);
          near.destroy();
          far.destroy();
        });
      }
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    return cable;
  }

  /** Redis at the other end. */
  get url(): string {
    return `redis://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  mend(): void {
    this.isCut = false;
  }

  remove(): void {
    this.cut();
    this.server.close();
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
