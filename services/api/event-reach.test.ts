import { expect, test } from '@jest/globals';
import { fromPage, namedByEvent, rightAskedBy, rightsFor } from '../shared/contracts/calls/seat-socket.js';
import { reachesAll } from '../../test/support/reaches.js';
import { mayUse, roles, type Principal } from '../shared/domain/people/rights.js';
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

test('whoever gives a reason for a number on no register is held to the right, which no role has; an administrator gives it to a person', () => {
  const target = { to: 'number', number: '13800000001' } as const;
  for (const event of ['call:transfer', 'call:consult'] as const) {
    expect(rightsFor(event, { callId: 'c', target })).toEqual(['seat.use']);
    expect(rightsFor(event, { callId: 'c', target, freeReason: 'the lawyer' })).toEqual(['seat.use', 'outbound.free-dial']);
    expect(rightsFor(event, { callId: 'c', target: { to: 'seat', agentId: 'a2' }, freeReason: 'x' })).toContain('outbound.free-dial');
  }
  expect(roles.filter((role) => mayUse({ ...agent, roles: [role] }, 'outbound.free-dial'))).toEqual([]);
  expect(mayUse({ ...agent, grants: ['outbound.free-dial'] }, 'outbound.free-dial')).toBe(true);
  // Nothing is in force while a first password has still to be set.
  expect(mayUse({ ...agent, roles: [], grants: ['outbound.free-dial'] }, 'outbound.free-dial')).toBe(false);
});

test.each(['', '   ', 'abc', 'x'.repeat(201), 'x'.repeat(10_240), 7, ['a', 'b']])('%j is no reason', (freeReason) => {
  const target = { to: 'number', number: '13800000001' };
  expect(fromPage['call:consult'].safeParse({ callId: 'c', target, freeReason }).success).toBe(false);
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
