import type { AgentId, CallId } from '../../shared/domain/ids.js';
export interface Sampled {
  readonly callId: CallId;
  readonly agentId: AgentId;
}

/** SHA-256 of text, hex. */
export type Hash = (text: string) => string;

/**
 * Draws `quota` calls for each agent by a seed that is printed with the result: the place of a call is the hash of seed and call, so that
 * anybody can repeat the draw with the same result, and nobody can choose. All calls of an agent with fewer are taken.
 */
export function drawSample(calls: readonly Sampled[], quota: number, seed: string, hash: Hash): Sampled[] {
  const byAgent = new Map<string, Sampled[]>();
  for (const call of calls) byAgent.set(call.agentId, [...(byAgent.get(call.agentId) ?? []), call]);
  return [...byAgent.keys()].sort().flatMap((agentId) =>
    (byAgent.get(agentId) ?? [])
      .map((call) => ({ call, place: hash(`${seed}:${call.callId}`) }))
      .sort((a, b) => (a.place < b.place ? -1 : 1))
      .slice(0, quota)
      .map(({ call }) => call),
  );
}
