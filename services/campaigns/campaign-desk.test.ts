import { expect, test } from '@jest/globals';
import type { CommandBus } from '../shared/contracts/calls/commands.js';
import { silentLogger } from '../shared/platform/processes/logger.js';
import type { Campaign, CampaignRow, RowNext } from './campaign.js';
import { createCampaignDesk } from './campaign-desk.js';
import type { CallingOut, CampaignStore, RowCounts, RowStore } from './ports.js';

const now = new Date('2026-11-28T06:00:00Z');
const campaign = {
  id: 'k',
  state: 'running',
  mostTries: 3,
  busyAgainMinutes: 15,
  noAnswerAgainMinutes: 240,
  mostRefusalsPercent: 10,
  mostComplaintsPer10000: 100,
};
const dialling = {
  id: 'r',
  campaignId: 'k',
  state: 'dialling',
  callId: 'out1',
  agentId: 'anna',
  tries: 0,
  lookAt: now,
  notBefore: now,
} as CampaignRow;

/** A desk with one row, and the calls that telephony has, each with its agent. */
function deskWith(
  first: CampaignRow,
  liveCalls: Readonly<Record<string, string>>,
  {
    unsent = [],
    numberFault,
    counts = {},
    settings = {},
    minute = 0,
  }: {
    readonly unsent?: readonly string[];
    readonly numberFault?: string;
    readonly counts?: object;
    readonly settings?: object;
    readonly minute?: number;
  } = {},
) {
  let row = first;
  const waits: unknown[] = [];
  const halts: string[] = [];
  const rows: Partial<RowStore> = {
    presented: async () => (row.state === 'presented' ? [row] : []),
    presentedTo: async () => (row.state === 'presented' ? row : undefined),
    toLookAt: async () => (row.state === 'dialling' ? [row] : []),
    looked: async (_id, _callId, lookAt) => void (row = { ...row, lookAt }),
    ofCall: async (callId) => (row.callId === callId ? row : undefined),
    async move(_id, { state, callId }, next: RowNext) {
      if (row.state !== state || (callId !== undefined && row.callId !== callId)) return undefined;
      return (row = { ...row, ...next } as CampaignRow);
    },
    wanted: async () => [],
    next: async () => (row.state === 'waiting' && row.notBefore <= now ? row : undefined),
    open: async () => 1,
    counts: async () => ({ reached: 20, refused: 0, complained: 0, ...counts }) as RowCounts,
    complained: async (callId) => (row.callId === callId ? row : undefined),
    result: async (_callId, _agentId, result) => void (row = { ...row, result }),
  };
  const callingOut: Partial<CallingOut> = {
    isUnsent: async (callId) => unsent.includes(callId),
    standing: async (hashes) => new Map(hashes.map((hash) => [hash, 'no-consent'])),
    numberFault: async () => numberFault,
  };
  const campaigns: Partial<CampaignStore> = {
    lively: async () => [{ ...campaign, ...settings } as unknown as Campaign],
    one: async () => ({ ...campaign, ...settings }) as unknown as Campaign,
    waits: async (_id, why) => void waits.push(why),
  };
  const send = async (command: string, { agentId }: { readonly agentId?: string }): Promise<unknown> =>
    command === 'calls.live'
      ? Object.entries(liveCalls).flatMap(([callId, who]) => (agentId === undefined || agentId === who ? [{ callId }] : []))
      : {};
  const desk = createCampaignDesk({
    campaigns: campaigns as CampaignStore,
    rows: rows as RowStore,
    callingOut: callingOut as CallingOut,
    commands: { send } as unknown as CommandBus,
    scripts: { keep: async () => 'text' },
    recordOf: async () => undefined,
    haltFor: async (why) => void halts.push(why),
    ...{ now: () => now, minuteAt: () => minute, newId: () => 'new', log: silentLogger },
  });
  return { desk, row: () => row, waits, halts };
}
const ended = (cause: 'completed' | 'far-busy' | 'far-unreachable', answered: boolean) =>
  ({ callId: 'out1', at: now.toISOString(), cause, by: 'caller', answered, direction: 'outbound', durationMs: 1 }) as never;

test('a call that its agent gave to a colleague goes on: the person is not called again', async () => {
  const { desk, row } = deskWith(dialling, { out1: 'bert' });
  await desk.round();
  expect(row()).toMatchObject({ state: 'dialling', tries: 0, lookAt: new Date(now.getTime() + 30_000) });
});

test('a call that nobody has is lost; its end that comes late is what came of the same try', async () => {
  const { desk, row } = deskWith(dialling, {});
  await desk.round();
  expect(row()).toMatchObject({ state: 'waiting', outcome: 'lost', tries: 1 });
  await desk.handlers['call.ended'](ended('completed', true));
  expect(row()).toMatchObject({ state: 'done', outcome: 'reached', tries: 1 });
  await desk.handlers['call.ended'](ended('far-busy', false));
  expect(row()).toMatchObject({ state: 'done', outcome: 'reached', tries: 1 });
});

test('a call that found no channel is no try and holds the campaign for a minute; one that the far side refused is a try', async () => {
  const full = deskWith(dialling, { out1: 'anna' }, { unsent: ['out1'] });
  await full.desk.round();
  await full.desk.handlers['call.ended'](ended('far-unreachable', false));
  expect(full.row()).toMatchObject({ state: 'waiting', tries: 0, why: 'service-unavailable' });
  expect(full.waits).toEqual([{ until: new Date(now.getTime() + 60_000), why: 'service-unavailable' }]);
  const far = deskWith(dialling, { out1: 'anna' });
  await far.desk.round();
  await far.desk.handlers['call.ended'](ended('far-unreachable', false));
  expect(far.row()).toMatchObject({ state: 'waiting', tries: 1, outcome: 'unreachable' });
  expect(far.waits).toEqual([]);
});

test('while the number of a campaign may not be shown, nobody is ended for a consent that cannot be judged', async () => {
  const contact = { number: '13800000001', name: '', note: '' };
  const waiting = { ...dialling, state: 'waiting', numberHash: 'h', contact } as CampaignRow;
  const held = deskWith(waiting, {}, { numberFault: 'not-registered' });
  await held.desk.round();
  expect(held.row()).toEqual(waiting);
  expect(held.waits).toEqual([{ until: new Date(now.getTime() + 60_000), why: 'outbound-number' }]);
  const judged = deskWith(waiting, {});
  await judged.desk.round();
  expect(judged.row()).toMatchObject({ state: 'done', outcome: 'not-permitted', why: 'outbound-consent' });
});

test('a row that no key opens waits, and keeps no other from being called', async () => {
  const { desk, row, waits } = deskWith({ ...dialling, state: 'waiting' }, {});
  await desk.round();
  expect(row()).toMatchObject({ state: 'waiting', tries: 0, why: 'internal', notBefore: new Date(now.getTime() + 3_600_000) });
  expect(waits).toEqual([]);
});

const complaint = (callId?: string) =>
  ({
    complaintId: 'TS1',
    at: now.toISOString(),
    number: 'TS1',
    kind: 'call',
    dueAt: now.toISOString(),
    ...(callId === undefined ? {} : { callId }),
  }) as never;

test('a complaint above the rule halts the campaign of its call, and no other complaint does', async () => {
  const { desk, halts } = deskWith(dialling, {}, { counts: { reached: 99, complained: 1 } });
  await desk.handlers['complaint.opened'](complaint());
  await desk.handlers['complaint.opened'](complaint('another'));
  expect(halts).toEqual([]);
  await desk.handlers['complaint.opened'](complaint('out1'));
  expect(halts).toEqual(['campaign-complaints']);
  const within = deskWith(dialling, {}, { counts: { reached: 100, complained: 1 } });
  await within.desk.handlers['complaint.opened'](complaint('out1'));
  expect(within.halts).toEqual([]);
});

test('an agent who gives every call the result "refused" halts nothing: a refusal is the key of the person', async () => {
  const { desk, halts, row } = deskWith(dialling, { out1: 'anna' }, { counts: { reached: 40, refused: 0 } });
  await desk.round();
  await desk.handlers['contact.disposed']({ callId: 'out1', agentId: 'anna', disposition: ['refused'] } as never);
  await desk.handlers['call.ended'](ended('completed', true));
  expect(row()).toMatchObject({ state: 'done', outcome: 'reached', result: ['refused'] });
  expect(halts).toEqual([]);
});

test('outside its own hours a campaign brings nothing to anybody and says so; its last minute still counts', async () => {
  const waiting = { ...dialling, state: 'waiting' } as CampaignRow;
  const settings = { hours: { fromMinute: 540, toMinute: 1_080 } };
  for (const minute of [539, 1_080]) {
    const { desk, row, waits } = deskWith(waiting, {}, { settings, minute });
    await desk.round();
    expect(row()).toEqual(waiting);
    expect(waits).toEqual([{ until: new Date(now.getTime() + 60_000), why: 'outbound-hours' }]);
  }
  for (const minute of [540, 1_079]) {
    const { desk, row } = deskWith(waiting, {}, { settings, minute });
    await desk.round();
    expect(row()).not.toEqual(waiting);
  }
});

test('a row whose time ran out before its agent called goes back with the reason; while there is time it has none', async () => {
  const presentedUntil = (ms: number): CampaignRow => ({
    ...dialling,
    state: 'presented',
    offer: { since: new Date(now.getTime() - 60_000), until: new Date(now.getTime() + ms) },
  });
  const halted = { settings: { state: 'paused' } };
  const late = deskWith(presentedUntil(0), {}, halted);
  await late.desk.round();
  expect(late.row()).toEqual({ ...presentedUntil(0), state: 'waiting' });
  // Outside the hours, nobody else gets the row in the same round.
  const closed = { settings: { hours: { fromMinute: 60, toMinute: 120 } } };
  const { desk, row } = deskWith(presentedUntil(0), {}, closed);
  await desk.round();
  expect(row()).toMatchObject({ state: 'waiting', why: 'timed-out', tries: 0, lapse: { at: now, agentId: 'anna' } });

  const freed = { agentId: 'anna', to: 'away', callId: undefined, at: now.toISOString() } as never;
  for (const [leftMs, why] of [
    [-1, 'timed-out'],
    [5_000, undefined],
  ] as const) {
    const other = deskWith(presentedUntil(20_000), {}, closed);
    await other.desk.round();
    Object.assign(other.row(), presentedUntil(leftMs));
    await other.desk.handlers['agent.state-changed'](freed);
    expect(other.row()).toMatchObject({ state: 'waiting' });
    expect(other.row().why).toBe(why);
  }
});
