import type { SipRequest } from '../message/message.js';
import type { Flow } from '../transport/flow.js';
import { defaultContact } from './compose.js';

// Above this a request does not go out as a datagram when the path's MTU is not known (RFC 3261 section 18.1.1); our Via is still to come.
const LARGEST_DATAGRAM_BYTES = 1_300 - 120;

/** Whether a request, still without its Via, is too large for UDP. */
export function exceedsDatagram(request: SipRequest): boolean {
  let bytes = request.method.length + request.uri.length + request.body.length;
  for (const { name, value } of request.headers) bytes += name.length + value.length + 4;
  return bytes > LARGEST_DATAGRAM_BYTES;
}

/** Lets the Contact this server gave a request follow it to another socket; one the application chose stays. */
export function moveContact(request: SipRequest, from: Flow, to: Flow): void {
  if (request.headers.get('contact') === defaultContact(from.listener)) request.headers.set('Contact', defaultContact(to.listener));
}
