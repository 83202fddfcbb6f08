import type { AgentRow } from '../../../../../services/shared/contracts/queues/board.js';
import type { AgentState } from '../../../../../services/shared/domain/people/agent-state.js';

export const orders = ['state', 'name', 'since', 'answered', 'aht', 'occupancy'] as const;
export type Order = (typeof orders)[number];

/** The daily figures shown beside an agent, by their keys in the registry. */
export const todayFigures = ['answered', 'aht', 'occupancy'] as const;
export type TodayFigure = (typeof todayFigures)[number];
/** Null where there is nothing to divide by. */
export type AgentToday = Readonly<Record<TodayFigure, number | null>>;

/** What is known about an agent besides the live row. */
export interface AgentBeside {
  readonly teamId?: string;
  readonly today?: AgentToday;
}

/** A filter of agents by team: all of them, those of one team by its id, or those without a team. */
export const EVERY_TEAM = '*';
export const NO_TEAM = '';

const byState: readonly AgentState[] = ['on-call', 'offered', 'wrap-up', 'ready', 'break', 'away', 'signed-out'];
/** As many rows as can be read at a glance: above this, agents who are not there are left out, unless a name is searched for. */
const SHORT_LIST = 30;
const natural = new Intl.Collator(['zh-CN', 'en'], { numeric: true, sensitivity: 'base' });

interface AskedFor {
  readonly text: string;
  readonly state: AgentState | 'all';
  readonly team?: string;
  readonly order: Order;
}

/**
 * The rows that match, those who ask for help first; names in natural order, so that "Seat 2" comes before "Seat 10". By a figure of today
 * the largest comes first, and agents without one last.
 */
export function shownAgents(
  agents: readonly AgentRow[],
  { text, state, team = EVERY_TEAM, order }: AskedFor,
  beside: (agentId: string) => AgentBeside = () => ({}),
): AgentRow[] {
  const wanted = text.trim().toLowerCase();
  const byName = (a: AgentRow, b: AgentRow): number => natural.compare(a.name, b.name) || natural.compare(a.agentId, b.agentId);
  const figure = (of: AgentRow, key: TodayFigure): number => beside(of.agentId).today?.[key] ?? -1;
  const byFigure =
    (key: TodayFigure) =>
    (a: AgentRow, b: AgentRow): number =>
      figure(b, key) - figure(a, key) || byName(a, b);
  const compare: Record<Order, (a: AgentRow, b: AgentRow) => number> = {
    answered: byFigure('answered'),
    aht: byFigure('aht'),
    occupancy: byFigure('occupancy'),
    name: byName,
    state: (a, b) => byState.indexOf(a.state) - byState.indexOf(b.state) || byName(a, b),
    since: (a, b) => a.since.localeCompare(b.since) || byName(a, b),
  };
  return agents
    .filter((agent) =>
      state === 'all' ? agent.state !== 'signed-out' || agents.length < SHORT_LIST || wanted !== '' : agent.state === state,
    )
    .filter(({ agentId }) => team === EVERY_TEAM || (beside(agentId).teamId ?? NO_TEAM) === team)
    .filter(({ name, agentId }) => `${name} ${agentId}`.toLowerCase().includes(wanted))
    .sort((a, b) => Number(b.help !== undefined) - Number(a.help !== undefined) || compare[order](a, b));
}
