import { z } from 'zod';
import type { Decision } from '../agent/application.js';
import { parseTimeout } from '../agent/proxy-rules.js';
import type { Log } from '../log.js';
import { parseNameAddr } from '../message/grammar.js';
import type { SipRequest } from '../message/message.js';
import { serialise } from '../message/serialise.js';
import { parseUri } from '../message/uri.js';
import type { Flow } from '../transport/flow.js';
import { offered, type Client, type Clients } from './clients.js';
import type { OutboundTarget } from './outbound.js';

/** A web service that decides about new requests. */
export interface RequestHandler {
  readonly url: string;
  /** GET sends the request in the query, POST sends it whole. */
  readonly method: 'GET' | 'POST';
}

// Shorter than the time for which the sender of an INVITE waits for anything above 100, and than the 4 s after which others repeat slowly.
const ANSWER_WITHIN_MS = 3_000;
const MAX_ANSWER_BYTES = 64 * 1_024;

const uri = z.string().refine((text) => parseUri(text) !== undefined, 'no URI');
const timeout = z
  .string()
  .optional()
  .transform((text) => parseTimeout(text));
const answer = z.discriminatedUnion('action', [
  z.object({ action: z.literal('reject'), data: z.object({ status: z.int().min(300).max(699), reason: z.string().max(200).optional() }) }),
  z.object({ action: z.literal('redirect'), data: z.object({ contact: z.union([uri, z.array(uri).min(1).max(20)]) }) }),
  z.object({
    action: z.literal('proxy'),
    data: z.object({
      destination: z.union([uri, z.array(uri).min(1).max(20)]),
      recordRoute: z.boolean().default(false),
      followRedirects: z.boolean().default(false),
      simultaneous: z.boolean().default(false),
      provisionalTimeout: timeout,
    }),
  }),
  z.object({
    action: z.literal('route'),
    data: z.union([z.object({ tag: z.string().min(1).max(32) }), z.object({ uri: z.string().min(1).max(300) })]),
  }),
]);
type Answer = z.infer<typeof answer>;

/** `host:port;transport=tcp|tls` of an application that listens; undefined when the text is not one. */
function listeningApplication(text: string): OutboundTarget | undefined {
  const match = /^(?:sip:)?\[?([^\s\];]+?)\]?:(\d{1,5})(?:;transport=(tcp|tls))?$/.exec(text);
  return match ? { host: match[1] ?? '', port: Number(match[2]), secure: match[3] === 'tls' } : undefined;
}

function userOf(value: string | undefined): string {
  return parseUri(parseNameAddr(value ?? '')?.uri ?? '')?.user ?? '';
}

/** The query parameters that drachtio-server sends with a GET. */
function queryOf(request: SipRequest, flow: Flow): URLSearchParams {
  const requestUri = parseUri(request.uri);
  return new URLSearchParams([
    ['method', request.method],
    ['domain', requestUri?.host ?? ''],
    ['protocol', flow.protocol],
    ['source_address', flow.remoteAddress],
    ['fromUser', userOf(request.headers.get('from'))],
    ['toUser', userOf(request.headers.get('to'))],
    ['uriUser', requestUri?.user ?? ''],
    ['contentType', request.headers.get('content-type') ?? ''],
    ['uri', request.uri],
    ...(requestUri?.params ?? []),
  ]);
}

async function ask(handler: RequestHandler, request: SipRequest, flow: Flow): Promise<unknown> {
  const url = new URL(handler.url);
  for (const [name, value] of queryOf(request, flow)) url.searchParams.set(name, value);
  const response = await fetch(url, {
    method: handler.method,
    redirect: 'error',
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    ...(handler.method === 'POST' ? { body: new Uint8Array(serialise(request)), headers: { 'content-type': 'message/sip' } } : {}),
  });
  if (!response.ok) throw new Error(`status ${String(response.status)}`);
  const text = await response.text();
  if (text.length > MAX_ANSWER_BYTES) throw new Error('answer too large');
  return JSON.parse(text);
}

/** Throws a sentence when the text is not the address of a web service. */
export function parseHandlerUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new Error('a request handler looks like http://127.0.0.1:8080/calls');
  return text;
}

/**
 * Asks a web service for its decision, as drachtio-server's request handlers do. When the service cannot be reached, the request is
 * answered 480; for an invalid answer, 500.
 */
export function httpDecisions(
  handler: RequestHandler,
  clients: Clients,
  connect: (target: OutboundTarget) => Promise<Client | undefined>,
  log: Log,
): (request: SipRequest, flow: Flow) => Promise<Decision> {
  const carryOut = async (given: Answer, request: SipRequest): Promise<Decision> => {
    switch (given.action) {
      case 'reject':
        return {
          kind: 'answer',
          status: given.data.status,
          ...(given.data.reason === undefined ? {} : { reason: oneLine(given.data.reason) }),
        };
      case 'redirect':
        return { kind: 'answer', status: 302, contacts: [given.data.contact].flat() };
      case 'proxy': {
        const { destination, recordRoute, followRedirects, simultaneous, provisionalTimeout } = given.data;
        return {
          kind: 'proxy',
          order: {
            destinations: [destination].flat(),
            remain: recordRoute,
            fullResponse: false,
            followRedirects,
            simultaneous,
            provisionalTimeoutMs: provisionalTimeout,
            headers: [],
          },
        };
      }
      case 'route': {
        if ('tag' in given.data) return offered(clients.next(request.method.toLowerCase(), given.data.tag), 480);
        const target = listeningApplication(given.data.uri);
        return target ? offered(await connect(target), 480) : { kind: 'answer', status: 500 };
      }
    }
  };
  return async (request, flow) => {
    let given: unknown;
    try {
      given = await ask(handler, request, flow);
    } catch (error) {
      log('warn', 'request handler failed', { error: error instanceof Error ? error.name : 'unknown' });
      return { kind: 'answer', status: error instanceof SyntaxError ? 500 : 480 };
    }
    const parsed = answer.safeParse(given);
    if (parsed.success) return carryOut(parsed.data, request);
    log('warn', 'request handler answered nonsense', { problem: parsed.error.issues[0]?.path.join('.') ?? '' });
    return { kind: 'answer', status: 500 };
  };
}

function oneLine(text: string): string {
  return text.replace(/[^\P{Cc}]/gu, ' ');
}
