import type { UserAgent } from './agent.js';
import type { Owner } from './application.js';
import { endSession } from './self-bye.js';

const LOST = 'SIP ;cause=503 ;text="Application lost"';
const UNCLAIMED = 'SIP ;cause=503 ;text="Unknown to the application"';

/** An application's connection is gone: what it had under way is answered or cancelled, its dialogs wait. */
export function ownerDetached(agent: UserAgent, owner: Owner): void {
  agent.uas.ownerLost(owner);
  agent.uac.ownerLost(owner);
}

/**
 * Every dialog of one application becomes another's. The successor speaks in each that it knows of (a request, or a 2xx to one); what it has
 * not spoken in after `withinMs` is a call that it never heard of, and is ended.
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

/** Nobody came back: a call without an application is ended on the wire rather than left to hang. */
export function ownerExpired(agent: UserAgent, owner: Owner): void {
  for (const session of [...agent.stack.sessions]) {
    if (session.owner !== owner) continue;
    if (session.kind === 'INVITE' && session.dialog) endSession(agent.stack, session, LOST, false);
    else agent.stack.sessions.remove(session);
  }
}
