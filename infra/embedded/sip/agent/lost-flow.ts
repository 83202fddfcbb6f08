import { Headers } from '../message/headers.js';
import { NO_BODY, newCallId, newTag, type SipRequest } from '../message/message.js';
import { hostPort } from '../message/uri.js';
import type { Flow } from '../transport/flow.js';
import type { RegisteredContact } from './contacts.js';
import { endSession } from './self-bye.js';
import type { Stack } from './stack.js';

const CLOSED = 'SIP ;cause=503 ;text="WebSocket closed"';

/** A REGISTER that says what the browser could not say any more: this contact is gone. */
function deregistration({ flow, addressOfRecord, requestUri, contactUri }: RegisteredContact): SipRequest {
  const headers = Headers.empty()
    .add('Via', `SIP/2.0/${flow.protocol.toUpperCase()} ${hostPort(flow.remoteAddress, flow.remotePort)};branch=z9hG4bK-closed`)
    .add('Max-Forwards', '70')
    .add('From', `${addressOfRecord};tag=${newTag()}`)
    .add('To', addressOfRecord)
    .add('Call-ID', newCallId())
    .add('CSeq', '1 REGISTER')
    .add('Contact', `<${contactUri}>;expires=0`)
    .add('Expires', '0')
    .add('Reason', CLOSED);
  return { kind: 'request', method: 'REGISTER', uri: requestUri, headers, body: NO_BODY };
}

/**
 * Tells applications about WebSockets that have died, of which drachtio-server says nothing. The contacts are reported at once, as an
 * unsolicited REGISTER with `Expires: 0`; the dialogs get a grace in which the browser may register again on a new connection, on
 * which they then go on, and end with an unsolicited BYE if it does not. Both kinds of message pass through drachtio-srf unharmed.
 */
export class LostFlows {
  private readonly waiting = new Set<NodeJS.Timeout>();
  private batch: Set<Flow> | undefined;

  constructor(
    private readonly stack: Stack,
    private readonly graceMs: number,
  ) {}

  closed(flow: Flow): void {
    const contacts = this.stack.contacts.flowClosed(flow);
    if (flow.protocol !== 'ws' && flow.protocol !== 'wss') return;
    for (const contact of contacts) {
      const message = deregistration(contact);
      contact.owner.deliver({
        source: 'application',
        message,
        bytes: 0,
        flow,
        transactionId: 'unsolicited',
        dialogId: '',
        outOfDialog: false,
      });
    }
    // Many close together when a network fails; the sessions are then walked once for all of them.
    if (this.batch) {
      this.batch.add(flow);
      return;
    }
    const batch = (this.batch = new Set([flow]));
    setImmediate(() => {
      this.batch = undefined;
      const timer = setTimeout(() => {
        this.waiting.delete(timer);
        this.endSessionsOf(batch);
      }, this.graceMs);
      this.waiting.add(timer);
    });
  }

  close(): void {
    for (const timer of this.waiting) clearTimeout(timer);
    this.waiting.clear();
  }

  private endSessionsOf(flows: ReadonlySet<Flow>): void {
    for (const session of [...this.stack.sessions]) {
      const { flow, dialog } = session;
      if (!flow || !flows.has(flow) || !dialog || dialog.routeSet.length > 0) continue;
      const successor = this.stack.contacts.flowTo(dialog.remoteTarget);
      if (successor) session.flow = successor;
      else if (session.kind === 'INVITE' && session.confirmed) endSession(this.stack, session, CLOSED);
      else if (session.confirmed) this.stack.sessions.remove(session);
    }
  }
}
