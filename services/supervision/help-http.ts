import { HELP_ROWS } from '../shared/contracts/api/calls/help.js';
import type { NamedObject } from '../shared/domain/people/named-object.js';
import type { Principal } from '../shared/domain/people/rights.js';
import type { ReachOf } from '../shared/platform/reach/reach.js';
import { route, type Route } from '../shared/platform/http/route.js';
import { helpFigures, isOver, shownEnded, shownOpen, shownToAgent } from './help.js';
import type { HelpService } from './help-service.js';
import type { HelpStore } from './ports.js';
import type { AgentId } from '../shared/domain/ids.js';

export interface HelpHttp {
  readonly helps: HelpStore;
  readonly help: HelpService;
  /** Whether a person sees an agent; decided by the queues that the agent serves. */
  readonly agentsWithin: (principal: Principal) => Promise<(agentId: AgentId) => boolean>;
  readonly reachOf: ReachOf;
  readonly now: () => Date;
}

const DAY_MS = 86_400_000;

export function createHelpRoutes({ helps, help, agentsWithin, reachOf, now }: HelpHttp): Route[] {
  /** The agent who asks for help: whoever reaches that agent may answer. */
  const asking = async ({ params: { helpId } }: { readonly params: { readonly helpId: string } }): Promise<readonly NamedObject[]> => {
    const found = await helps.byId(helpId);
    return [{ of: 'agent', id: found?.agent.userId ?? '', use: 'read' }];
  };
  return [
    route('GET /help/mine', {
      reach: { kind: 'self' },
      async handle({ principal: { userId } }) {
        const [own] = await helps.openOf(userId);
        return own === undefined ? {} : { request: shownToAgent(own) };
      },
    }),
    route('POST /help/mine', {
      reach: { kind: 'self' },
      handle: async ({ principal: { userId, name }, body: { reason } }) => ({
        request: shownToAgent(await help.ask({ userId, name }, reason)),
      }),
    }),
    route('DELETE /help/mine', {
      reach: { kind: 'self' },
      handle: async ({ principal: { userId } }) => help.withdraw(userId),
    }),
    route('GET /help', {
      reach: { kind: 'filtered' },
      async handle({ principal }) {
        const [open, isWithin, reach] = await Promise.all([helps.open(), agentsWithin(principal), reachOf(principal)]);
        const shown = open.filter(({ agent: { userId } }) => userId !== principal.userId && isWithin(userId));
        return { open: shown.map((each) => shownOpen(each, reach)) };
      },
    }),
    route('POST /help/:helpId/taken', {
      reach: { kind: 'objects', named: asking },
      handle: async ({ principal: { userId, name }, params: { helpId } }) => ({ takenBy: await help.take(helpId, { userId, name }) }),
    }),
    route('POST /help/:helpId/settled', {
      reach: { kind: 'objects', named: asking },
      handle: async ({ params: { helpId } }) => help.settle(helpId),
    }),
    route('GET /help/ended', {
      reach: { kind: 'filtered' },
      async handle({ principal, query: { days } }) {
        const since = new Date(now().getTime() - days * DAY_MS);
        const isWithin = await agentsWithin(principal);
        const ended = (await helps.endedSince(since, HELP_ROWS, isWithin)).filter(isOver);
        return { rows: ended.map(shownEnded), figures: helpFigures(ended) };
      },
    }),
  ];
}
