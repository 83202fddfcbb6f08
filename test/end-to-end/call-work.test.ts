import { expect, test } from '@jest/globals';
import { countable, WorkCounter } from '../support/call-work.js';
import { openQueueCentre } from '../support/centre/queue-centre.js';

const CALLS = 20;
const RATE = 4;

/**
 * Counts do not depend on how busy the machine is. How much is read in one batch does, so it is not asserted. `npm run bench -- --only
 * call-work` prints all.
 */
test('a queue call makes no more events, commands, writes and questions to the relay than it needs', async () => {
  const centre = await openQueueCentre({ seats: 12, env: countable });
  try {
    const counter = await WorkCounter.start(centre.stack);
    const { failed } = await centre.callsAndRecordings(RATE, CALLS);
    const work = await counter.stop();
    expect({ failed, ...centre.counts }).toEqual({ failed: 0, connected: CALLS, completed: CALLS, archived: CALLS });
    const aCall = (pattern: RegExp): number =>
      [...work].reduce((sum, [name, count]) => (pattern.test(name) ? sum + count : sum), 0) / CALLS;
    // Each event is read by every part that subscribes.
    expect(aCall(/^event (call|seat|agent|routing|recording)\./)).toBeGreaterThan(10);
    expect(aCall(/^event (call|seat|agent|routing|recording)\./)).toBeLessThanOrEqual(18.5);
    // Beside those of the calls: every five seconds the watch of the parts asks four roles for a sign of life.
    expect(aCall(/^bus (?!telephony\.status|recorder\.status|mixer\.status|queues\.list)/)).toBeLessThanOrEqual(14);
    expect(aCall(/^relay (offer|answer|delete|playmedia|stopmedia|subreq|subans)/)).toBeLessThanOrEqual(14.5);
    expect(aCall(/^valkey rtpengine set/)).toBeLessThanOrEqual(9);
    expect(aCall(/^valkey telephony (hset|hdel)/)).toBeLessThanOrEqual(9);
    expect(aCall(/^valkey routing (hset|hdel)/)).toBeLessThanOrEqual(9);
    expect(aCall(/^documents (calls|ledger|recordings|recording_peaks|visits|contacts) (update|insert)/)).toBeLessThanOrEqual(9);
  } finally {
    await centre.close();
  }
}, 240_000);
