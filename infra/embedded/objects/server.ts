import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { DamagedBlobError, type BlobStore } from './storage/blobs.js';
import type { Catalogue } from './storage/catalogue.js';
import type { Reply } from './operations/exchange.js';
import type { LogEntry } from './log.js';
import { requireAllowed, type Credential } from './rules/policy.js';
import { readRequest } from './protocol/request.js';
import { actionOf, findRoute } from './operations/routes.js';
import { S3Error } from './protocol/s3-error.js';
import { authenticate } from './protocol/signature.js';
import { xml, xmlDocument } from './protocol/xml.js';

const idleMs = 120_000;
const keepAliveMs = 75_000;
const headersMs = 30_000;
/** How long a refused client may go on sending, so that it gets to read the refusal. */
const lingerMs = 3_000;

/** Request ids need to be told apart, not to be secret; drawing each from the random generator cost more than a lookup. */
const processId = randomBytes(4).toString('hex').toUpperCase();
let requests = 0;

export interface ServerDependencies {
  readonly catalogue: Catalogue;
  readonly blobs: BlobStore;
  readonly credentials: ReadonlyMap<string, Credential>;
  readonly log: (entry: LogEntry) => void;
}

/** An HTTP server that speaks S3; it does not listen yet. */
export function createObjectServer(dependencies: ServerDependencies): Server {
  const handle = (message: IncomingMessage, response: ServerResponse): void => void serve(dependencies, message, response);
  // A large upload may take longer than any fixed limit; only silence is bounded.
  const server = createServer({ requestTimeout: 0, headersTimeout: headersMs, keepAliveTimeout: keepAliveMs }, handle);
  server.timeout = idleMs;
  // The client holds back its body, so a refusal reaches it before it has sent any.
  server.on('checkContinue', (message: IncomingMessage, response: ServerResponse) => {
    const read = message[Symbol.asyncIterator].bind(message);
    message[Symbol.asyncIterator] = () => {
      response.writeContinue();
      return read();
    };
    handle(message, response);
  });
  // An unknown expectation is ignored, as in S3.
  server.on('checkExpectation', handle);
  return server;
}

async function serve(dependencies: ServerDependencies, message: IncomingMessage, response: ServerResponse): Promise<void> {
  requests += 1;
  const requestId = `${processId}${requests.toString(16).toUpperCase().padStart(8, '0')}`;
  response.setHeader('x-amz-request-id', requestId);
  response.setHeader('server', 'Proofline');
  try {
    const reply = await answer(dependencies, message);
    await send(message, response, reply);
  } catch (error) {
    fail(dependencies, message, response, error, requestId);
  }
}

async function answer({ catalogue, blobs, credentials }: ServerDependencies, message: IncomingMessage): Promise<Reply> {
  const request = readRequest(message);
  const { accessKey, payload } = authenticate(request, (key) => credentials.get(key)?.secretKey, Date.now());
  const credential = credentials.get(accessKey);
  if (credential === undefined) throw new S3Error('InvalidAccessKeyId');
  const route = findRoute(request);
  requireAllowed(credential, actionOf(route, request), request.bucket);
  return route.run({ request, credential, payload, catalogue, blobs });
}

async function send(message: IncomingMessage, response: ServerResponse, { status, headers = {}, body }: Reply): Promise<void> {
  if (body === undefined || typeof body === 'string') {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const none =
      body === undefined && status !== 204 && status !== 304 && headers['content-length'] === undefined ? { 'content-length': '0' } : {};
    response.writeHead(status, { ...none, ...headers, ...length });
    response.end(message.method === 'HEAD' ? undefined : body);
    return;
  }
  try {
    response.writeHead(status, headers);
    for await (const chunk of body.chunks) {
      if (response.destroyed) return;
      if (!response.write(chunk)) await drained(response);
    }
    response.end();
  } finally {
    body.release();
  }
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
}

/** Not a 500: clients retry those, which repairs no file, and hide the message. */
function refusalOf(error: unknown): S3Error {
  if (error instanceof S3Error) return error;
  if (error instanceof DamagedBlobError) return new S3Error('InvalidObjectState', `The stored file of this object is ${error.damage}.`);
  return new S3Error('InternalError');
}

function fail(
  { catalogue, log }: ServerDependencies,
  message: IncomingMessage,
  response: ServerResponse,
  error: unknown,
  requestId: string,
): void {
  const refusal = refusalOf(error);
  if (error instanceof DamagedBlobError) {
    void catalogue.commit(() => catalogue.putDamage(error.blobId, error.damage)).catch(() => undefined);
    log({ level: 'error', event: 'damaged-object', blobId: error.blobId, damage: error.damage, requestId });
  } else if (!(error instanceof S3Error) && !isAborted(message, error)) {
    log({ level: 'error', event: 'request-failed', requestId, cause: causeOf(error) });
  }
  // Part of the answer has been sent: cutting it short is the only way left to say that it is wrong.
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = xmlDocument(xml('Error', [xml('Code', refusal.code), xml('Message', refusal.message), xml('RequestId', requestId)]));
  const unread = !message.complete;
  const bare = message.method === 'HEAD' || refusal.status === 304;
  response.writeHead(refusal.status, {
    ...refusal.headers,
    ...(bare ? {} : { 'content-type': 'application/xml', 'content-length': String(Buffer.byteLength(body)) }),
    ...(unread ? { connection: 'close' } : {}),
  });
  response.end(bare ? undefined : body);
  if (unread) linger(message);
}

/** Closing on unread bytes would reset the connection, and the client might never see the answer. */
function linger(message: IncomingMessage): void {
  const timer = setTimeout(() => message.destroy(), lingerMs);
  timer.unref();
  message.on('close', () => clearTimeout(timer));
  message.on('error', () => undefined);
  message.resume();
}

const isAborted = (message: IncomingMessage, error: unknown): boolean =>
  message.destroyed && ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE'].includes((error as NodeJS.ErrnoException).code ?? '');

/** File names of the store hold no key; other messages might, so only code and kind are logged. */
const causeOf = (error: unknown): string =>
  error instanceof Error
    ? ((error as NodeJS.ErrnoException).code ?? `${error.name} ${error.stack?.split('\n')[1]?.trim() ?? ''}`)
    : 'unknown';
