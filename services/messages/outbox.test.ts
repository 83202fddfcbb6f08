import { expect, test } from '@jest/globals';
import type { EventBus, EventInput } from '../shared/events/catalogue.js';
import { silentLogger } from '../shared/platform/processes/logger.js';
import { nextTry, RETRY_AFTER_MS, type MessageState } from './message.js';
import { createSender } from './outbox.js';
import { UndeliverableError, type Claimed, type OutboxStore, type Provider } from './ports.js';

const start = new Date('2026-03-10T02:00:00Z');
const message: Claimed = {
  messageId: 'm1',
  way: 'sms',
  to: '13800000001',
  subject: '',
  text: 'sorry',
  topic: { kind: 'complaint-answer', id: 'k1' },
  tries: 0,
};

/** One message, a provider that answers as told, a clock that jumps to the next try. */
async function run(
  provider: Provider | undefined,
): Promise<{ settled: EventInput<'message.settled'>[]; tries: number; state: MessageState['state'] }> {
  const settled: EventInput<'message.settled'>[] = [];
  let now = start;
  let next: Date | undefined = start;
  let tries = 0;
  let state: MessageState['state'] = 'waiting';
  const outbox: OutboxStore = {
    put: async () => undefined,
    claim: async (at, until) => {
      if (next === undefined || next > at) return undefined;
      next = until;
      tries += 1;
      return { ...message, tries };
    },
    settle: async (_id, end) => {
      next = undefined;
      state = end.state;
    },
    postpone: async (_id, until) => {
      next = until;
    },
    states: async () => [],
  };
  const bus = {
    publish: async (_name: string, event: EventInput<'message.settled'>) => {
      settled.push(event);
    },
  } as unknown as EventBus;
  const sendDue = createSender({
    outbox,
    providers: provider === undefined ? {} : { sms: provider },
    bus,
    now: () => now,
    log: silentLogger,
  });
  for (let turns = 0; turns < 50 && next !== undefined; turns += 1) {
    await sendDue();
    now = next ?? now;
  }
  return { settled, tries, state };
}

test('a message that is taken is told once', async () => {
  expect(await run({ send: async () => undefined })).toMatchObject({
    state: 'sent',
    tries: 1,
    settled: [{ messageId: 'm1', state: 'sent', topic: 'complaint-answer', topicId: 'k1' }],
  });
});

test('a provider that is away is tried again, and the message goes out in the end', async () => {
  let calls = 0;
  const send = async (): Promise<void> => {
    calls += 1;
    if (calls < 4) throw Object.assign(new Error('to 13800000001: away'), { code: 'ECONNREFUSED' });
  };
  expect(await run({ send })).toMatchObject({ state: 'sent', tries: 4, settled: [{ state: 'sent' }] });
});

test('what is refused for good is not tried again; tries end; no word of address or text is told', async () => {
  const refused = await run({ send: () => Promise.reject(new UndeliverableError('HTTP 422')) });
  expect(refused).toMatchObject({ state: 'failed', tries: 1, settled: [{ state: 'failed', reason: 'HTTP 422' }] });
  const away = await run({ send: () => Promise.reject(new Error('13800000001 sorry')) });
  expect(away).toMatchObject({ state: 'failed', tries: RETRY_AFTER_MS.length + 1, settled: [{ reason: 'Error' }] });
  expect(await run(undefined)).toMatchObject({ state: 'failed', settled: [{ reason: 'no-provider' }] });
});

test('pauses grow and end', () => {
  expect(nextTry(1, start)).toEqual(new Date(start.getTime() + RETRY_AFTER_MS[0]));
  expect(nextTry(RETRY_AFTER_MS.length + 1, start)).toBeUndefined();
  expect([...RETRY_AFTER_MS].sort((a, b) => a - b)).toEqual([...RETRY_AFTER_MS]);
});
