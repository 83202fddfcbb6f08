import { beforeEach, expect, test } from '@jest/globals';
import type { CommandBus } from '../shared/contracts/calls/commands.js';
import type { Principal } from '../shared/domain/people/rights.js';
import { silentLogger } from '../shared/platform/processes/logger.js';
import { createListeningReach, type ListeningReach } from './listening-reach.js';

interface Listened {
  readonly callId: string;
  readonly queueId?: string;
  readonly called: string;
  readonly listeners: readonly { readonly agentId: string; readonly mode: 'listen' }[];
}

let calls: readonly Listened[] | Error;
let boss: Principal | undefined;
let stopped: string[];
let audited: string[];
let published: object[];
let asked: number;
let reach: ListeningReach;

const personOf = (queues: readonly string[], roles: Principal['roles'] = ['supervisor']): Principal => ({
  ...{ userId: 'boss', name: 'Boss', roles, sessionId: 's' },
  scope: { clientUnits: [], queues: [...queues], sites: [], teams: [] },
});

beforeEach(() => {
  [calls, boss, stopped, audited, published, asked] = [[], personOf(['service']), [], [], [], 0];
  const commands = {
    async send(name: string, input: { readonly callId: string; readonly agentId: string; readonly mode: string }) {
      if (name === 'call.monitor') return void stopped.push(`${input.callId} ${input.agentId} ${input.mode}`);
      asked += 1;
      if (calls instanceof Error) throw calls;
      return calls;
    },
  };
  reach = createListeningReach({
    commands: commands as unknown as CommandBus,
    personNow: async () => boss,
    reachOf: async (person) => ({ queues: person?.scope.queues ?? [], numbers: undefined, members: undefined }),
    audit: async ({ who, reason = '' }) => void audited.push(`${who} ${reason}`),
    bus: { publish: async (name, event) => void published.push({ name, ...event }) },
    now: () => new Date(0),
    log: silentLogger,
  });
});

const listenedIn = (queueId: string | undefined): Listened => ({
  ...{ callId: 'c1', called: '4001000', listeners: [{ agentId: 'boss', mode: 'listen' as const }] },
  ...(queueId === undefined ? {} : { queueId }),
});

test('a listening within reach goes on; a call that goes on in another queue is listened to no more, with its row', async () => {
  calls = [listenedIn('service')];
  for (let i = 0; i < 5; i += 1) await reach.look();
  expect(stopped).toEqual([]);
  calls = [listenedIn('of-another-client')];
  await reach.look();
  expect(stopped).toEqual([]);
  await reach.look();
  expect(stopped).toEqual(['c1 boss stop']);
  expect(audited).toEqual(['system:listening stop · out-of-reach']);
  expect(published).toEqual([{ name: 'listening.cut', at: new Date(0).toISOString(), agentId: 'boss', callId: 'c1' }]);
});

test('a call that is of no queue for a moment keeps whoever listens', async () => {
  for (const queueId of ['service', undefined, 'service', undefined, 'service']) {
    calls = [listenedIn(queueId)];
    await reach.look();
  }
  expect(stopped).toEqual([]);
});

test.each([
  ['the account is closed', undefined],
  ['the right is taken away', personOf([], ['agent'])],
])('it ends when %s', async (_what, now) => {
  calls = [listenedIn('service')];
  await reach.look();
  boss = now;
  await reach.look();
  await reach.look();
  expect(stopped).toEqual(['c1 boss stop']);
});

test('whoever sees the whole centre is never asked about; what cannot be read ends nothing', async () => {
  boss = personOf([]);
  calls = [listenedIn('anything')];
  await reach.look();
  await reach.look();
  boss = personOf(['service']);
  calls = new Error('away');
  await reach.look();
  await reach.look();
  expect(stopped).toEqual([]);
});

test('nothing is asked while nobody listens', async () => {
  await reach.look();
  const before = asked;
  await reach.look();
  expect(asked).toBe(before);
  reach.began();
  await reach.look();
  expect(asked).toBe(before + 1);
});
