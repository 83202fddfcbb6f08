import { nextSequence } from '../dialog/dialog.js';
import { agreedInterval, deadlineMs, type SessionInterval } from '../dialog/session-timer.js';
import { parseCSeq, splitList } from '../message/grammar.js';
import { NO_BODY, type SipRequest, type SipResponse } from '../message/message.js';
import { serialise } from '../message/serialise.js';
import type { AppRequest } from './application.js';
import { composeInDialog } from './compose.js';
import { endSession } from './self-bye.js';
import type { Session } from './session.js';
import type { Stack } from './stack.js';

const EXPIRED = 'SIP ;cause=408 ;text="Session timer expired"';
const REFUSED = 'SIP ;cause=408 ;text="Session refresh failed"';

/**
 * Runs the session timers of RFC 4028, which drachtio-srf does not know: refreshes when that is our task, and ends the call when the peer
 * did not refresh.
 */
export class SessionTimers {
  private readonly timers = new Map<Session, NodeJS.Timeout>();

  constructor(private readonly stack: Stack) {}

  /** A 2xx to INVITE or UPDATE. Each one restarts the timer, or ends it. */
  settled(session: Session, response: SipResponse, sent: boolean): void {
    const method = parseCSeq(response.headers.get('cseq'))?.method;
    if (method !== 'INVITE' && method !== 'UPDATE') return;
    this.stop(session);
    const interval = agreedInterval(response, sent);
    if (interval) this.arm(session, interval);
  }

  stop(session: Session): void {
    clearTimeout(this.timers.get(session));
    this.timers.delete(session);
  }

  close(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }

  private arm(session: Session, interval: SessionInterval): void {
    const timer = setTimeout(() => {
      this.timers.delete(session);
      if (session.ended) return;
      if (interval.refresher === 'remote') endSession(this.stack, session, EXPIRED);
      else this.refresh(session, interval);
    }, deadlineMs(interval));
    timer.unref();
    this.timers.set(session, timer);
  }

  /** UPDATE without a body where the peer allows it, else re-INVITE with the SDP it knows (RFC 4028 section 7.4). */
  private refresh(session: Session, interval: SessionInterval): void {
    const { dialog } = session;
    if (!dialog) return;
    const path = this.stack.paths.inDialog(session, dialog);
    const opened = path.kind === 'none' ? undefined : this.stack.paths.open(path);
    void Promise.resolve(opened).then((flow) => {
      const current = session.dialog;
      if (!current || session.ended) return;
      if (!flow) {
        endSession(this.stack, session, REFUSED);
        return;
      }
      const update = session.peerAllows.includes('UPDATE') || session.localSdp === undefined;
      const app: AppRequest = {
        kind: 'request',
        method: update ? 'UPDATE' : 'INVITE',
        uri: '',
        fields: [
          { key: 'supported', name: 'Supported', value: 'timer' },
          { key: 'session-expires', name: 'Session-Expires', value: `${String(interval.seconds)};refresher=uac` },
        ],
        body: update ? NO_BODY : Buffer.from(session.localSdp ?? '', 'latin1'),
      };
      const sequence = nextSequence(current, undefined);
      const request = composeInDialog(app, current, sequence, flow.listener);
      session.put({ ...current, localSeq: sequence });
      this.stack.transactions.request(request, flow, {
        onResponse: (response) => {
          this.refreshed(session, request, response, interval);
        },
        onTimeout: () => {
          if (!session.ended) endSession(this.stack, session, REFUSED);
        },
        onFailed: () => {
          if (!session.ended) endSession(this.stack, session, REFUSED);
        },
      });
    });
  }

  private refreshed(session: Session, request: SipRequest, response: SipResponse, interval: SessionInterval): void {
    if (response.status < 200 || session.ended || !session.dialog) return;
    if (response.status < 300) {
      if (request.method === 'INVITE') this.acknowledge(session, response);
      this.settled(session, response, false);
      // A peer that leaves the header out of its answer still has the requested timer.
      if (!this.timers.has(session)) this.arm(session, interval);
    } else if (response.status === 491) {
      // Glare with a request of the peer, which refreshes as well. Try again well before the end.
      this.arm(session, { ...interval, seconds: Math.max(4, interval.seconds / 8) });
    } else endSession(this.stack, session, REFUSED);
  }

  private acknowledge(session: Session, response: SipResponse): void {
    const { dialog } = session;
    const flow = session.flow;
    if (!dialog || !flow) return;
    const app: AppRequest = { kind: 'request', method: 'ACK', uri: '', fields: [], body: NO_BODY };
    const ack = composeInDialog(app, dialog, parseCSeq(response.headers.get('cseq'))?.number ?? 0, session.listener);
    const path = this.stack.paths.inDialog(session, dialog);
    void Promise.resolve(path.kind === 'none' ? undefined : this.stack.paths.open(path)).then((opened) => {
      if (opened) opened.send(serialise(this.stack.transactions.withVia(ack, opened)));
    });
  }
}

/** Takes from a message of the peer what a refresh needs. */
export function learnCapabilities(session: Session, message: SipRequest | SipResponse): void {
  const allow = message.headers.all('allow').flatMap(splitList);
  if (allow.length > 0) session.peerAllows = allow.map((method) => method.toUpperCase());
}
