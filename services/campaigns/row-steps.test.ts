import { expect, test } from '@jest/globals';
import type { CommandBus } from '../shared/contracts/calls/commands.js';
import { silentLogger } from '../shared/platform/processes/logger.js';
import type { CampaignRow } from './campaign.js';
import type { CampaignStore, RowStore } from './ports.js';
import { createRowSteps } from './row-steps.js';

const now = new Date('2026-11-28T06:00:00Z');
const offer = { since: now, until: new Date(now.getTime() + 60_000), dialAt: now };
const contact = { number: '13800000001', name: '', note: '' };
const presented = { id: 'r', campaignId: 'k', state: 'presented', callId: 'out1', agentId: 'anna', tries: 0, contact, offer } as const;

test('a countdown that was stopped after it had been read dials nothing; the agent still may', async () => {
  let row = presented as unknown as CampaignRow;
  const dialled: string[] = [];
  const { hold, call, dial } = createRowSteps({
    campaigns: { one: async () => ({ id: 'k', state: 'running', script: '' }) } as unknown as CampaignStore,
    rows: {
      one: async () => row,
      async hold() {
        const { dialAt: _dialAt, ...held } = offer;
        row = { ...row, offer: held };
        return true;
      },
      move: async (_id, { state, dialAt }, next) =>
        row.state !== state || (dialAt !== undefined && row.offer?.dialAt !== dialAt)
          ? undefined
          : (row = { ...row, ...next } as CampaignRow),
    } as Partial<RowStore> as RowStore,
    commands: { send: async (command: string) => void dialled.push(command) } as unknown as CommandBus,
    scripts: { keep: async () => 'text' },
    ...{ now: () => now, minuteAt: () => 0, log: silentLogger },
  });
  const read = row;
  await hold('r', 'anna');
  await expect(dial(read, offer.dialAt)).rejects.toMatchObject({ code: 'wrong-state' });
  expect(dialled).toEqual([]);
  await call('r', 'anna');
  expect(dialled).toEqual(['call.dial']);
});

test('a row that an agent read before the campaign’s hours were over is not dialled afterwards, and waits', async () => {
  const done: unknown[] = [];
  const stepsAt = (minute: number) =>
    createRowSteps({
      campaigns: {
        one: async () => ({ id: 'k', state: 'running', script: '', hours: { fromMinute: 540, toMinute: 1_080 } }),
      } as unknown as CampaignStore,
      rows: {
        one: async () => presented,
        move: async (_id: string, _expected: object, next: object) => (done.push(next), { ...presented, ...next }),
      } as unknown as RowStore,
      commands: { send: async (command: string) => void done.push(command) } as unknown as CommandBus,
      scripts: { keep: async () => 'text' },
      ...{ now: () => now, minuteAt: () => minute, log: silentLogger },
    });
  await expect(stepsAt(1_080).call('r', 'anna')).rejects.toMatchObject({ code: 'outbound-hours' });
  expect(done).toEqual([{ state: 'waiting', why: 'outbound-hours' }, 'agent.release']);
  await stepsAt(1_079).call('r', 'anna');
  expect(done).toContain('call.dial');
});
