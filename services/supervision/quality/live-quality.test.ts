import { beforeEach, expect, test } from '@jest/globals';
import type { CommandBus } from '../../shared/contracts/calls/commands.js';
import { createLiveQuality, type LiveQuality } from './live-quality.js';

let nowMs: number;
let published: { name: string; subject: string; text: string; scope: unknown }[];
let quality: LiveQuality;
let isAway: boolean;

beforeEach(() => {
  nowMs = Date.parse('2026-12-01T08:00:00.000Z');
  published = [];
  isAway = false;
  quality = createLiveQuality({
    commands: {
      send: async (command: string) => {
        if (isAway) throw new Error('away');
        return command === 'queues.list' ? [{ queueId: 'service' }] : { queueId: 'service' };
      },
    } as unknown as CommandBus,
    bus: {
      publish: async (name, event) => {
        const { subject = '', text, scope } = event as { subject?: string; text?: { en: string }; scope?: unknown };
        published.push({ name, subject, text: text?.en ?? '', scope });
      },
    },
    nowMs: () => nowMs,
  });
});

const at = (): string => new Date(nowMs).toISOString();
const relay = (callId: string, mos: number, side: 'caller' | 'agent' = 'caller'): void =>
  quality.heard({
    id: '1',
    name: 'calls.measured',
    event: { at: at(), sides: [{ callId, agentId: 'ann', side, lossPercent: 30, jitterMs: 4, mos }] },
  });
const seat = (callId: string, mos: number): void =>
  quality.heard({
    id: '1',
    name: 'seat.quality',
    event: { at: at(), callId, agentId: 'ann', lossPercent: 1, jitterMs: 4, roundTripMs: 20, mos },
  });
async function pass(seconds: number, each: () => void): Promise<void> {
  for (let gone = 0; gone < seconds; gone += 5) {
    each();
    nowMs += 5_000;
    await quality.look();
  }
}
const raised = () => published.filter(({ name }) => name === 'notice.raised');

test('a call below MOS 3.6 for fifteen seconds raises one alarm of its queue, and clears it when it has been good for as long', async () => {
  await pass(10, () => relay('c1', 3.1));
  expect(raised()).toEqual([]);
  await pass(60, () => relay('c1', 3.1));
  expect(raised()).toMatchObject([{ subject: 'service', scope: { queueId: 'service' } }]);
  expect(raised()[0]?.text).toBe(
    'Call c1: the caller as received by the media relay has been below MOS 3.6 for 15 seconds (3.1, loss 30 %, jitter 4 ms).',
  );
  await pass(10, () => relay('c1', 4.2));
  expect(published.at(-1)?.name).toBe('notice.raised');
  await pass(10, () => relay('c1', 4.2));
  expect(published.at(-1)).toMatchObject({ name: 'notice.cleared', subject: 'service' });
});

test('a quality that swings round the limit for ten minutes raises nothing, or one alarm', async () => {
  let turn = 0;
  await pass(600, () => relay('c1', (turn += 1) % 2 === 0 ? 3.5 : 3.7));
  expect(raised()).toHaveLength(0);
  await pass(20, () => relay('c1', 3.5));
  await pass(600, () => relay('c1', (turn += 1) % 2 === 0 ? 3.5 : 3.7));
  expect(raised().length).toBeLessThanOrEqual(2);
  expect(new Set(raised().map(({ text }) => text)).size).toBe(1);
});

test('a bad line under many calls is one alarm, which lasts until the last of them is good or over', async () => {
  await pass(20, () => ['c1', 'c2', 'c3'].forEach((callId) => relay(callId, 2)));
  expect(raised()).toHaveLength(1);
  for (const callId of ['c1', 'c2', 'c3'])
    quality.heard({ id: '1', name: 'call.ended', event: { callId } } as unknown as Parameters<LiveQuality['heard']>[0]);
  await quality.look();
  expect(published.at(-1)).toMatchObject({ name: 'notice.cleared', subject: 'service' });
});

test('both directions are shown with their source; what was not heard of for fifteen seconds is not shown', async () => {
  relay('c1', 4);
  relay('c1', 3, 'agent');
  seat('c1', 4.2);
  expect(quality.of('c1').map(({ side, source, mos }) => [side, source, mos])).toEqual([
    ['caller', 'relay', 4],
    ['agent', 'relay', 3],
    ['caller', 'browser', 4.2],
  ]);
  expect(quality.of('c2')).toEqual([]);
  nowMs += 15_001;
  expect(quality.of('c1')).toEqual([]);
});

test('after a start the alarms of the process before are cleared; while telephony is away nothing is raised, and then it is', async () => {
  await quality.begin();
  await quality.look();
  expect(published.map(({ name, subject }) => [name, subject])).toEqual([
    ['notice.cleared', ''],
    ['notice.cleared', 'service'],
  ]);
  isAway = true;
  await pass(20, () => seat('c1', 2));
  expect(raised()).toEqual([]);
  isAway = false;
  await pass(5, () => seat('c1', 2));
  expect(raised()).toHaveLength(1);
});
