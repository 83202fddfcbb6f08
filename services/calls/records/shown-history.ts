import type { Mark } from '../../shared/records/call.js';

/**
 * The history of a call for the agents who were in it: without whoever only listened or whispered, whatever the rule of the site was. A
 * supervisor who barged in was heard: to the agents that one came with the barging in and left with the next mode.
 */
export function historyForAgents(history: readonly Mark[]): Mark[] {
  const unseen = new Set<string>();
  const seen = new Set<string>();
  return history.flatMap((mark): Mark[] => {
    const { what, agentId, detail } = mark;
    if (agentId === undefined) return [mark];
    if (what === 'party-joined' && (detail === 'listen' || detail === 'whisper')) {
      unseen.add(agentId);
      const { atMs } = mark;
      return seen.delete(agentId) ? [{ atMs, what: 'party-left', agentId, detail: 'monitor' }] : [];
    }
    if (what === 'party-left' && unseen.delete(agentId)) return [];
    if (what === 'party-joined') {
      unseen.delete(agentId);
      // Only who barged in can go on listening afterwards.
      if (detail === 'barge') seen.add(agentId);
    }
    if (what === 'party-left') seen.delete(agentId);
    if (what === 'transferred' || what === 'agent-answered') {
      unseen.delete(agentId);
      seen.delete(agentId);
    }
    return [mark];
  });
}
