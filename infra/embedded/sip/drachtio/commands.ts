import type { UserAgent } from '../agent/agent.js';
import type { Outcome } from '../agent/application.js';
import { ComposeError } from '../agent/compose.js';
import { serialise } from '../message/serialise.js';
import { parseAppMessage } from './app-message.js';
import type { Client, Clients } from './clients.js';
import { parseTimeout } from '../agent/proxy-rules.js';
import { proxyReplyLeader, replyLeader, requestEchoLeader, responseEchoLeader } from './leader.js';

/** What a verb given to `route` may be: a method in lower case, or a call detail record. */
const VERB = /^(?:[a-z]{2,20}|cdr:(?:attempt|start|stop))$/;

const MAX_TAGS = 20;
const TAG = /^[A-Za-z0-9\-_+@:]{1,32}$/;

/** The comma-separated tags in `authenticate` and `resume`. Invalid ones are dropped. */
export function readTags(token: string | undefined): string[] {
  return (token ?? '')
    .split(',')
    .filter((tag) => TAG.test(tag))
    .slice(0, MAX_TAGS);
}

// Headers that the forwarded request already has, or that the proxy itself writes.
const NOT_BY_PROXY = new Set(['via', 'route', 'record-route', 'max-forwards', 'content-length', 'from', 'to', 'call-id', 'cseq']);

/** One payload taken apart. */
export interface Command {
  readonly id: string;
  readonly type: string;
  /** Tokens behind the type. */
  readonly tokens: readonly string[];
  /** The SIP text, empty when there was none. */
  readonly text: Buffer;
}

/** Splits `leader[CRLF text]`; undefined without an id and a type. */
export function parseCommand(payload: Buffer): Command | undefined {
  const end = payload.indexOf(13);
  const leader = payload.toString('utf8', 0, end < 0 ? payload.length : end);
  const [id = '', type = '', ...tokens] = leader.split('|');
  if (id === '' || type === '' || id.length > 100) return undefined;
  return { id, type, tokens, text: end < 0 ? Buffer.alloc(0) : payload.subarray(end + 2) };
}

/** Carries out a command of an authenticated client. Returns `close` when the protocol wants the connection ended. */
export async function execute(agent: UserAgent, clients: Clients, client: Client, command: Command): Promise<'go on' | 'close'> {
  const { id, tokens } = command;
  switch (command.type) {
    case 'ping':
      client.send(replyLeader(id, 'OK', 'pong'));
      return 'go on';
    case 'route':
    case 'remove_route': {
      const verb = tokens[0] ?? '';
      if (!VERB.test(verb)) {
        client.send(replyLeader(id, 'NO', 'Unknown verb'));
        return 'close';
      }
      if (command.type === 'route') client.verbs.add(verb);
      else client.verbs.delete(verb);
      client.send(replyLeader(id, 'OK'));
      return 'go on';
    }
    case 'resume': {
      // Not part of drachtio's protocol: takes over the dialogs of a lost client, and lists the ids of all dialogs of this client, one per
      // line.
      clients.resume(client, readTags(tokens[0]));
      const ids = [...agent.stack.sessions].filter((session) => session.owner === client && session.confirmed).map((session) => session.id);
      client.send(replyLeader(id, 'OK', String(ids.length)), Buffer.from(ids.join('\r\n'), 'utf8'));
      return 'go on';
    }
    case 'proxy':
      return proxy(agent, client, command);
    case 'sip':
      return sip(agent, client, command);
    default:
      client.send(replyLeader(id, 'NO', 'Unknown message type'));
      return 'close';
  }
}

/** `proxy|<txn>|remainInDialog?|fullResponse?|followRedirects?|serial or simultaneous|<provisional>|<final>|<destination>...` */
function proxy(agent: UserAgent, client: Client, { id, tokens, text }: Command): 'go on' | 'close' {
  const [transactionId = '', remain = '', full = '', follow = '', forking = '', provisional = '', , ...destinations] = tokens;
  if (transactionId === '' || destinations.length === 0) {
    client.send(replyLeader(id, 'NO', 'Invalid proxy request: not enough information provided'));
    return 'close';
  }
  const added = parseAppMessage(text)?.fields.filter(({ key }) => !NOT_BY_PROXY.has(key)) ?? [];
  const refusal = agent.uas.proxy(
    transactionId,
    {
      destinations: destinations.filter((destination) => destination !== ''),
      remain: remain !== '',
      fullResponse: full !== '',
      followRedirects: follow !== '',
      simultaneous: forking === 'simultaneous',
      provisionalTimeoutMs: parseTimeout(provisional),
      headers: added.map(({ name, value }) => [name, value] as const),
    },
    {
      final: (response, flow, bytes) => {
        client.send(proxyReplyLeader(id, flow, bytes, Date.now()), serialise(response));
      },
      done: () => {
        client.send(replyLeader(id, 'OK', 'done'));
      },
    },
  );
  if (refusal !== undefined) client.send(replyLeader(id, 'NOK', refusal));
  return 'go on';
}

async function sip(agent: UserAgent, client: Client, { id, tokens, text }: Command): Promise<'go on' | 'close'> {
  const [transactionId = '', dialogId = '', routeUrl = ''] = tokens;
  const message = parseAppMessage(text);
  if (!message) {
    client.send(replyLeader(id, 'NOK', 'Invalid message format'));
    return 'go on';
  }
  if (message.kind === 'response' && transactionId === '') {
    client.send(replyLeader(id, 'NO', 'transaction id missing'));
    return 'close';
  }
  let outcome: Outcome;
  try {
    if (message.kind === 'response') outcome = agent.uas.respond(transactionId, message);
    else if (dialogId !== '') outcome = await agent.uac.sendInDialog(client, dialogId, message);
    else if (transactionId !== '') {
      outcome =
        message.method === 'CANCEL'
          ? agent.uac.cancel(transactionId, message)
          : { ok: false, reason: 'only CANCEL goes with a transaction id' };
    } else outcome = await agent.uac.send(client, message, routeUrl === '' ? undefined : routeUrl);
  } catch (error) {
    if (!(error instanceof ComposeError)) throw error;
    outcome = { ok: false, reason: error.message };
  }
  if (!outcome.ok) {
    client.send(replyLeader(id, 'NOK', outcome.reason));
    return 'go on';
  }
  const echo = message.kind === 'response' ? responseEchoLeader : requestEchoLeader;
  client.send(echo(id, outcome.sent, Date.now()), serialise(outcome.sent.message));
  return 'go on';
}
