import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Where Debian and Orthanc's own packages put it. */
const PROGRAMS = ['/usr/sbin/Orthanc', '/usr/local/sbin/Orthanc', '/usr/bin/Orthanc'];
/** Jest and Playwright both run at the root. */
const SITE_CONFIG = path.join(process.cwd(), 'platform-config', 'orthanc.json');
const START_UP = 30_000;

interface Code {
  CodeValue: string;
  SegmentedPropertyTypeModifierCodeSequence: Code[];
}

/** Of what Orthanc says of an instance, what the tests look at. */
export interface Tags {
  SOPInstanceUID: string;
  SeriesInstanceUID: string;
  StudyInstanceUID: string;
  SeriesNumber: string;
  SegmentSequence: {
    SegmentedPropertyCategoryCodeSequence: Code[];
    SegmentedPropertyTypeCodeSequence: Code[];
  }[];
  RTROIObservationsSequence: { RTROIIdentificationCodeSequence: Code[] }[];
  PredecessorStructureSetSequence?: { ReferencedSOPInstanceUID: string }[];
}

interface OrthancConfig {
  Plugins: string[];
  [name: string]: unknown;
}

const siteConfig = JSON.parse(readFileSync(SITE_CONFIG, 'utf8')) as OrthancConfig;
const program = PROGRAMS.find(existsSync);

export const hasOrthanc = program !== undefined && siteConfig.Plugins.every(existsSync);
export const LACKING = 'Orthanc with its DICOMweb plug-in (Debian: orthanc, orthanc-dicomweb)';

/** Where a server runs: its address, and what its command begins with. */
export interface Place {
  address: string;
  prefix: readonly string[];
}

/** This machine. */
export const HERE: Place = { address: '127.0.0.1', prefix: [] };

/**
 * An Orthanc of our own: the configuration that we give to sites, with a free port, its files in a
 * temporary folder, and no access but from this machine or the hosts of a test.
 */
export class Orthanc {
  private child: ChildProcess | null = null;

  private constructor(
    readonly port: number,
    private readonly folder: string,
    /** Value of the Authorization header; none where it lets in everybody. */
    readonly authorization: string | undefined,
    private readonly place: Place,
  ) {}

  /**
   * @param user name and password without which it answers 401
   * @param place another host to run on
   */
  static async start(
    user?: { name: string; password: string },
    place: Place = HERE,
  ): Promise<Orthanc> {
    const folder = mkdtempSync(path.join(tmpdir(), 'fewshot-orthanc-'));
    const port = await freePort();
    const config: OrthancConfig = {
      ...siteConfig,
      HttpPort: port,
      StorageDirectory: path.join(folder, 'storage'),
      RemoteAccessAllowed: place !== HERE,
      DicomServerEnabled: false,
      ...(user
        ? { AuthenticationEnabled: true, RegisteredUsers: { [user.name]: user.password } }
        : {}),
    };
    writeFileSync(path.join(folder, 'orthanc.json'), JSON.stringify(config));
    const authorization = user && basic(user.name, user.password);
    const orthanc = new Orthanc(port, folder, authorization, place);
    await orthanc.restart();
    return orthanc;
  }

  get origin(): string {
    return `http://${this.place.address}:${this.port}`;
  }

  get dicomWeb(): string {
    return `${this.origin}/dicom-web`;
  }

  /** Starts the same archive, on the same port, with what it had stored. */
  async restart(): Promise<void> {
    let output = '';
    const [command, ...args] = [...this.place.prefix, program!];
    const child = spawn(command, [...args, path.join(this.folder, 'orthanc.json')], {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    const keep = (chunk: Buffer) => (output += chunk.toString());
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    for (const end = Date.now() + START_UP; Date.now() < end;) {
      if (child.exitCode !== null) break;
      // Once the plug-in answers, whoever may ask.
      const answer = await fetch(`${this.dicomWeb}/studies?limit=1`).catch(() => null);
      if (answer) return;
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    await this.kill();
    throw new Error(`Orthanc did not start: ${output}`);
  }

  /** Ends the process without a chance to finish anything. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise(resolve => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  /** Ends it and removes its files. */
  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Orthanc's own interface. @returns what it answers */
  async rest(method: string, address: string, body?: string): Promise<Response> {
    const answer = await fetch(`${this.origin}${address}`, {
      method,
      body,
      headers: this.authorization ? { authorization: this.authorization } : {},
    });
    if (!answer.ok) throw new Error(`${method} ${address}: ${answer.status}`);
    return answer;
  }

  /** Puts a DICOM file into the archive. */
  async add(file: Uint8Array): Promise<void> {
    await this.rest('POST', '/instances', Buffer.from(file) as unknown as string);
  }

  /** Orthanc's identifiers of what a search by DICOM keywords finds. */
  async find(
    level: 'Study' | 'Series' | 'Instance',
    query: Record<string, string>,
  ): Promise<string[]> {
    const answer = await this.rest(
      'POST',
      '/tools/find',
      JSON.stringify({ Level: level, Query: query }),
    );
    return (await answer.json()) as string[];
  }

  /** An instance's attributes by keyword, as Orthanc reads them; sequences as lists. */
  async tags(identifier: string): Promise<Tags> {
    const answer = await this.rest('GET', `/instances/${identifier}/simplified-tags`);
    return (await answer.json()) as Tags;
  }

  /** The file of an instance, byte by byte. */
  async file(identifier: string): Promise<Buffer> {
    const answer = await this.rest('GET', `/instances/${identifier}/file`);
    return Buffer.from(await answer.arrayBuffer());
  }
}

export function basic(name: string, password: string): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
