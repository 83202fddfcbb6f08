import { randomUUID } from 'node:crypto';
import { nextSequence } from '../dialog/dialog.js';
import { NO_BODY, type SipRequest } from '../message/message.js';
import { composeInDialog } from './compose.js';
import type { Session } from './session.js';
import type { Stack } from './stack.js';

const IGNORE = { onResponse: () => undefined, onTimeout: () => undefined, onFailed: () => undefined };

/**
 * Ends a session by the server's own decision: sends BYE to the peer, removes the session, and shows the same BYE to the application as
 * `unsolicited`, which drachtio-srf turns into its `destroy` event with the text of Reason.
 * @param reason a Reason header value (RFC 3326).
 */
export function endSession(stack: Stack, session: Session, reason: string, tellApplication = true): void {
  const { dialog } = session;
  stack.sessions.remove(session);
  if (!dialog) return;
  const bye = composeInDialog(
    { kind: 'request', method: 'BYE', uri: '', fields: [{ key: 'reason', name: 'Reason', value: reason }], body: NO_BODY },
    dialog,
    nextSequence(dialog, undefined),
    session.listener,
  );
  const tell = (request: SipRequest, bytes: number): void => {
    if (!tellApplication) return;
    session.owner.deliver({
      source: 'application',
      message: request,
      bytes,
      flow: undefined,
      transactionId: 'unsolicited',
      dialogId: session.id,
      outOfDialog: false,
    });
  };
  const path = stack.paths.inDialog(session, dialog);
  const opened = path.kind === 'none' ? undefined : stack.paths.open(path);
  void Promise.resolve(opened).then((flow) => {
    const sent = flow && stack.transactions.request(bye, flow, IGNORE);
    stack.records.stop('application', reason.includes('Session timer') ? 'session-expired' : 'system-initiated-termination', bye);
    tell(bye, sent?.bytes ?? 0);
  });
}

export function newTransactionId(): string {
  return randomUUID();
}
