import { expect, test } from '@jest/globals';
import { events, type EventBus, type EventName } from '../../shared/events/catalogue.js';
import { silentLogger } from '../../shared/platform/processes/logger.js';
import { createOutbox } from './outbox.js';

const at = new Date(0).toISOString();

/** A bus whose answers the test gives, and a clock that the test moves. */
function rig() {
  const asked: { readonly callId: string; readonly took: () => void; readonly refused: () => void }[] = [];
  const later: (() => void)[] = [];
  const publish = (name: EventName, event: { callId: string }): Promise<void> =>
    new Promise((resolve, reject) => {
      events[name].parse(event);
      asked.push({ callId: event.callId, took: resolve, refused: () => reject(new Error('away')) });
    });
  const outbox = createOutbox({
    bus: { publish } as unknown as EventBus,
    log: silentLogger,
    later: (_ms, run) => void later.push(run),
  });
  /** What the bus was asked since the last time. */
  const asks = async (): Promise<typeof asked> => {
    await new Promise(setImmediate);
    return asked.splice(0);
  };
  const put = (...callIds: string[]): void => {
    for (const callId of callIds) outbox.put('recording.resumed', { callId, at });
  };
  return { outbox, put, asks, runLater: () => later.splice(0).forEach((run) => run()) };
}
const idsOf = (asked: readonly { readonly callId: string }[]): string[] => asked.map(({ callId }) => callId);

test('no event waits for the one before it to be out, and each counts as out with all before it', async () => {
  const { outbox, put, asks } = rig();
  put('a');
  const [a] = await asks();
  put('b', 'c');
  const rest = await asks();
  expect(idsOf(rest)).toEqual(['b', 'c']);
  for (const { took } of rest) took();
  await asks();
  expect(outbox.waiting).toBe(3);
  a?.took();
  expect(await asks()).toEqual([]);
  expect(outbox.waiting).toBe(0);
});

test('an event that does not go out is tried again alone, before those behind it', async () => {
  const { outbox, put, asks, runLater } = rig();
  put('a', 'b', 'c', 'd');
  const [a, b, c, d] = await asks();
  for (const each of [a, b]) each?.took();
  c?.refused();
  expect(await asks()).toEqual([]);
  put('e');
  expect(await asks()).toEqual([]);
  d?.took();
  expect(await asks()).toEqual([]);
  expect(outbox.waiting).toBe(3);
  for (const outcome of ['refused', 'took'] as const) {
    runLater();
    const again = await asks();
    expect(idsOf(again)).toEqual(['c']);
    again[0]?.[outcome]();
    if (outcome === 'refused') expect(await asks()).toEqual([]);
  }
  // The stream may have an event behind the refused one already: better twice than never.
  expect(idsOf(await asks())).toEqual(['d', 'e']);
});

test('an event that its catalogue refuses holds up none of those behind it', async () => {
  const { outbox, put, asks } = rig();
  put('a');
  outbox.put('call.ended', { callId: 'b', at, queueId: null } as never);
  put('c');
  const asked = await asks();
  expect(idsOf(asked)).toEqual(['a', 'c']);
  for (const { took } of asked) took();
  expect(await asks()).toEqual([]);
  expect(outbox.waiting).toBe(0);
});

test('what waits for the events before it runs in its order, and not before they are out', async () => {
  const { outbox, put, asks } = rig();
  const done: string[] = [];
  outbox.whenOut(() => done.push('at once'));
  put('a');
  outbox.whenOut(() => done.push('after a'));
  put('b');
  outbox.whenOut(() => done.push('after b'));
  expect(done).toEqual(['at once']);
  const [a, b] = await asks();
  a?.took();
  await asks();
  expect(done).toEqual(['at once', 'after a']);
  b?.took();
  await asks();
  expect(done).toEqual(['at once', 'after a', 'after b']);
});
