import type { Trunk } from '../../shared/contracts/calls/flow.js';
import { SEAT_REALM, seatPassword } from '../../shared/platform/events/live-sessions.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import { createDigest, parseDigest } from '../adapters/digest.js';
import type { SeatOwner, SipInvite } from '../ports.js';
import type { AgentId } from '../../shared/domain/ids.js';

export interface Credentials {
  /** Whether the INVITE has these credentials; otherwise it has been challenged. */
  mayPass(invite: SipInvite, expected: Trunk['digest']): Promise<boolean>;
  /** The agent whose live sign-in the digest proves; undefined once a challenge or a refusal was sent. */
  seatAgent(request: SipInvite): Promise<{ agentId: AgentId; sessionId: string } | undefined>;
}

/** Identifies the sender of an INVITE by digest (RFC 7616). */
export function createCredentials({
  seatKey,
  seatOwner,
  nowMs,
  log,
}: {
  readonly seatKey: string;
  readonly seatOwner: SeatOwner;
  readonly nowMs: () => number;
  readonly log: Logger;
}): Credentials {
  const digest = createDigest({ key: seatKey, realm: SEAT_REALM, nowMs });
  return {
    async mayPass(invite: SipInvite, expected: Trunk['digest']): Promise<boolean> {
      const answer = parseDigest(invite.header('Authorization'));
      const verdict =
        answer === undefined || answer.username !== expected?.username ? 'wrong' : digest.check(answer, invite.method, expected.password);
      if (verdict === 'right') return true;
      await invite.refuse('not-signed-in', { 'WWW-Authenticate': digest.challenge(verdict === 'stale') });
      return false;
    },

    async seatAgent(request: SipInvite): Promise<{ agentId: AgentId; sessionId: string } | undefined> {
      const answer = parseDigest(request.header('Authorization'));
      if (answer === undefined) {
        await request.refuse('not-signed-in', { 'WWW-Authenticate': digest.challenge() });
        return undefined;
      }
      const verdict = digest.check(answer, request.method, seatPassword(seatKey, answer.username));
      if (verdict === 'stale') {
        await request.refuse('not-signed-in', { 'WWW-Authenticate': digest.challenge(true) });
        return undefined;
      }
      const owner = verdict === 'right' ? await seatOwner(answer.username) : undefined;
      if (owner === undefined) {
        log.warn({ method: request.method }, 'seat credential refused');
        await request.refuse('not-allowed');
        return undefined;
      }
      return { agentId: owner.agentId, sessionId: answer.username };
    },
  };
}
