import { expect, test } from '@jest/globals';
import type { Call, Mark } from '../machine/call.js';
import type { Effect } from '../machine/effects.js';
import { toldTransfers } from './told-transfers.js';

const history = [
  { atMs: 0, what: 'arrived' },
  { atMs: 1_000, what: 'agent-answered', agentId: 'anna' },
  { atMs: 3_000, what: 'held' },
  { atMs: 4_000, what: 'resumed' },
  { atMs: 5_000, what: 'transferred', agentId: 'anna', detail: 'queue' },
  { atMs: 6_000, what: 'agent-answered', agentId: 'bert' },
  { atMs: 9_000, what: 'ended' },
] as Mark[];
const visits = [
  { queueId: 'service', fromMs: 500 },
  { queueId: 'sales', fromMs: 5_000 },
];
const finish = { do: 'finish', cause: 'completed', hangUpCaller: false } as Effect;
const ended = { do: 'publish', name: 'call.ended', event: { cause: 'completed', by: 'caller' } } as unknown as Effect;
const told = (more: object = {}): readonly Effect[] =>
  toldTransfers(
    {
      call: { direction: 'inbound', called: '4001', trunkId: 't1', stage: { kind: 'ended' }, visits, history, ...more } as unknown as Call,
      effects: [finish, ended],
    },
    9_000,
  );

test('the end of a call tells which handling ended by a transfer: when it began, whose it was and of which queue', () => {
  expect(told()).toEqual([
    finish,
    {
      ...ended,
      event: {
        ...{ cause: 'completed', by: 'caller', called: '4001', trunkId: 't1' },
        transfers: [{ handling: 1, at: '1970-01-01T00:00:01.000Z', agentId: 'anna', queueId: 'service' }],
      },
    },
  ]);
});

test('a call out, a test call, one that goes on and one that nobody handed on tell none', () => {
  const none = [finish, ended];
  expect(told({ direction: 'outbound' })).toEqual(none);
  expect(told({ class: 'test' })).toEqual(none);
  expect(told({ stage: { kind: 'connected' } })).toEqual(none);
  expect(told({ history: history.filter(({ what }) => what !== 'transferred') })).toEqual(none);
  const takenOver = history.map((mark) => (mark.what === 'transferred' ? { ...mark, detail: 'take-over' } : mark));
  expect(told({ history: takenOver })).toEqual(none);
});
