import { randomUUID } from 'node:crypto';
import type { Delivery, Sent } from '../agent/application.js';
import { withoutBrackets } from '../message/uri.js';
import type { Flow, Protocol } from '../transport/flow.js';

/** `HH:MM:SS.uuuuuu` UTC, as every leader carries it. */
export function timeOfDay(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(11, 23)}000`;
}

/** drachtio-server reports WebSockets as tcp; this server reports their real transport. */
function protocolName(protocol: Protocol): string {
  return protocol;
}

function ofFlow(flow: Flow | undefined): readonly [protocol: string, address: string, port: string] {
  return flow ? [protocolName(flow.protocol), flow.remoteAddress, String(flow.remotePort)] : ['', '', '0'];
}

function ofListener(flow: Flow | undefined): readonly [protocol: string, address: string, port: string] {
  return flow ? [protocolName(flow.protocol), withoutBrackets(flow.listener.host), String(flow.listener.port)] : ['', '', '0'];
}

/** The leader of a SIP message to the application. */
export function deliveryLeader(delivery: Delivery, atMs: number): string {
  const { source, bytes, flow, transactionId, dialogId } = delivery;
  const where = source === 'network' ? ofFlow(flow) : ofListener(flow);
  const tokens = [randomUUID(), 'sip', source, String(bytes), ...where, timeOfDay(atMs), transactionId, dialogId];
  if (delivery.outOfDialog && flow) tokens.push(withoutBrackets(flow.listener.host), String(flow.listener.port));
  return `${tokens.join('|')}|`;
}

/** The leader of a plain answer: `OK`, `NO` or `NOK` with its details. */
export function replyLeader(requestId: string, status: 'OK' | 'NO' | 'NOK', ...data: readonly string[]): string {
  return [randomUUID(), 'response', requestId, status, ...data].join('|');
}

/** The leader of the echo of a sent request. drachtio-srf reads the transaction id at token 10. */
export function requestEchoLeader(requestId: string, sent: Sent, atMs: number): string {
  const tokens = ['application', String(sent.bytes), ...ofListener(sent.flow), timeOfDay(atMs), sent.transactionId, 'Msg sent:', ''];
  return replyLeader(requestId, 'OK', ...tokens);
}

/** The leader of the echo of a sent response. `createUAS` uses the dialog id at token 11. */
export function responseEchoLeader(requestId: string, sent: Sent, atMs: number): string {
  const tokens = [
    'application',
    String(sent.bytes),
    ...ofFlow(sent.flow),
    timeOfDay(atMs),
    sent.transactionId,
    sent.dialogId,
    '',
    'Msg sent:',
    '',
  ];
  return replyLeader(requestId, 'OK', ...tokens);
}

/** The leader of a final response to a proxied request. `continue` at token 12 keeps drachtio-srf waiting for more. */
export function proxyReplyLeader(requestId: string, flow: Flow | undefined, bytes: number, atMs: number): string {
  return replyLeader(requestId, 'OK', 'network', String(bytes), ...ofFlow(flow), timeOfDay(atMs), '', '', 'continue');
}
