import type { Call } from '../../../services/calls/machine/call.js';
import type { World } from '../world.js';

/** Seats are heard under the agent's name, whichever of their sessions carries the sound. */
export const nameOf = (party: string): string => (party.startsWith('seat:') ? `agent:${party.split(':')[1] ?? ''}` : party);

/** The parties of a call as the relay knows them, by the names of the oracle. */
export function namesIn({ relay }: World, call: Call): (party: string) => string {
  const names = new Map<string, string>();
  const caller = relay.partyOf(call.id);
  if (caller !== undefined) names.set(caller, 'caller');
  const own = `${call.id}-`;
  for (const { id, party } of relay.legs())
    if (party !== undefined && id.startsWith(own)) names.set(party, `number:${id.slice(own.length)}`);
  return (party) => names.get(party) ?? nameOf(party);
}

/** The legs at the relay of one party of a call. */
export function legsOf({ stores }: World, call: Call, part: string): string[] {
  if (part === 'caller') return [call.id];
  if (part.startsWith('number:')) return [`${call.id}-${part.slice('number:'.length)}`];
  const agentId = part.slice('agent:'.length);
  const found: string[] = [];
  for (const seat of stores.seats.values()) if (seat.agentId === agentId && seat.mediaUp) found.push(seat.legId);
  return found;
}
