import { expect, test } from '@jest/globals';
import { CallCentreError, type FailureCode } from '../../shared/domain/failure.js';
import type { CallEvent } from '../machine/call-events.js';
import type { Live } from '../running/controller.js';
import { createRecorderOrders } from './recorder-orders.js';

function recorder(...answers: (FailureCode | 'done')[]) {
  const told: CallEvent[] = [];
  const sent: string[] = [];
  const waiting: (() => void)[] = [];
  const orders = createRecorderOrders({
    commands: {
      send: async (name: string) => {
        sent.push(name);
        const answer = answers.shift() ?? 'done';
        if (answer !== 'done') throw new CallCentreError(answer, answer);
        return {} as never;
      },
    },
    later: (_ms, run) => {
      waiting.push(run);
      return () => undefined;
    },
    tell: (_callId, event) => told.push(event),
    log: { warn: () => undefined, error: () => undefined },
  });
  return { orders, sent, told, waiting };
}

const live = (recording: 'on' | 'paused'): Live =>
  ({ call: { id: 'c1', recording, stage: { kind: 'queued' } }, timers: new Map() }) as unknown as Live;
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a pause that was not made comes back', async () => {
  const { orders, told } = recorder('timed-out');
  await orders.pause(live('paused'), { reason: 'card', token: '4' });
  expect(told).toEqual([{ type: 'pause-failed', token: '4' }]);
});

test('the recorder is asked to go on until it does, and not while somebody paused again', async () => {
  const { orders, sent, waiting } = recorder('no-such-call', 'timed-out');
  const call = live('on');
  await orders.resume(call);
  waiting.shift()?.();
  await settle();
  waiting.shift()?.();
  await settle();
  expect(sent).toHaveLength(3);
  expect(waiting).toHaveLength(0);

  const paused = recorder('timed-out');
  await paused.orders.resume(live('paused'));
  paused.waiting.shift()?.();
  await settle();
  expect(paused.sent).toHaveLength(1);
});

test('one that records already is left alone', async () => {
  const { orders, waiting } = recorder('wrong-state');
  await orders.resume(live('on'));
  expect(waiting).toHaveLength(0);
});
