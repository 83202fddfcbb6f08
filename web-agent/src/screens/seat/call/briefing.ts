import type { UseQueryResult } from '@tanstack/react-query';
import type { Briefing } from '../../../../../services/shared/contracts/workspace.js';
import { currentCall, type Phone } from '../../../phone/phone.js';
import { useRead } from '../../../session/use-server.js';

/** What is known about the caller of a call, and what to say. */
export const useBriefing = (callId: string | null): UseQueryResult<Briefing> =>
  useRead('/contacts/:callId', { params: { callId: callId ?? '' }, enabled: callId !== null });

/** The call that the agent writes about: the current one, else the one in wrap-up, else the last one until the next rings. */
export function writtenCall({ agent, lastEnd, ...phone }: Phone): string | null {
  const going = currentCall({ agent, lastEnd, ...phone });
  if (going !== null) return going.callId;
  if (agent?.undisposedCallId !== undefined) return agent.undisposedCallId;
  if (agent?.state === 'wrap-up' && agent.callId !== undefined) return agent.callId;
  return phone.offer === null && lastEnd !== null && talked.has(lastEnd.cause) ? lastEnd.callId : null;
}

/** The call whose wrap-up runs. */
export const wrappedUpCall = ({ agent }: Pick<Phone, 'agent'>): string | null =>
  agent?.state === 'wrap-up' ? (agent.callId ?? agent.undisposedCallId ?? null) : null;

/** Causes of an end after which there is something to write. */
const talked = new Set([
  'completed',
  'transferred',
  'left-conference',
  'consult-ended',
  'media-failure',
  'seat-lost',
  'ended-by-supervisor',
]);
