import { BareSeat } from '../../support/bare-seat.js';
import type { ValkeyGroup } from '../../support/servers/valkey-group.js';
import type { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { converse } from '../../engines/support/conversation.js';
import { accountOf, Callers, judged, type Round } from '../round.js';

/** T6: the primary of the live state is killed or hangs during a call. The call goes on, and the next one comes through. */
export async function liveStateRound(stack: Stack, group: ValkeyGroup, signal: 'SIGKILL' | 'SIGSTOP'): Promise<Round> {
  const callers = new Callers();
  const seats = [await BareSeat.open(stack, 'agent1'), await BareSeat.open(stack, 'agent2')] as const;
  try {
    const going = await converse(seats[0], stack.sip);
    callers.add(going.caller);
    callers.watch(going.caller);
    const before = await group.primaryPort();
    const sinceMs = performance.now();
    (await group.primary()).kill(signal);
    await until(
      () => group.primaryPort(),
      (port) => port !== before,
      30_000,
    );
    // A request that comes while nobody serves it is repeated.
    await until(
      () =>
        seats[1].ask('agent:set-state', { state: 'ready' }).then(
          () => true,
          () => false,
        ),
      Boolean,
      30_000,
    );
    const decidedMs = Math.round(performance.now() - sinceMs);
    await going.heard();
    const next = await converse(seats[1], stack.sip);
    callers.add(next.caller);
    const longestGapMs = callers.longestGapMs();
    for (const { caller } of [going, next]) callers.hangUp(caller);
    const callIds = [going.callId, next.callId];
    return judged({
      ...{ test: 'T6', fault: `primary of the live state ${signal}`, calls: callIds.length, dropped: callers.dropped, longestGapMs },
      ...(await accountOf(stack, callIds, group.settings)),
      facts: { 'agents are obeyed again after': `${decidedMs} ms` },
      broken: [],
    });
  } finally {
    callers.close();
    for (const seat of seats) await seat.leave();
  }
}
