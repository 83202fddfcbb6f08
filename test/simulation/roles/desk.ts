import { refuseWithout } from '../../../services/api/authorise.js';
import { refuseByAddress, refuseByContent } from '../../../services/api/refuse-reach.js';
import { createEndCallRoute } from '../../../services/calls/end-call.js';
import { createNoteRoutes } from '../../../services/calls/notes/http.js';
import { callReachOf } from '../../../services/calls/records/call-reach.js';
import { createOwnCallsRoute } from '../../../services/calls/records/own-calls.js';
import { createRoutingRoutes, type RoutingHttp } from '../../../services/routing/http.js';
import { commonFailures } from '../../../services/shared/contracts/api/common-failures.js';
import { jsonOf } from '../../../services/shared/contracts/api/endpoint.js';
import { CallCentreError } from '../../../services/shared/domain/failure.js';
import type { Principal } from '../../../services/shared/domain/people/rights.js';
import { orderedId } from '../../../services/shared/domain/ids.js';
import { isScoped, teamsOf, withinReach, type ReachesObject } from '../../../services/shared/platform/reach/reach.js';
import type { Route, RouteInput } from '../../../services/shared/platform/http/route.js';
import { createChatRoutes } from '../../../services/supervision/chat-http.js';
import { createChatService } from '../../../services/supervision/chat-service.js';
import { createHelpRoutes } from '../../../services/supervision/help-http.js';
import type { HelpService } from '../../../services/supervision/help-service.js';
import type { HelpStore } from '../../../services/supervision/ports.js';
import { createRoutes as createWorkspaceRoutes, type WorkspaceHttp } from '../../../services/workspace/http.js';
import type { Process } from '../scheduler.js';
import type { World } from '../world.js';

export interface DeskRequest {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: unknown;
  readonly body?: unknown;
}

/** The HTTP interface of supervision, without HTTP: each request passes the authorisation point and goes to the product's own route. */
export interface Desk {
  readonly ask: <T>(principal: Principal, route: `${'GET' | 'POST' | 'PUT' | 'DELETE'} /${string}`, request?: DeskRequest) => Promise<T>;
}

/** As in services/main/reaches.ts, for the kinds of objects named here. */
export function reachesOf(world: World, process: Process): ReachesObject {
  const { places, reachOf } = world.staff.reach(process);
  const commands = world.commands.of(process);
  const never = async (): Promise<boolean> => false;
  return {
    call: callReachOf({
      endedCall: (callId) => world.stores.document(process, () => world.stores.records.get(callId)),
      ...{ commands, reachOf },
    }),
    ...{ complaint: never, customer: never, 'client-unit': never, person: never, export: never },
    number: async (principal, digits, use) => (await places.numbers(principal, use))(digits as never),
    team: async (principal, teamId) => teamsOf(principal).includes(teamId),
    async 'live-call'(principal, callId) {
      const reach = await reachOf(principal);
      return (await commands.send('calls.live', {})).some((call) => call.callId === callId && withinReach(reach, call));
    },
    async agent(principal, agentId) {
      if (agentId === principal.userId) return true;
      const [[agent], sees] = await Promise.all([commands.send('agents.list', { agentId }), places.agents(principal)]);
      return agent !== undefined && sees(agent);
    },
    queue: async (principal, queueId, use) => (await places.queues(principal, use))(queueId),
  };
}

export function createDesk(
  world: World,
  process: Process,
  { help, helps, reaches }: { readonly help: HelpService; readonly helps: HelpStore; readonly reaches: ReachesObject },
): Desk {
  const { places, reachOf } = world.staff.reach(process);
  const commands = world.commands.of(process);
  const bus = world.bus.of(process);
  const now = (): Date => new Date(process.clock.nowMs());
  const audit = (): Promise<void> => process.later(world.latency(), () => undefined);
  const newId = (): string => orderedId(process.clock.nowMs(), (bytes) => world.random.bytes(bytes));
  // As in services/supervision/index.ts.
  async function agentsWithin(principal: Principal): Promise<(agentId: string) => boolean> {
    if (!isScoped(principal)) return () => true;
    const [agents, sees] = await Promise.all([commands.send('agents.list', {}), places.agents(principal)]);
    const own = new Set(agents.filter(sees).map(({ agentId }) => agentId));
    return (agentId) => own.has(agentId);
  }
  const chat = createChatService({ chats: world.chats.of(process), bus, newId, now });
  const routes: readonly Route[] = [
    ...createChatRoutes({
      ...{ chat, commands, places, agentsWithin, audit },
      membersOf: world.staff.membersOf(process),
      callParts: async () => [],
    }),
    ...createHelpRoutes({ helps, help, agentsWithin, reachOf, now }),
    // Of all that the routes of routing need, those of agents and thresholds use only these.
    ...createRoutingRoutes({
      ...{ bus, commands, places, audit, reachOf, clock: process.clock },
      thresholds: world.thresholds.store(process),
      limits: { all: async () => [], put: async () => ({ scope: { of: 'site', id: '' }, limits: {} }) },
      accounts: { find: async () => [] },
    } as unknown as RoutingHttp),
    ...world.alarms.routes(process),
    ...createNoteRoutes({ notes: world.notes.of(process), commands, bus, audit, reachesCall: reaches.call, now }),
    createEndCallRoute({ commands, audit }),
    createOwnCallsRoute({ find: (filter) => world.notes.ownCalls(process, filter), reachOf }),
    // Of all that the workspace needs, favourites use only this.
    ...createWorkspaceRoutes({ favourites: world.notes.favouritesOf(process) } as unknown as WorkspaceHttp),
  ];
  return {
    async ask<T>(principal: Principal, asked: string, { params = {}, query = {}, body }: DeskRequest = {}) {
      const [method = '', path = ''] = asked.split(' ');
      const found = routes.find((each) => each.method === method.toLowerCase() && each.path === path);
      if (found === undefined) throw new TypeError(`${asked} is no route of a desk`);
      const use = method === 'GET' ? 'read' : 'write';
      const answer = async (): Promise<unknown> => {
        refuseWithout(found.right, principal);
        await refuseByAddress(reaches, principal, found.reach, params, use);
        await refuseByContent(reaches, principal, found.reach, { params, query, body }, use);
        const input = { principal, params, query, body, from: '', request: { get: () => undefined } };
        return found.handle(input as unknown as RouteInput<unknown, unknown, unknown>);
      };
      return (await asNamed(world, asked, found, answer())) as T;
    },
  };
}

/** Holds a route's answer and failures to the contract from which pages are made (docs/adr/0026). */
async function asNamed(
  world: World,
  asked: string,
  { right, failures, answer: form }: Route,
  answering: Promise<unknown>,
): Promise<unknown> {
  try {
    const answer = await answering;
    const fits = jsonOf(form)?.safeParse(JSON.parse(JSON.stringify(answer ?? null)));
    if (fits?.success === false) world.fail('contract', `${asked} answers what its contract does not name: ${fits.error.message}`);
    return answer;
  } catch (error) {
    if (error instanceof CallCentreError && ![...failures, ...commonFailures({ right })].includes(error.code))
      world.fail('contract', `${asked} fails with ${error.code}, which its contract does not name`);
    throw error;
  }
}
