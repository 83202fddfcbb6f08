import type { World } from '../world.js';
import { createPatience, type Invariant } from './invariant.js';
import { agentsOf, type PartRole } from './oracle.js';

const LIMIT_MS = 3_000;
const PAGE_LIMIT_MS = 6_000;

export function seatsInvariant(world: World): Invariant {
  const name = 'seats';
  const waitFor = createPatience(world, name);

  return {
    name,
    sentence:
      'docs/routing.md: an agent has at most one call; on-call is talking or holding, offered is one call that rings here, nobody is ready with a call, a wrap-up ends with its time; telephony, routing and the page are one.',
    tick() {
      const bound = new Map<string, { readonly callId: string; readonly role: PartRole }[]>();
      for (const { call } of world.stores.calls.values())
        for (const [agentId, role] of agentsOf(call.stage)) bound.set(agentId, [...(bound.get(agentId) ?? []), { callId: call.id, role }]);
      for (const agentId of world.agents.keys()) judge(agentId, bound.get(agentId) ?? []);
    },
  };

  function judge(agentId: string, calls: readonly { readonly callId: string; readonly role: PartRole }[]): void {
    const agent = world.stores.agents.get(agentId);
    const state = agent?.state;
    const about = [agentId, ...calls.map(({ callId }) => callId)];
    const told = (): string => `${agentId} is ${state ?? 'unknown'} for routing and in ${JSON.stringify(calls)} for telephony`;
    const busy = calls.filter(({ role }) => role !== 'listens');
    const is = (...roles: readonly PartRole[]): boolean => busy.some(({ role }) => roles.includes(role));
    const taken = agent?.occupied !== undefined;
    waitFor(`${agentId}/twice`, busy.length > 1, LIMIT_MS, told, about);
    waitFor(`${agentId}/on-call`, state === 'on-call' && !is('talks', 'beside', 'answers'), LIMIT_MS, told, about);
    waitFor(`${agentId}/offered`, state === 'offered' && !is('rings', 'answers') && !dialsBack(agentId), LIMIT_MS, told, about);
    waitFor(`${agentId}/talks`, is('talks') && state !== 'on-call', LIMIT_MS, told, about);
    waitFor(`${agentId}/ready`, state === 'ready' && calls.length > 0 && !taken, LIMIT_MS, told, about);
    const isOver = state === 'wrap-up' && agent?.owed === undefined && (agent?.untilMs ?? Infinity) < world.scheduler.nowMs;
    waitFor(`${agentId}/wrap-up`, isOver, LIMIT_MS, () => `${agentId} is in a wrap-up whose time is over`, about);
    waitFor(`${agentId}/taken`, taken && calls.length === 0 && agent.occupied?.as !== 'echo-test', LIMIT_MS, told, about);
    judgePage(agentId, calls, about);
  }

  /** Whether the agent is offered a callback or reserved for a campaign's row: that call is dialled from the seat and rings nowhere. */
  function dialsBack(agentId: string): boolean {
    const { callId = '' } = world.stores.agents.get(agentId) ?? {};
    return callId.startsWith('callback') || world.campaigns.rowOf(callId)?.agentId === agentId;
  }

  function judgePage(
    agentId: string,
    calls: readonly { readonly callId: string; readonly role: PartRole }[],
    about: readonly string[],
  ): void {
    const page = world.agents.get(agentId)?.page;
    if (page === undefined || page.closed || !page.online) return;
    const phone = page.seat.getSnapshot();
    if (phone.link !== 'up' || !phone.synced) return;
    const shown = phone.calls.map(({ callId }) => callId);
    const there = calls.filter(({ role }) => role !== 'rings').map(({ callId }) => callId);
    const same = shown.length === there.length && there.every((callId) => shown.includes(callId));
    waitFor(
      `${agentId}/page`,
      !same,
      PAGE_LIMIT_MS,
      () => `the page of ${agentId} shows calls ${JSON.stringify(shown)} and telephony has ${JSON.stringify(there)}`,
      [...about, ...shown],
    );
    const rings = calls.find(({ role }) => role === 'rings')?.callId;
    waitFor(
      `${agentId}/card`,
      phone.offer?.callId !== rings,
      PAGE_LIMIT_MS,
      () => `the page of ${agentId} rings for ${phone.offer?.callId ?? 'nothing'} and telephony for ${rings ?? 'nothing'}`,
      about,
    );
  }
}

/** While two processes of routing decide, the later one alone is obeyed. */
export function leadersInvariant(world: World): Invariant {
  const name = 'leaders';
  let largest = 0;
  world.commands.witnesses.push((command, { fencingToken, callId }) => {
    const token = typeof fencingToken === 'number' ? fencingToken : undefined;
    const isLate = token !== undefined && token < largest;
    largest = Math.max(largest, token ?? 0);
    return (answer) => {
      if (isLate && answer !== undefined)
        world.fail(
          name,
          `${command} of turn ${token} was carried out after one of turn ${largest}`,
          typeof callId === 'string' ? [callId] : [],
        );
    };
  });
  return {
    name,
    sentence: 'docs/routing.md: an order of a leader that another has followed is not carried out, and no agent is offered two calls.',
    tick() {
      const rings = new Map<string, string>();
      for (const { call } of world.stores.calls.values())
        for (const [agentId, role] of agentsOf(call.stage)) {
          if (role !== 'rings') continue;
          const other = rings.get(agentId);
          if (other !== undefined) world.fail(name, `${agentId} is offered ${other} and ${call.id}`, [agentId, other, call.id]);
          rings.set(agentId, call.id);
        }
    },
  };
}
