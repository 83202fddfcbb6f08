import { dialogAsUac } from '../dialog/dialog.js';
import { parseCSeq, tagOf } from '../message/grammar.js';
import { NO_BODY, type SipRequest, type SipResponse } from '../message/message.js';
import { serialise } from '../message/serialise.js';
import type { Flow } from '../transport/flow.js';
import type { Owner } from './application.js';
import { composeInDialog } from './compose.js';
import { endSession } from './self-bye.js';
import { Session, ackKey, repeatAck } from './session.js';
import type { Stack } from './stack.js';

const NOBODY: Owner = { attached: false, isGone: false, deliver: () => undefined };

/**
 * 2xx responses to an INVITE of ours after the first one. One object serves all calls: what it needs is in the response, or in the session
 * while there is one, so that an ended call leaves nothing behind.
 */
export class LateAnswers {
  constructor(private readonly stack: Stack) {}

  onResponse(response: SipResponse, flow: Flow): void {
    const localTag = tagOf(response.headers.get('from')) ?? '';
    const session = this.stack.sessions.find(response.headers.get('call-id') ?? '', localTag);
    const key = ackKey(response);
    if (session?.acks.has(key) === true) repeatAck(session.acks.get(key));
    else if (session === undefined || session.currentTag !== tagOf(response.headers.get('to')))
      this.refuse(session, { ...response, headers: response.headers.clone().remove('contact') }, response, flow);
  }

  /**
   * A response that belongs to no call, from another fork or for a call that was ended meanwhile. It is acknowledged and ended at once (RFC
   * 3261 section 13.2.2.4).
   * @param asked the INVITE's own From, Call-ID, CSeq and Contact.
   */
  refuse(session: Session | undefined, asked: SipRequest | SipResponse, response: SipResponse, flow: Flow): void {
    const request: SipRequest = { kind: 'request', method: 'INVITE', uri: '', headers: asked.headers, body: NO_BODY };
    const dialog = dialogAsUac(request, response);
    if (dialog.remoteTarget === '') return;
    const { callId, localTag } = dialog;
    const id = session?.id ?? `${callId};from-tag=${localTag}`;
    const fork = new Session(id, 'INVITE', 'uac', session?.owner ?? NOBODY, session?.listener ?? flow.listener, callId, localTag);
    fork.flow = flow;
    fork.origin = flow;
    fork.put(dialog, true);
    const number = parseCSeq(response.headers.get('cseq'))?.number ?? 1;
    const ack = composeInDialog({ kind: 'request', method: 'ACK', uri: '', fields: [], body: NO_BODY }, dialog, number, fork.listener);
    const data = serialise(this.stack.transactions.withVia(ack, flow));
    session?.acks.set(ackKey(response), { text: data.toString('latin1'), flow });
    flow.send(data);
    if (session?.currentTag === dialog.remoteTag) this.stack.sessions.remove(session);
    endSession(this.stack, fork, 'SIP ;cause=200 ;text="Answered elsewhere"', false);
  }
}
