import { beforeEach, expect, test } from '@jest/globals';
import type { AgentSnapshot, CommandBus, LiveCall } from '../shared/contracts/calls/commands.js';
import { CallCentreError } from '../shared/domain/failure.js';
import type { Delivered } from '../shared/events/catalogue.js';
import { silentLogger } from '../shared/platform/processes/logger.js';
import { helpFigures, isOver, shownEnded, shownOpen, type Help } from './help.js';
import { createHelpService, type HelpService } from './help-service.js';
import type { HelpStore } from './ports.js';

const AT = Date.parse('2026-11-28T08:00:00.000Z');
const ann = { userId: 'ann', name: 'Ann' };
const boss = { userId: 'boss', name: 'Boss' };
const other = { userId: 'other', name: 'Other' };

let rows: Map<string, Help>;
let nowMs: number;
/** The calls of the centre; an error is thrown. */
let calls: readonly Pick<LiveCall, 'callId' | 'agentId' | 'queueId' | 'called'>[] | Error;
let agents: readonly Pick<AgentSnapshot, 'agentId' | 'state' | 'since'>[];
let published: unknown[];
let service: HelpService;

function storeOf(): HelpStore {
  const all = (): Help[] => [...rows.values()];
  const change = (id: string, fields: Partial<Help>, fits: (help: Help) => boolean): boolean => {
    const row = rows.get(id);
    if (row === undefined || row.endedAt !== undefined || !fits(row)) return false;
    rows.set(id, { ...row, ...fields });
    return true;
  };
  return {
    async put(help) {
      if (all().some(({ agent, endedAt }) => agent.userId === help.agent.userId && endedAt === undefined)) return false;
      rows.set(help.id, help);
      return true;
    },
    setReason: async (id, reason) => void change(id, { reason }, () => true),
    take: async (id, by, at) => change(id, { takenBy: by, takenAt: at }, ({ takenBy }) => takenBy === undefined),
    end: async (id, ended, endedAt) => change(id, { ended, endedAt }, () => true),
    byId: async (id) => rows.get(id),
    newestOf: async (agentId) => all().findLast(({ agent }) => agent.userId === agentId),
    openOf: async (agentId) => all().filter(({ agent, endedAt }) => agent.userId === agentId && endedAt === undefined),
    open: async () => all().filter(({ endedAt }) => endedAt === undefined),
    endedSince: async () => all().filter(({ endedAt }) => endedAt !== undefined),
    forgetBefore: async () => undefined,
  };
}

const happened = (name: string, event: object): Promise<void> => service.heard({ id: 'e', name, event } as unknown as Delivered);

beforeEach(() => {
  rows = new Map();
  nowMs = AT;
  calls = [
    { callId: 'c1', agentId: 'ann', queueId: 'service', called: '4001' },
    { callId: 'c2', agentId: 'bert', queueId: 'sales', called: '4002' },
  ];
  agents = [];
  published = [];
  let ids = 0;
  service = createHelpService({
    helps: storeOf(),
    commands: {
      send: async (name: string) => {
        if (name === 'agents.list') return agents;
        if (calls instanceof Error) throw calls;
        return calls;
      },
    } as unknown as CommandBus,
    bus: { publish: async (_name, event) => void published.push(event) },
    newId: () => `h${(ids += 1)}`,
    now: () => new Date(nowMs),
    log: silentLogger,
  });
});

test('one request is open at a time; a second press gives it its reason and sounds nowhere', async () => {
  const first = await service.ask(ann, undefined);
  expect(first).toMatchObject({ id: 'h1', agent: ann, call: { callId: 'c1', queueId: 'service', called: '4001' } });
  expect(await service.ask(ann, undefined)).toEqual(first);
  expect(published).toHaveLength(1);
  expect(await service.ask(ann, 'upset-caller')).toMatchObject({ id: 'h1', reason: 'upset-caller' });
  expect([...rows.keys()]).toEqual(['h1']);
  expect(service.openByAgent().get('ann')).toEqual({ id: 'h1', at: new Date(AT).toISOString(), reason: 'upset-caller' });
});

test('a key that is pressed twice at once, or on two pages, opens one request', async () => {
  const [first, second, third] = await Promise.all([service.ask(ann, undefined), service.ask(ann, 'fault'), service.ask(ann, undefined)]);
  expect([first.id, second.id, third.id, second.reason]).toEqual(['h1', 'h1', 'h1', 'fault']);
  expect([[...rows.keys()], rows.get('h1')?.reason]).toEqual([['h1'], 'fault']);
});

test('help is asked for also while telephony does not answer; the request then has no call and is ended by none', async () => {
  calls = new CallCentreError('timed-out', 'away');
  const help = await service.ask(ann, undefined);
  expect(help.call).toBeUndefined();
  nowMs += 60_000;
  await service.renew();
  expect(rows.get('h1')?.ended).toBeUndefined();
});

test('whoever says first that they are coming is the one, and everybody reads who', async () => {
  await service.ask(ann, undefined);
  nowMs += 7_000;
  expect(await Promise.all([service.take('h1', boss), service.take('h1', other)])).toEqual([boss, boss]);
  expect(await service.take('h1', other)).toEqual(boss);
  expect(service.openByAgent().get('ann')?.takenBy).toBe('Boss');
  await service.settle('h1');
  const row = rows.get('h1');
  expect(row !== undefined && isOver(row) && shownEnded(row)).toMatchObject({ ended: 'settled', waitedMs: 7_000, takenBy: boss });
  await expect(service.take('h1', other)).rejects.toMatchObject({ code: 'wrong-state' });
});

test('nobody answers the own request, one that is not there, or one that ended without anybody', async () => {
  await service.ask(boss, undefined);
  await expect(service.take('h1', boss)).rejects.toMatchObject({ code: 'wrong-state' });
  await expect(service.take('none', boss)).rejects.toMatchObject({ code: 'not-found' });
  await expect(service.settle('none')).rejects.toMatchObject({ code: 'not-found' });
  await service.withdraw('boss');
  await expect(service.take('h1', other)).rejects.toMatchObject({ code: 'wrong-state' });
});

test('who has just taken a request back cannot make supervisors jump again at once', async () => {
  await service.ask(ann, undefined);
  await service.withdraw('ann');
  expect(service.openByAgent().size).toBe(0);
  await expect(service.ask(ann, undefined)).rejects.toMatchObject({ code: 'too-many-requests' });
  nowMs += 5_000;
  expect((await service.ask(ann, undefined)).id).toBe('h2');
});

test.each([
  ['call.ended', { callId: 'c1' }, 'call-ended'],
  ['call.agent-left', { callId: 'c1', agentId: 'ann' }, 'call-ended'],
  ['agent.state-changed', { agentId: 'ann', to: 'signed-out' }, 'signed-out'],
  ['call.ended', { callId: 'c2' }, undefined],
  ['call.agent-left', { callId: 'c1', agentId: 'bert' }, undefined],
  ['agent.state-changed', { agentId: 'ann', to: 'wrap-up' }, undefined],
])('after %s %j the request is %s', async (name, event, ended) => {
  await service.ask(ann, undefined);
  await happened(name, event);
  expect(rows.get('h1')?.ended).toBe(ended);
  expect(published).toHaveLength(ended === undefined ? 1 : 2);
});

test('an end that was lost on the way is found by the next round, a call that telephony cannot speak of ends nothing', async () => {
  await service.ask(ann, undefined);
  calls = [];
  await service.renew();
  expect(rows.get('h1')?.ended).toBeUndefined();
  nowMs += 11_000;
  calls = new CallCentreError('timed-out', 'away');
  await expect(service.renew()).rejects.toMatchObject({ code: 'timed-out' });
  expect(rows.get('h1')?.ended).toBeUndefined();
  calls = [];
  await service.renew();
  expect(rows.get('h1')?.ended).toBe('call-ended');
});

test.each([
  ['signed out since', 'signed-out', 1_000, 'signed-out'],
  ['without a seat from the beginning', 'signed-out', -1_000, undefined],
  ['there', 'away', 1_000, undefined],
] as const)('the round looks after a request without a call, of an agent who is %s', async (_name, state, sinceMs, ended) => {
  calls = new CallCentreError('timed-out', 'away');
  await service.ask(ann, undefined);
  agents = [{ agentId: 'ann', state, since: new Date(AT + sinceMs).toISOString() }];
  nowMs += 11_000;
  await service.renew();
  expect(rows.get('h1')?.ended).toBe(ended);
});

test('a supervisor who reaches the agent and not the call sees the request without the call', async () => {
  const help = await service.ask(ann, 'question');
  expect(shownOpen(help, { queues: ['service'], numbers: undefined })).toMatchObject({ callId: 'c1', queueId: 'service' });
  const foreign = shownOpen(help, { queues: ['sales'], numbers: ['4002'] });
  expect(foreign).toMatchObject({ id: 'h1', agent: ann, reason: 'question' });
  expect([Object.keys(foreign).includes('callId'), Object.keys(foreign).includes('queueId')]).toEqual([false, false]);
});

test('the wait of requests ends when somebody comes: those to which nobody came are counted and have none', () => {
  const asked = (seconds?: number) => ({ at: new Date(AT), takenAt: seconds === undefined ? undefined : new Date(AT + seconds * 1_000) });
  expect(helpFigures([asked(10), asked(40), asked()])).toEqual({ asked: 3, taken: 2, meanMs: 25_000, longestMs: 40_000 });
  expect(helpFigures([asked()])).toEqual({ asked: 1, taken: 0, meanMs: null, longestMs: null });
  expect(helpFigures([])).toEqual({ asked: 0, taken: 0, meanMs: null, longestMs: null });
});
