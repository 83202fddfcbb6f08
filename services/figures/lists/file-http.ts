import type { AgentId } from '../../shared/domain/ids.js';
import type { Principal } from '../../shared/domain/people/rights.js';
import type { ReachOf } from '../../shared/platform/reach/reach.js';
import { route, type Audit, type Route } from '../../shared/platform/http/route.js';
import type { Reads } from '../../shared/records/reads.js';
import type { MakeListFile } from '../files/list-file.js';
import { sendFile } from '../files/send-file.js';
import type { SiteDays } from '../ports.js';
import { readAbandoned } from './abandoned.js';
import { readAgentTiles } from './agent-tiles.js';
import { abandonedContent, statesContent, transfersContent } from './list-contents.js';
import { listDaysOf } from './list-reads.js';
import { matrixOf, readTransfers } from './transfers.js';

export interface ListFilesHttp {
  readonly reads: Pick<Reads, 'accounts' | 'agentStates' | 'calls' | 'visits'>;
  readonly days: SiteDays;
  readonly reachOf: ReachOf;
  readonly seesAgent: (principal: Principal) => Promise<(agentId: AgentId, atMs: number) => boolean>;
  readonly makeFile: MakeListFile;
  readonly audit: Audit;
  readonly now: () => Date;
}

/** The lists as files, of the same rows as on the page. */
export function createListFileRoutes({ reads, days, reachOf, seesAgent, makeFile, audit, now }: ListFilesHttp): Route[] {
  return [
    route('GET /figures/abandoned/file', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, query, from, response }) => {
        const { span } = listDaysOf(days, query.from, query.to);
        const file = await makeFile({
          ...{ list: 'abandoned', request: query, asker: principal },
          read: async (names) => {
            const { queueId, followUp } = query;
            const { visits } = await readAbandoned(reads, { span, queueId, reach: await reachOf(principal) });
            return abandonedContent(followUp === undefined ? visits : visits.filter((visit) => visit.followUp === followUp), names);
          },
        });
        return sendFile(file, { userId: principal.userId, from, query, audit, response });
      },
    }),
    route('GET /figures/transfers/file', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, query, from, response }) => {
        const { span } = listDaysOf(days, query.from, query.to);
        const file = await makeFile({
          ...{ list: `transfers_${query.by}`, request: query, asker: principal },
          read: async (names) =>
            transfersContent(query.by, matrixOf(query.by, await readTransfers(reads, span, await reachOf(principal))), names),
        });
        return sendFile(file, { userId: principal.userId, from, query, audit, response });
      },
    }),
    route('GET /figures/agent-states/file', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, query, from, response }) => {
        const { span } = listDaysOf(days, query.from, query.to);
        const file = await makeFile({
          ...{ list: 'agent-states', request: query, asker: principal },
          read: async (names) => {
            const asked = { span, nowMs: now().getTime(), sees: await seesAgent(principal) };
            return statesContent(await readAgentTiles(reads, asked), names);
          },
        });
        return sendFile(file, { userId: principal.userId, from, query, audit, response });
      },
    }),
  ];
}
