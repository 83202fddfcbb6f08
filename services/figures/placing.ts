import type { ReportScope } from '../shared/domain/figures/report.js';
import type { AgentId } from '../shared/domain/ids.js';
import type { FactPlace } from './fold.js';

/** What decides in which line of a report a fact counts. */
export interface Placed {
  readonly by: ReportScope;
  /** Whether the states of all agents are counted; their wrap-ups always are. */
  readonly withStates: boolean;
  /** Whether a fact counts for this reader and these filters; not called for agents' sums and for states. */
  readonly isReached?: (place: FactPlace, atMs: number) => boolean;
  /** Where only some agents count: whether one does; called for agents' sums and for states. */
  readonly isMember?: ((agentId: AgentId, atMs: number) => boolean) | undefined;
  /** The team of an agent at a moment. */
  readonly teamOf?: (agentId: AgentId, atMs: number) => string | undefined;
  /** The site of a service number on the day of a moment. */
  readonly siteOf?: (called: string, atMs: number) => string | undefined;
}

/** The scope of a fact; undefined if it has none. */
function scopeOf(
  by: Exclude<ReportScope, 'team' | 'site'>,
  { queueId, called, trunkId, clientUnit, agentId, result }: FactPlace,
): string | undefined {
  switch (by) {
    case 'all':
      return '';
    case 'queue':
      return queueId;
    case 'number':
      return called;
    case 'trunk':
      return trunkId;
    case 'client':
      return clientUnit ?? '';
    case 'result':
      return result ?? '';
    case 'agent':
      return agentId;
  }
}

/** Finds the line of a fact, by its scope; undefined where it counts in none. */
export function createPlacing({
  by,
  withStates,
  isReached = () => true,
  isMember,
  teamOf = () => undefined,
  siteOf = () => undefined,
}: Placed) {
  const isOfAgents = by === 'agent' || by === 'team';
  function ofAgent(atMs: number, agentId: AgentId): string | undefined {
    if (isMember !== undefined && !isMember(agentId, atMs)) return undefined;
    return by === 'team' ? (teamOf(agentId, atMs) ?? '') : by === 'agent' ? agentId : '';
  }
  return {
    ofAgent,
    ofFact(atMs: number, place: FactPlace): string | undefined {
      if (!isReached(place, atMs)) return undefined;
      if (by === 'team') return place.agentId === undefined ? undefined : ofAgent(atMs, place.agentId);
      if (by === 'site') return place.called === undefined ? undefined : (siteOf(place.called, atMs) ?? '');
      return scopeOf(by, place);
    },
    ofState: (atMs: number, agentId: AgentId): string | undefined =>
      withStates && (by === 'all' || isOfAgents) ? ofAgent(atMs, agentId) : undefined,
  };
}
