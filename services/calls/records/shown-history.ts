import type { Mark } from '../../shared/records/call.js';
import type { AgentId } from '../../shared/domain/ids.js';

/** A line of the history, as it is stored or as it came over the wire. */
interface LooseMark extends Pick<Mark, 'what'> {
  readonly agentId?: AgentId | undefined;
  readonly detail?: string | undefined;
}

/**
 * The history of a call for the agents who were in it: without anyone who only listened or whispered, whatever the rule of the site was. A
 * supervisor who barged in was heard: for the agents, that supervisor came when barging in and left when the mode changed.
 */
export function historyForAgents<M extends LooseMark>(history: readonly M[]): M[] {
  const unseen = new Set<string>();
  const seen = new Set<string>();
  return history.flatMap((mark): M[] => {
    const { what, agentId, detail } = mark;
    if (agentId === undefined) return [mark];
    if (what === 'party-joined' && (detail === 'listen' || detail === 'whisper')) {
      unseen.add(agentId);
      return seen.delete(agentId) ? [{ ...mark, what: 'party-left', detail: 'monitor' }] : [];
    }
    if (what === 'party-left' && unseen.delete(agentId)) return [];
    if (what === 'party-joined') {
      unseen.delete(agentId);
      // Only a supervisor who barged in can go on listening afterwards.
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
