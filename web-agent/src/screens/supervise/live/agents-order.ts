import type { AgentRow } from '../../../../../services/shared/contracts/queues/board.js';
import type { AgentState } from '../../../../../services/shared/domain/people/agent-state.js';

export const orders = ['state', 'name', 'since'] as const;
export type Order = (typeof orders)[number];

const byState: readonly AgentState[] = ['on-call', 'offered', 'wrap-up', 'ready', 'break', 'away', 'signed-out'];
/** So many rows are read at a glance: beyond that those who are not there are left out, unless a name is searched for. */
const SHORT_LIST = 30;
const natural = new Intl.Collator(['zh-CN', 'en'], { numeric: true, sensitivity: 'base' });

/** The rows that fit what is asked for, whoever asks for help first; names in the order in which people count, so that "Seat 2" comes before "Seat 10". */
export function shownAgents(
  agents: readonly AgentRow[],
  { text, state, order }: { readonly text: string; readonly state: AgentState | 'all'; readonly order: Order },
): AgentRow[] {
  const wanted = text.trim().toLowerCase();
  const byName = (a: AgentRow, b: AgentRow): number => natural.compare(a.name, b.name) || natural.compare(a.agentId, b.agentId);
  const compare: Record<Order, (a: AgentRow, b: AgentRow) => number> = {
    name: byName,
    state: (a, b) => byState.indexOf(a.state) - byState.indexOf(b.state) || byName(a, b),
    since: (a, b) => a.since.localeCompare(b.since) || byName(a, b),
  };
  return agents
    .filter((agent) =>
      state === 'all' ? agent.state !== 'signed-out' || agents.length < SHORT_LIST || wanted !== '' : agent.state === state,
    )
    .filter(({ name, agentId }) => `${name} ${agentId}`.toLowerCase().includes(wanted))
    .sort((a, b) => Number(b.help !== undefined) - Number(a.help !== undefined) || compare[order](a, b));
}
