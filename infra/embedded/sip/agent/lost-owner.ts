import type { UserAgent } from './agent.js';
import type { Owner } from './application.js';
import { endSession } from './self-bye.js';

const LOST = 'SIP ;cause=503 ;text="Application lost"';
const UNCLAIMED = 'SIP ;cause=503 ;text="Unknown to the application"';

/** The connection of an application is gone: its pending requests are answered or cancelled, and its dialogs wait. */
export function ownerDetached(agent: UserAgent, owner: Owner): void {
  agent.uas.ownerLost(owner);
  agent.uac.ownerLost(owner);
}

/**
 * Passes every dialog of one application to another. The successor sends something in each dialog that it knows (a request, or a 2xx). A
 * dialog without a message after `withinMs` belongs to a call that the successor does not know, and is ended.
 */
export function ownerReplaced(agent: UserAgent, from: Owner, to: Owner, withinMs: number): void {
  const inherited = [...agent.stack.sessions].filter(({ owner }) => owner === from);
  for (const session of inherited) {
    session.owner = to;
    session.claimed = false;
  }
  setTimeout(() => {
    for (const session of inherited)
      if (!session.claimed && !session.ended && session.owner === to && session.kind === 'INVITE')
        endSession(agent.stack, session, UNCLAIMED);
  }, withinMs).unref();
}

/**
 * No application came back. The call is ended on the wire, so that it does not hang. `forgets`: another machine has it, and the peer is not
 * told that it is gone here.
 */
export function ownerExpired(agent: UserAgent, owner: Owner, forgets: boolean): void {
  for (const session of [...agent.stack.sessions]) {
    if (session.owner !== owner) continue;
    if (session.kind === 'INVITE' && session.dialog && !forgets) endSession(agent.stack, session, LOST, false);
    else agent.stack.sessions.remove(session);
  }
}
