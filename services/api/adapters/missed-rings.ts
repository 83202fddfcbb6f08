import { MISSED_WITHIN_MS } from '../../shared/domain/people/agent-limits.js';
import type { EventOf } from '../../shared/events/catalogue.js';
import type { AgentId } from '../../shared/domain/ids.js';

export interface MissedRings {
  heard(event: EventOf<'call.offer-ended'>): void;
  /** How many rings the agent let pass lately, as far as this process has heard. */
  of(agentId: AgentId): number;
}

/** Counts the rings that agents did not answer. Only from when this process began to hear: after a start the count begins anew. */
export function createMissedRings(nowMs: () => number): MissedRings {
  const missed = new Map<string, readonly number[]>();
  const lately = (agentId: AgentId): readonly number[] => (missed.get(agentId) ?? []).filter((atMs) => nowMs() - atMs < MISSED_WITHIN_MS);
  return {
    heard({ agentId, outcome, at }) {
      if (outcome === 'no-answer') missed.set(agentId, [...lately(agentId), Date.parse(at)]);
    },
    of(agentId) {
      const left = lately(agentId);
      if (left.length === 0) missed.delete(agentId);
      return left.length;
    },
  };
}
