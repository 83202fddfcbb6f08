import type { CommandBus } from '../../shared/contracts/calls/commands.js';
import type { Principal } from '../../shared/domain/people/rights.js';
import { isMember } from '../../shared/domain/people/team.js';
import type { PlaceReach } from '../../shared/platform/reach/place-reach.js';
import { isScoped, type ReachOf } from '../../shared/platform/reach/reach.js';
import { route, type Audit, type Route } from '../../shared/platform/http/route.js';
import type { Reads } from '../../shared/records/reads.js';
import type { MakeListFile } from '../files/list-file.js';
import type { SiteDays } from '../ports.js';
import { createAdherenceRoutes } from './adherence-http.js';
import { readAbandoned, type AbandonedVisit } from './abandoned.js';
import { readAgentTiles } from './agent-tiles.js';
import { createListFileRoutes } from './file-http.js';
import { listDaysOf } from './list-reads.js';
import { matrixOf, readTransfers, transfersBehind, type Transfer } from './transfers.js';
import type { AgentId } from '../../shared/domain/ids.js';

export interface ListsHttp {
  readonly reads: Pick<Reads, 'accounts' | 'agentStates' | 'calls' | 'registerEntries' | 'visits'>;
  readonly days: SiteDays;
  readonly reachOf: ReachOf;
  readonly places: Pick<PlaceReach, 'agents'>;
  readonly commands: Pick<CommandBus, 'send'>;
  readonly makeFile: MakeListFile;
  readonly audit: Audit;
  readonly now: () => Date;
}

/** Lists of a period, made of the same facts as the reports: abandoned callers, transfers, agents' days. */
export function createListRoutes(needs: ListsHttp): Route[] {
  const { reads, days, reachOf, places, commands, now } = needs;
  function spanOf(from: string, to: string) {
    return listDaysOf(days, from, to).span;
  }

  /** With a scope: the agents who now serve one of its queues, and the person. */
  async function seesAgent(principal: Principal): Promise<(agentId: AgentId, atMs: number) => boolean> {
    if (!isScoped(principal)) return () => true;
    // Memberships change over time: the members on that day count.
    const { members } = await reachOf(principal);
    if (members !== undefined) return (agentId, atMs) => agentId === principal.userId || isMember(members, agentId, atMs);
    const [agents, sees] = await Promise.all([commands.send('agents.list', {}), places.agents(principal)]);
    const seen = new Set(agents.filter(sees).map(({ agentId }) => agentId));
    return (agentId) => agentId === principal.userId || seen.has(agentId);
  }

  return [
    route('GET /figures/abandoned', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, query: { from, to, queueId, followUp, skip, limit } }) => {
        const { visits, counts } = await readAbandoned(reads, { span: spanOf(from, to), reach: await reachOf(principal), queueId });
        const chosen = followUp === undefined ? visits : visits.filter((visit) => visit.followUp === followUp);
        return { madeAt: now(), total: chosen.length, counts, rows: chosen.slice(skip, skip + limit).map(abandonedRow) };
      },
    }),
    route('GET /figures/transfers', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, query: { from, to, by } }) => {
        const transfers = await readTransfers(reads, spanOf(from, to), await reachOf(principal));
        return { total: transfers.length, cells: matrixOf(by, transfers) };
      },
    }),
    route('GET /figures/transfers/calls', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, query: { from, to, by, source, target, targetId, skip, limit } }) => {
        const transfers = await readTransfers(reads, spanOf(from, to), await reachOf(principal));
        const behind = transfersBehind(by, transfers, { from: source, target, to: targetId });
        return { total: behind.length, rows: behind.slice(skip, skip + limit).map(transferRow) };
      },
    }),
    route('GET /figures/agent-states', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, query: { date, skip, limit } }) => {
        const { span } = days.daysOf(date, date);
        const [at, seesCalls] = [now(), !isScoped(principal)];
        const sees = await seesAgent(principal);
        const agents = await readAgentTiles(reads, { span, nowMs: at.getTime(), sees: (agentId) => sees(agentId, span.fromMs) });
        return {
          from: new Date(span.fromMs),
          until: new Date(span.untilMs),
          madeAt: at,
          total: agents.length,
          agents: agents.slice(skip, skip + limit).map(({ tiles, ...agent }) => ({
            ...agent,
            tiles: tiles.map(({ state, reason = null, fromMs, untilMs, callId, isOpen }) => ({
              ...{ state, reason, isOpen },
              from: new Date(fromMs),
              until: new Date(untilMs),
              // An agent serves other queues too. The scope does not show whose calls those were.
              callId: seesCalls ? (callId ?? null) : null,
            })),
          })),
        };
      },
    }),
    ...createAdherenceRoutes({ ...needs, seesAgent }),
    ...createListFileRoutes({ ...needs, seesAgent }),
  ];
}

const abandonedRow = ({ callerMasked, again, rungBack, ...visit }: AbandonedVisit) => ({
  ...visit,
  callerMasked: callerMasked ?? null,
  again: again === undefined ? null : { callId: again._id, at: again.invitedAt },
  rungBack: rungBack === undefined ? null : { callId: rungBack._id, at: rungBack.invitedAt },
});

const transferRow = ({ atMs, queueId, ...transfer }: Transfer) => ({ ...transfer, queueId: queueId ?? null, at: new Date(atMs) });
