import type { SipRequest } from '../message/message.js';
import type { Flow } from '../transport/flow.js';
import { defaultContact } from './compose.js';

// A larger request is not sent as a datagram when the MTU of the path is unknown (RFC 3261 section 18.1.1). Our Via is still to be added.
const LARGEST_DATAGRAM_BYTES = 1_300 - 120;

/** Whether a request, still without its Via, is too large for UDP. */
export function exceedsDatagram(request: SipRequest): boolean {
  let bytes = request.method.length + request.uri.length + request.body.length;
  for (const { name, value } of request.headers) bytes += name.length + value.length + 4;
  return bytes > LARGEST_DATAGRAM_BYTES;
}

/** Adapts the Contact that this server gave a request to another socket. A Contact chosen by the application stays. */
export function moveContact(request: SipRequest, from: Flow, to: Flow): void {
  if (request.headers.get('contact') === defaultContact(from.listener)) request.headers.set('Contact', defaultContact(to.listener));
}
