import type { AgentRow } from '../../../../../services/shared/contracts/queues/board.js';
import type { PassedLimit } from '../../../../../services/shared/domain/people/agent-limits.js';
import { agentStates } from '../../../../../services/shared/domain/people/agent-state.js';

export const orders = ['state', 'limits', 'name', 'since', 'answered', 'aht', 'occupancy'] as const;
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
  /** The limits that the agent has passed, the worst first. */
  readonly passed?: readonly PassedLimit[];
  readonly skills?: Readonly<Record<string, number>>;
}

/** A filter of agents by team: all of them, those of one team by its id, or those without a team. */
export const EVERY_TEAM = '*';
export const NO_TEAM = '';

/** What the page shows as a state: somebody who has an account and has never signed in stands beside those who are signed out. */
export const standings = [...agentStates, 'never'] as const;
export type Standing = (typeof standings)[number];

/** A row of the board, or of somebody whom the board does not know because they have not opened a seat. */
export interface ShownAgent extends AgentRow {
  /** Only of people whom the board does not know; null when they have never signed in. */
  readonly lastSignInAt?: string | null;
}
export const standingOf = ({ state, lastSignInAt }: ShownAgent): Standing => (lastSignInAt === null ? 'never' : state);

/** The rows of the board, and after them those of everybody else who has an agent's account. */
export function withAbsent(
  board: readonly AgentRow[],
  listed: readonly { readonly agentId: string; readonly name: string; readonly lastSignInAt: string | null }[],
): ShownAgent[] {
  const known = new Set<string>(board.map(({ agentId }) => agentId));
  const absent = listed.filter(({ agentId }) => !known.has(agentId));
  return [
    ...board,
    ...absent.map(({ agentId, name, lastSignInAt }) => ({
      ...{ agentId, name, lastSignInAt },
      ...{ state: 'signed-out' as const, since: lastSignInAt ?? '', queues: [] },
    })),
  ];
}

/** Any alarm comes before any warning, however far beyond its limit that is. */
const MOST_RATIO = 1_000_000;
const byStanding: readonly Standing[] = ['on-call', 'offered', 'wrap-up', 'ready', 'break', 'away', 'signed-out', 'never'];
const natural = new Intl.Collator(['zh-CN', 'en'], { numeric: true, sensitivity: 'base' });

interface AskedFor {
  readonly text: string;
  readonly state: Standing | 'all';
  readonly team?: string;
  /** Only agents who serve this queue, and who hold this skill. */
  readonly queueId?: string | undefined;
  readonly skill?: string | undefined;
  readonly order: Order;
}

/**
 * The rows that match, those who ask for help first; names in natural order, so that "Seat 2" comes before "Seat 10". By a figure of today
 * the largest comes first, and agents without one last.
 */
export function shownAgents(
  agents: readonly ShownAgent[],
  { text, state, team = EVERY_TEAM, queueId, skill, order }: AskedFor,
  beside: (agentId: string) => AgentBeside = () => ({}),
): ShownAgent[] {
  const wanted = text.trim().toLowerCase();
  const byName = (a: ShownAgent, b: ShownAgent): number => natural.compare(a.name, b.name) || natural.compare(a.agentId, b.agentId);
  const figure = (of: ShownAgent, key: TodayFigure): number => beside(of.agentId).today?.[key] ?? -1;
  const byFigure =
    (key: TodayFigure) =>
    (a: ShownAgent, b: ShownAgent): number =>
      figure(b, key) - figure(a, key) || byName(a, b);
  const worst = (of: ShownAgent): number => {
    const [first] = beside(of.agentId).passed ?? [];
    return first === undefined ? 0 : (first.level === 'alarm' ? MOST_RATIO : 0) + Math.min(first.value / first.limit, MOST_RATIO);
  };
  const compare: Record<Order, (a: ShownAgent, b: ShownAgent) => number> = {
    answered: byFigure('answered'),
    aht: byFigure('aht'),
    occupancy: byFigure('occupancy'),
    name: byName,
    limits: (a, b) => worst(b) - worst(a) || byName(a, b),
    state: (a, b) => byStanding.indexOf(standingOf(a)) - byStanding.indexOf(standingOf(b)) || byName(a, b),
    // Whoever has never signed in comes after everybody who did.
    since: (a, b) => Number(a.since === '') - Number(b.since === '') || a.since.localeCompare(b.since) || byName(a, b),
  };
  return agents
    .filter((agent) => state === 'all' || standingOf(agent) === state)
    .filter(({ agentId }) => team === EVERY_TEAM || (beside(agentId).teamId ?? NO_TEAM) === team)
    .filter(({ queues }) => queueId === undefined || queues.includes(queueId))
    .filter(({ agentId }) => skill === undefined || (beside(agentId).skills?.[skill] ?? 0) > 0)
    .filter(({ name, agentId }) => `${name} ${agentId}`.toLowerCase().includes(wanted))
    .sort((a, b) => Number(b.help !== undefined) - Number(a.help !== undefined) || compare[order](a, b));
}
