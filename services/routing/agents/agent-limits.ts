import type { AgentLimits } from '../../shared/contracts/queues/agent-limits.js';
import { refuseUnmeant } from '../../shared/platform/stores/edits.js';
import { isScoped, teamsOf } from '../../shared/platform/reach/reach.js';
import { route, type Audit, type Route } from '../../shared/platform/http/route.js';
import type { AgentLimitStore } from '../ports.js';

const idOf = ({ of, id }: AgentLimits['scope']): string => (of === 'site' ? 'site' : `team:${id}`);

/** The limits by which *Agents* marks who talks, holds, wraps up or misses rings for too long. Everybody reads those of the site. */
export const createAgentLimitRoutes = ({ limits, audit }: { readonly limits: AgentLimitStore; readonly audit: Audit }): Route[] => [
  route('GET /agents/limits', {
    reach: { kind: 'filtered' },
    async handle({ principal }) {
      const all = await limits.all();
      if (!isScoped(principal)) return { limits: all };
      const teams = teamsOf(principal);
      return { limits: all.filter(({ scope: { of, id } }) => of === 'site' || teams.includes(id)) };
    },
  }),
  route('PUT /agents/limits', {
    reach: { kind: 'objects', named: ({ body: { scope } }) => [scope] },
    async handle({ principal, body: { revision, ...after }, from, request }) {
      const before = (await limits.all()).find(({ scope }) => idOf(scope) === idOf(after.scope));
      refuseUnmeant(request, revision, before);
      await audit({
        who: principal.userId,
        what: 'agent-limits.changed',
        object: `agent-limits:${idOf(after.scope)}`,
        from,
        success: true,
        before,
        after,
      });
      return limits.put(idOf(after.scope), after, before, principal.name);
    },
  }),
];
