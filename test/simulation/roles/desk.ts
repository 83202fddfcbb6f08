import { refuseByAddress, refuseByContent } from '../../../services/api/refuse-reach.js';
import { createRoutingRoutes, type RoutingHttp } from '../../../services/routing/http.js';
import type { Principal } from '../../../services/shared/domain/people/rights.js';
import { orderedId } from '../../../services/shared/domain/ids.js';
import { isScoped, withinReach, type ReachesObject } from '../../../services/shared/platform/reach/reach.js';
import type { Route, RouteInput } from '../../../services/shared/platform/http/route.js';
import { createChatRoutes } from '../../../services/supervision/chat-http.js';
import { createChatService } from '../../../services/supervision/chat-service.js';
import { createHelpRoutes } from '../../../services/supervision/help-http.js';
import type { HelpService } from '../../../services/supervision/help-service.js';
import type { HelpStore } from '../../../services/supervision/ports.js';
import type { Process } from '../scheduler.js';
import type { World } from '../world.js';

export interface DeskRequest {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: unknown;
  readonly body?: unknown;
}

/** The HTTP interface of supervision, without HTTP: each request passes the authorisation point and goes to the product's own route. */
export interface Desk {
  readonly ask: <T>(principal: Principal, route: `${'GET' | 'POST'} /${string}`, request?: DeskRequest) => Promise<T>;
}

/** As services/main/reaches.ts, for the kinds of objects that are named here. */
export function reachesOf(world: World, process: Process): ReachesObject {
  const { places, reachOf } = world.staff.reach(process);
  const commands = world.commands.of(process);
  const never = async (): Promise<boolean> => false;
  return {
    ...{ call: never, complaint: never, customer: never, number: never, 'client-unit': never, team: never, person: never, export: never },
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
  const newId = (): string => orderedId(process.clock.nowMs(), (bytes) => world.random.bytes(bytes));
  // As services/supervision/index.ts.
  async function agentsWithin(principal: Principal): Promise<(agentId: string) => boolean> {
    if (!isScoped(principal)) return () => true;
    const [agents, sees] = await Promise.all([commands.send('agents.list', {}), places.agents(principal)]);
    const own = new Set(agents.filter(sees).map(({ agentId }) => agentId));
    return (agentId) => own.has(agentId);
  }
  const chat = createChatService({ chats: world.chats.of(process), bus, newId, now });
  const routes: readonly Route[] = [
    ...createChatRoutes({ chat, commands, places, agentsWithin }),
    ...createHelpRoutes({ helps, help, agentsWithin, reachOf, now }),
    // Of what the routes of routing need, those of agents ask for these alone.
    ...createRoutingRoutes({ bus, commands, places, audit: async () => undefined } as unknown as RoutingHttp),
  ];
  return {
    async ask<T>(principal: Principal, asked: string, { params = {}, query = {}, body }: DeskRequest = {}) {
      const [method = '', path = ''] = asked.split(' ');
      const found = routes.find((each) => each.method === method.toLowerCase() && each.path === path);
      if (found === undefined) throw new TypeError(`${asked} is no route of a desk`);
      const use = method === 'GET' ? 'read' : 'write';
      await refuseByAddress(reaches, principal, found.reach, params, use);
      await refuseByContent(reaches, principal, found.reach, { params, query, body }, use);
      const input = { principal, params, query, body, from: '' };
      return (await found.handle(input as unknown as RouteInput<unknown, unknown, unknown>)) as T;
    },
  };
}
