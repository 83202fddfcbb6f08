import { expect, test } from '@jest/globals';
import { namedByEvent, rightAskedBy } from '../shared/contracts/calls/seat-socket.js';
import { reachesAll } from '../../test/support/reaches.js';
import type { Principal } from '../shared/domain/people/rights.js';
import { refuseNamed } from './refuse-reach.js';

const agent: Principal = {
  userId: 'a1',
  name: 'A',
  sessionId: 's',
  roles: ['agent'],
  scope: { queues: ['own'], sites: [], clientUnits: [] },
};
const reaches = { ...reachesAll(false), queue: async (_principal: Principal, id: string) => id === 'own' };

test('a transfer and a consultation lead into queues and to seats within reach; numbers are for the rules of calling out', async () => {
  for (const event of ['call:transfer', 'call:consult'] as const) {
    const named = (target: Parameters<NonNullable<(typeof namedByEvent)['call:transfer']>>[0]['target']) =>
      namedByEvent[event]?.({ callId: 'c', target }) ?? [];
    await expect(refuseNamed(reaches, agent, named({ to: 'queue', queueId: 'own' }), 'write')).resolves.toBeUndefined();
    await expect(refuseNamed(reaches, agent, named({ to: 'queue', queueId: 'theirs' }), 'write')).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(refuseNamed(reaches, agent, named({ to: 'seat', agentId: 'a2' }), 'write')).rejects.toMatchObject({ code: 'not-found' });
    expect(named({ to: 'number', number: '4001000' })).toEqual([]);
  }
});

test('a parked call is fetched, and a call listened to, within reach alone; whoever listens may always leave', () => {
  expect(namedByEvent['call:fetch']?.({ callId: 'c' })).toEqual([{ of: 'live-call', id: 'c' }]);
  expect(namedByEvent['call:monitor']?.({ callId: 'c', mode: 'listen' })).toEqual([{ of: 'live-call', id: 'c' }]);
  expect(namedByEvent['call:monitor']?.({ callId: 'c', mode: 'stop' })).toEqual([]);
});

test('each act of a supervisor upon a call asks for a right of its own, and leaving it for none', () => {
  const asked = (mode: 'listen' | 'whisper' | 'barge' | 'take-over' | 'stop') => rightAskedBy['call:monitor']?.({ callId: 'c', mode });
  expect([asked('listen'), asked('whisper'), asked('barge'), asked('take-over'), asked('stop')]).toEqual([
    'calls.listen',
    'calls.whisper',
    'calls.barge',
    'calls.take-over',
    undefined,
  ]);
});
