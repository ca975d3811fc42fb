import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readBody } from '../body';
import { readInstance, type Archive, type Instance, type Scope } from './archive';
import type { DicomFile } from './dicomFile';
import { bulkData, withBulkDataUnder } from './dicomJson';
import { frameMediaType, framesOf, frameTransferSyntax } from './frames';
import { HttpError } from './httpError';
import { negotiate, type Offer } from './mediaType';
import { closing, partHead } from './multipart';
import { parseQuery } from './query';
import { renderPng } from './rendered';
import { routeOf, type Route } from './routes';
import { search } from './search';
import { store, stowBoundary } from './stow';

export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

interface Exchange {
  archive: Archive;
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  /** URL of the DICOMweb service as the client sees it. */
  root: string;
}

interface Part {
  headers: Record<string, string>;
  content: () => Promise<Buffer>;
}

const OCTETS = 'application/octet-stream';
const JSON_OFFERS: Offer[] = [{ type: 'application/dicom+json' }, { type: 'application/json' }];

/**
 * Creates the handler for QIDO-RS, WADO-RS and STOW-RS on an archive.
 *
 * @param prefix path of the service, e.g. `/dicomweb`
 * @param bodyLimit most bytes of a STOW-RS request
 */
export function dicomWeb(archive: Archive, prefix: string, bodyLimit: number): Handler {
  const last = new LastInstance();
  return async (request, response) => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host ?? 'localhost'}`);
    const route = routeOf(request.method ?? 'GET', url.pathname.slice(prefix.length));
    const exchange = { archive, request, response, url, root: url.origin + prefix };
    if (route.kind === 'search') return sendSearch(exchange, route);
    if (route.kind === 'metadata') return sendMetadata(exchange, route.scope);
    if (route.kind === 'retrieve') return sendInstances(exchange, route.scope);
    if (route.kind === 'store') return receive(exchange, route.studyUid, bodyLimit);
    const [instance] = found(archive, route.scope);
    if (route.kind === 'rendered') return sendRendered(exchange, instance, route.frame);
    const file = await last.read(instance);
    if (route.kind === 'bulkdata') return sendBulkData(exchange, file, route.way);
    return sendFrames(exchange, instance, framesOf(file), route.frames);
  };
}

/** Keeps the last instance read, because clients request multi-frame instances frame by frame. */
class LastInstance {
  private sopUid = '';
  private file: Promise<DicomFile> | undefined;

  read(instance: Instance): Promise<DicomFile> {
    if (this.sopUid !== instance.sopUid || !this.file) {
      this.sopUid = instance.sopUid;
      this.file = readInstance(instance);
      this.file.catch(() => (this.file = undefined));
    }
    return this.file;
  }
}

function found(archive: Archive, scope: Scope): Instance[] {
  const instances = archive.select(scope);
  if (!instances.length)
    throw new HttpError(404, 'The archive has no such study, series or instance.');
  return instances;
}

function choose({ request }: Exchange, offers: Offer[]): Offer {
  const offer = negotiate(request.headers.accept, offers);
  if (offer) return offer;
  const names = offers.map(({ type, part }) => (part ? `${type}; type="${part}"` : type));
  throw new HttpError(406, `Available: ${[...new Set(names)].join(', ')}.`);
}

function send(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  const length = Buffer.byteLength(body);
  response.writeHead(status, { 'content-type': type, 'content-length': length });
  response.end(body);
}

function sendSearch(exchange: Exchange, route: Extract<Route, { kind: 'search' }>): void {
  const { type } = choose(exchange, JSON_OFFERS);
  const query = parseQuery(exchange.url.searchParams);
  const instances = exchange.archive.select(route.scope);
  const rows = search(instances, route.level, query, route.above, exchange.root);
  if (exchange.url.searchParams.get('fuzzymatching') === 'true') {
    exchange.response.setHeader(
      'Warning',
      '299 - "The fuzzymatching parameter is not supported. Only literal matching has been performed."',
    );
  }
  send(exchange.response, 200, type, JSON.stringify(rows));
}

function instanceUrl(root: string, { studyUid, seriesUid, sopUid }: Instance): string {
  return `${root}/studies/${studyUid}/series/${seriesUid}/instances/${sopUid}`;
}

function sendMetadata(exchange: Exchange, scope: Scope): void {
  const { type } = choose(exchange, JSON_OFFERS);
  const datasets = found(exchange.archive, scope).map(instance =>
    withBulkDataUnder(instanceUrl(exchange.root, instance), instance.json),
  );
  send(exchange.response, 200, type, JSON.stringify(datasets));
}

async function sendInstances(exchange: Exchange, scope: Scope): Promise<void> {
  const instances = found(exchange.archive, scope);
  const syntaxes = new Set(instances.map(({ transferSyntaxUid }) => transferSyntaxUid));
  const transferSyntaxUid = syntaxes.size === 1 ? [...syntaxes][0] : undefined;
  const part = 'application/dicom';
  const offers: Offer[] = [{ type: 'multipart/related', part, transferSyntaxUid }];
  if (instances.length === 1) offers.push({ type: part, transferSyntaxUid });
  const offer = choose(exchange, offers);
  if (offer.type === part) {
    const type = `${part};transfer-syntax=${transferSyntaxUid}`;
    return send(exchange.response, 200, type, await readFile(instances[0].file));
  }
  await sendMultipart(
    exchange,
    part,
    instances.map(instance => ({
      headers: {
        'Content-Type': `${part};transfer-syntax=${instance.transferSyntaxUid}`,
        'Content-Location': instanceUrl(exchange.root, instance),
      },
      content: () => readFile(instance.file),
    })),
  );
}

async function sendFrames(
  exchange: Exchange,
  instance: Instance,
  frames: Buffer[],
  wanted: number[],
): Promise<void> {
  const beyond = wanted.find(frame => frame > frames.length);
  if (beyond) {
    throw new HttpError(404, `Frame ${beyond} does not exist; there are ${frames.length}.`);
  }
  const transferSyntaxUid = frameTransferSyntax(instance.transferSyntaxUid);
  const image = frameMediaType(instance.transferSyntaxUid);
  const parts = [OCTETS, ...(image ? [image] : [])];
  const offer = choose(exchange, [
    ...parts.map(part => ({ type: 'multipart/related', part, transferSyntaxUid })),
    ...(wanted.length === 1 ? parts.map(type => ({ type, transferSyntaxUid })) : []),
  ]);
  const part = offer.part ?? offer.type;
  const type = `${part};transfer-syntax=${transferSyntaxUid}`;
  if (!offer.part) return send(exchange.response, 200, type, frames[wanted[0] - 1]);
  await sendMultipart(
    exchange,
    part,
    wanted.map(frame => ({
      headers: {
        'Content-Type': type,
        'Content-Location': `${instanceUrl(exchange.root, instance)}/frames/${frame}`,
      },
      content: async () => frames[frame - 1],
    })),
  );
}

async function sendBulkData(exchange: Exchange, file: DicomFile, way: string[]): Promise<void> {
  const content =
    way.length === 1 && way[0] === '7FE00010'
      ? Buffer.concat(framesOfOrWhole(file))
      : bulkData(file.dataset, way);
  if (!content) throw new HttpError(404, 'The instance has no such value.');
  const offer = choose(exchange, [{ type: 'multipart/related', part: OCTETS }, { type: OCTETS }]);
  if (!offer.part) return send(exchange.response, 200, OCTETS, content);
  const headers = { 'Content-Type': OCTETS, 'Content-Location': exchange.url.href };
  await sendMultipart(exchange, OCTETS, [{ headers, content: async () => content }]);
}

/**
 * Returns the whole value where frames are not whole bytes and lie side by side; otherwise the frames as
 * decoded.
 */
function framesOfOrWhole(file: DicomFile): Buffer[] {
  const whole = bulkData(file.dataset, ['7FE00010']);
  const frames = framesOf(file);
  const size = frames.reduce((sum, frame) => sum + frame.length, 0);
  return whole && whole.length < size ? [whole] : frames;
}

async function sendRendered(exchange: Exchange, instance: Instance, frame: number): Promise<void> {
  const { type } = choose(exchange, [{ type: 'image/png' }]);
  const parameters = exchange.url.searchParams;
  for (const name of parameters.keys()) {
    if (name !== 'window') throw new HttpError(400, `The parameter ${name} is not supported.`);
  }
  const frames = Number(instance.json['00280008']?.Value?.[0] ?? 1);
  if (!instance.json['7FE00010'] || frame > frames) {
    throw new HttpError(404, `Frame ${frame} does not exist.`);
  }
  const png = await renderPng(await readFile(instance.file), frame - 1, parameters.get('window'));
  send(exchange.response, 200, type, png);
}

async function receive(
  exchange: Exchange,
  studyUid: string | undefined,
  bodyLimit: number,
): Promise<void> {
  const { type } = choose(exchange, JSON_OFFERS);
  const boundary = stowBoundary(exchange.request.headers['content-type']);
  const body = await readBody(exchange.request, bodyLimit);
  const { status, dataset } = await store(
    exchange.archive,
    body,
    boundary,
    studyUid,
    exchange.root,
  );
  send(exchange.response, status, type, JSON.stringify(dataset));
}

/** Streams part by part, because a study may be larger than memory. */
async function sendMultipart({ response }: Exchange, type: string, parts: Part[]): Promise<void> {
  const boundary = randomUUID();
  response.writeHead(200, {
    'content-type': `multipart/related; type="${type}"; boundary=${boundary}`,
  });
  async function* chunks() {
    for (const { headers, content } of parts) {
      yield partHead(boundary, headers);
      yield await content();
    }
    yield closing(boundary);
  }
  await pipeline(Readable.from(chunks()), response);
}
