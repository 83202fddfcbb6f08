import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pino from 'pino';
import { liveStateProbe } from '../../../services/inventory/adapters/probes/probe-servers.js';
import { createValkeyBus } from '../../../services/shared/platform/events/valkey-bus.js';
import { openValkey } from '../../../services/shared/platform/events/valkey-client.js';
import { createValkeyCommands } from '../../../services/shared/platform/events/valkey-commands.js';
import { until } from '../../support/until.js';
import { ValkeyGroup } from '../../support/servers/valkey-group.js';

// The live state on a primary with replicas: events and commands while the sentinels promote another server.

const log = pino({ level: 'silent' });
const at = new Date().toISOString();
const EVENTS_A_SECOND = 100;

/** Publishes until told to stop; resolves with the acknowledged events, and the longest time that one took. */
function publisher(bus: ReturnType<typeof createValkeyBus>): {
  stop(): Promise<{ readonly sent: readonly number[]; readonly longestMs: number }>;
} {
  const sent: number[] = [];
  const under = new Set<Promise<void>>();
  let longestMs = 0;
  let next = 0;
  const timer = setInterval(() => {
    const number = (next += 1);
    const begun = performance.now();
    const published = bus.publish('recording.started', { callId: `call-${number}`, at, ledgerNumber: number }).then(() => {
      sent.push(number);
      longestMs = Math.max(longestMs, performance.now() - begun);
    });
    under.add(published);
    void published.finally(() => under.delete(published));
  }, 1_000 / EVENTS_A_SECOND);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(under);
      return { sent, longestMs };
    },
  };
}

describe.each(['SIGKILL', 'SIGSTOP'] as const)('a primary that gets %s', (signal) => {
  let group: ValkeyGroup;

  beforeAll(async () => {
    group = await ValkeyGroup.start();
  }, 60_000);
  afterAll(async () => {
    await (group as ValkeyGroup | undefined)?.[Symbol.asyncDispose]();
  });

  test('is replaced within seconds: no event that was published is lost, none is handled twice, commands and state go on', async () => {
    const bus = createValkeyBus({ url: group.url, log });
    const commands = createValkeyCommands({ url: group.url, log });
    const state = openValkey(group.url, { maxRetriesPerRequest: 3 });
    const handled: number[] = [];
    await bus.subscribe(`counter-${signal}`, { 'recording.started': ({ ledgerNumber }) => void handled.push(ledgerNumber) });
    const stopServing = await commands.serve({ 'practice.call': async () => ({ status: 200 }) });
    const running = publisher(bus);
    await until(
      () => handled.length,
      (count) => count > 50,
    );
    const before = await group.primaryPort();
    await state.set(`kept-${signal}`, 'yes');
    expect(await state.wait(1, 5_000)).toBeGreaterThan(0);
    const probe = liveStateProbe(state, group.url);
    expect(await probe.read(AbortSignal.timeout(5_000))).toMatchObject([{ subject: 'live-state:proofline', facts: { port: before } }]);
    (await group.primary()).kill(signal);
    await until(
      () => group.primaryPort(),
      (port) => port !== before,
      20_000,
    );
    await until(
      () =>
        commands.send('practice.call', { number: '1' }, { timeoutMs: 1_000 }).then(
          () => true,
          () => false,
        ),
      Boolean,
      10_000,
    );
    const reached = handled.length;
    await until(
      () => handled.length,
      (count) => count > reached + 50,
    );
    const { sent, longestMs } = await running.stop();
    await until(
      () => new Set(handled).size,
      (count) => count >= sent.length,
      10_000,
    );
    expect(sent.filter((number) => !handled.includes(number))).toEqual([]);
    expect(handled.length).toBe(new Set(handled).size);
    expect(await state.get(`kept-${signal}`)).toBe('yes');
    // It is the same item of equipment on another server: lists do not show a second one.
    const promoted = { port: await group.primaryPort() };
    expect(await probe.read(AbortSignal.timeout(5_000))).toMatchObject([{ subject: 'live-state:proofline', facts: promoted }]);
    expect(longestMs).toBeGreaterThan(500);
    expect(longestMs).toBeLessThan(15_000);
    await stopServing();
    await bus.close();
    await commands.close();
    state.disconnect();
  }, 60_000);
});
