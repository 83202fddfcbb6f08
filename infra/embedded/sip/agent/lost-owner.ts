import type { UserAgent } from './agent.js';
import type { Owner } from './application.js';
import { endSession } from './self-bye.js';

const LOST = 'SIP ;cause=503 ;text="Application lost"';

/** An application's connection is gone: what it had under way is answered or cancelled, its dialogs wait. */
export function ownerDetached(agent: UserAgent, owner: Owner): void {
  agent.uas.ownerLost(owner);
  agent.uac.ownerLost(owner);
}

/** Every dialog of one application becomes another's. */
export function ownerReplaced(agent: UserAgent, from: Owner, to: Owner): void {
  for (const session of agent.stack.sessions) if (session.owner === from) session.owner = to;
}

/** Nobody came back: a call without an application is ended on the wire rather than left to hang. */
export function ownerExpired(agent: UserAgent, owner: Owner): void {
  for (const session of [...agent.stack.sessions]) {
    if (session.owner !== owner) continue;
    if (session.kind === 'INVITE' && session.dialog) endSession(agent.stack, session, LOST, false);
    else agent.stack.sessions.remove(session);
  }
}
