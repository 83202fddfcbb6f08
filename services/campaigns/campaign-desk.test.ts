import { expect, test } from '@jest/globals';
import type { CommandBus } from '../shared/contracts/commands.js';
import { silentLogger } from '../shared/platform/logger.js';
import type { Campaign, CampaignRow, RowNext } from './campaign.js';
import { createCampaignDesk } from './campaign-desk.js';
import type { CallingOut, CampaignStore, RowStore } from './ports.js';

const now = new Date('2026-11-28T06:00:00Z');
const campaign = { id: 'k', state: 'running', mostTries: 3, busyAgainMinutes: 15, noAnswerAgainMinutes: 240, mostRefusalsPercent: 10 };
const dialling = { id: 'r', campaignId: 'k', state: 'dialling', callId: 'out1', agentId: 'anna', tries: 0, lookAt: now } as CampaignRow;

/** A desk with one row, and the calls that telephony has, each with its agent. */
function deskWith(first: CampaignRow, liveCalls: Readonly<Record<string, string>>) {
  let row = first;
  const rows: Partial<RowStore> = {
    presented: async () => [],
    toLookAt: async () => (row.state === 'dialling' ? [row] : []),
    looked: async (_id, _callId, lookAt) => void (row = { ...row, lookAt }),
    ofCall: async (callId) => (row.callId === callId ? row : undefined),
    async move(_id, { state, callId }, next: RowNext) {
      if (row.state !== state || row.callId !== callId) return undefined;
      return (row = { ...row, ...next } as CampaignRow);
    },
    wanted: async () => [],
    next: async () => undefined,
    open: async () => 1,
  };
  const campaigns: Partial<CampaignStore> = {
    lively: async () => [campaign as unknown as Campaign],
    one: async () => campaign as unknown as Campaign,
  };
  const send = async (command: string, { agentId }: { readonly agentId?: string }): Promise<unknown> =>
    command === 'calls.live'
      ? Object.entries(liveCalls).flatMap(([callId, who]) => (agentId === undefined || agentId === who ? [{ callId }] : []))
      : {};
  const desk = createCampaignDesk({
    campaigns: campaigns as CampaignStore,
    rows: rows as RowStore,
    callingOut: {} as CallingOut,
    commands: { send } as unknown as CommandBus,
    recordOf: async () => undefined,
    tooManyRefuse: async () => undefined,
    ...{ now: () => now, newId: () => 'new', log: silentLogger },
  });
  return { desk, row: () => row };
}
const ended = (cause: 'completed' | 'far-busy', answered: boolean) =>
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
