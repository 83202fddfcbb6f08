import { expect, test } from '@jest/globals';
import type { CommandBus, LiveCall } from '../shared/contracts/calls/commands.js';
import { CallCentreError, type FailureCode } from '../shared/domain/failure.js';
import type { AuditEntry } from '../shared/platform/http/route.js';
import { usualRule, type Acknowledgement, type Listening, type ListeningRule } from './listening.js';
import { createListeningService } from './listening-service.js';

const AT = new Date('2026-11-28T08:00:00.000Z');
const BEGUN = { callId: 'c1', listenerId: 'boss', mode: 'listen', reason: 'sampling', note: '', from: '127.0.0.1' } as const;
const HEARD = { callId: 'c1', agentId: 'boss', listenedAgentId: 'ann', mode: 'listen', beganAt: AT.toISOString(), seconds: 4 } as const;

/** A centre in which `ann` talks in the call c1. */
function centre(rule: Partial<ListeningRule> = {}, acknowledged: readonly Acknowledgement[] = [{ userId: 'ann', at: AT, textVersion: 1 }]) {
  const state = {
    rows: new Map<string, Listening>(),
    sent: [] as unknown[],
    audited: [] as AuditEntry[],
    noted: [] as unknown[],
    refusal: undefined as FailureCode | undefined,
    auditIsAway: false,
    isIn: false,
    at: AT,
  };
  const calls = [{ callId: 'c1', agentId: 'ann', called: '4001000', queueId: 'service', part: 'listen' } as unknown as LiveCall];
  const commands = {
    send: async (name: string, input: { readonly agentId?: string }) => {
      if (name === 'calls.live') return input.agentId === undefined || state.isIn ? calls : [];
      state.sent.push(input);
      if (state.refusal !== undefined) throw new CallCentreError(state.refusal, state.refusal);
      return {};
    },
  } as unknown as CommandBus;
  const service = createListeningService({
    rules: { read: async () => ({ ...usualRule, ...rule }), save: async (saved) => saved },
    acknowledgements: { put: async () => undefined, last: async () => new Map(acknowledged.map((each) => [each.userId, each])) },
    listenings: {
      put: async (row) => void state.rows.set(row.id, row),
      remove: async (id) => void state.rows.delete(id),
      newest: async (_callId, _listenerId, at) => {
        const all = [...state.rows.values()];
        return all.findLast(({ beganAt }) => beganAt <= at) ?? all.at(-1);
      },
      async addPart(id, part, endedAt) {
        const row = state.rows.get(id);
        if (row !== undefined) state.rows.set(id, { ...row, parts: [...row.parts, part], endedAt });
      },
      list: async () => ({ rows: [], total: 0 }),
      people: async () => [],
      unseenBy: async () => [],
      setSeen: async () => undefined,
      forgetBefore: async () => undefined,
    },
    commands,
    bus: { publish: async (_name, event) => void state.noted.push(event) },
    async audit(entry) {
      if (state.auditIsAway) throw new CallCentreError('service-unavailable', 'away');
      state.audited.push(entry);
    },
    newId: () => (state.rows.size === 0 ? 'row' : `row ${state.rows.size + 1}`),
    now: () => state.at,
  });
  return { service, state };
}

test.each([
  ['at-once', false],
  ['afterwards', true],
  ['never', true],
] as const)('by the rule %s a listening begins with its rows, and telephony is given whether it is a secret', async (notice, secret) => {
  const { service, state } = centre({ notice });
  await service.intervene(BEGUN);
  expect(state.sent).toEqual([{ callId: 'c1', agentId: 'boss', mode: 'listen', secret }]);
  expect(state.audited).toMatchObject([{ who: 'boss', what: 'call.monitored', reason: 'listen · sampling' }]);
  expect([...state.rows.values()]).toMatchObject([{ agentId: 'ann', listenerId: 'boss', reason: 'sampling', notice, parts: [] }]);
  await service.listened({ ...HEARD, at: AT.toISOString() });
  expect([...state.rows.values()]).toMatchObject([{ endedAt: AT, parts: [{ mode: 'listen', agentId: 'ann', seconds: 4 }] }]);
  expect(state.noted).toEqual(notice === 'afterwards' ? [{ at: AT.toISOString(), agentId: 'ann' }] : []);
});

test('a change of the mode is the same listening, which ends with its last mode', async () => {
  const { service, state } = centre({ notice: 'afterwards' });
  await service.intervene(BEGUN);
  state.isIn = true;
  await service.intervene({ ...BEGUN, mode: 'whisper', reason: undefined });
  await service.listened({ ...HEARD, at: AT.toISOString(), next: 'whisper' });
  expect([...state.rows.values()].map(({ endedAt }) => endedAt)).toEqual([undefined]);
  expect(state.noted).toEqual([]);
  await service.listened({ ...HEARD, at: AT.toISOString(), mode: 'whisper' });
  expect([...state.rows.values()]).toMatchObject([{ endedAt: AT, parts: [{ mode: 'listen' }, { mode: 'whisper' }] }]);
});

test('whoever has left in the moment in which another mode was asked for does not begin anew past the rule', async () => {
  const { service, state } = centre({ notice: 'never', document: 'D 1' });
  state.isIn = true;
  await service.intervene({ ...BEGUN, mode: 'whisper', reason: undefined });
  expect(state.sent).toEqual([{ callId: 'c1', agentId: 'boss', mode: 'whisper', changes: true }]);
});

test('whoever listens to the same call again at once leaves the first listening its own end', async () => {
  const { service, state } = centre();
  await service.intervene(BEGUN);
  const again = new Date(AT.getTime() + 5_000);
  state.at = again;
  await service.intervene(BEGUN);
  await service.listened({ ...HEARD, at: again.toISOString() });
  const [first, second] = [...state.rows.values()];
  expect(first).toMatchObject({ endedAt: again, parts: [{ seconds: 4 }] });
  expect(second).toMatchObject({ beganAt: again, parts: [] });
  expect(second?.endedAt).toBeUndefined();
});

test.each([
  ['missing', []],
  ['of another text', [{ userId: 'ann', at: AT, textVersion: 0 }]],
  ['a year old', [{ userId: 'ann', at: new Date('2025-11-28T08:00:00.000Z'), textVersion: 1 }]],
  ['of somebody else', [{ userId: 'bob', at: AT, textVersion: 1 }]],
])('without a valid acknowledgement (%s) nobody listens, unless the site only warns', async (_what, acknowledged) => {
  const { service, state } = centre({}, acknowledged);
  await expect(service.intervene(BEGUN)).rejects.toMatchObject({ code: 'not-acknowledged' });
  expect([state.sent, [...state.rows]]).toEqual([[], []]);
  const warned = centre({ withoutAcknowledgement: 'warn' }, acknowledged);
  await warned.service.intervene(BEGUN);
  expect(warned.state.sent).toHaveLength(1);
});

test('to take over is no listening: it needs a reason and a row of the audit log, and no acknowledgement', async () => {
  const { service, state } = centre({}, []);
  await service.intervene({ ...BEGUN, mode: 'take-over' });
  expect([state.audited.length, state.rows.size, state.sent.length]).toEqual([1, 0, 1]);
  await expect(service.intervene({ ...BEGUN, mode: 'take-over', reason: undefined })).rejects.toMatchObject({ code: 'reason-required' });
});

test('nobody listens while the audit log takes no row, and a row goes when telephony refuses, not when its answer is late', async () => {
  const { service, state } = centre();
  state.auditIsAway = true;
  await expect(service.intervene(BEGUN)).rejects.toMatchObject({ code: 'service-unavailable' });
  expect(state.sent).toEqual([]);
  // The supervisor has left the call even though the audit log failed.
  await expect(service.leave(BEGUN)).rejects.toMatchObject({ code: 'service-unavailable' });
  expect(state.sent).toEqual([{ callId: 'c1', agentId: 'boss', mode: 'stop' }]);
  state.auditIsAway = false;
  state.refusal = 'busy';
  await expect(service.intervene(BEGUN)).rejects.toMatchObject({ code: 'busy' });
  expect([...state.rows]).toEqual([]);
  state.refusal = 'timed-out';
  await expect(service.intervene(BEGUN)).rejects.toMatchObject({ code: 'timed-out' });
  expect(state.rows.size).toBe(1);
});
