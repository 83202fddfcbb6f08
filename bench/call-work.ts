// What one recorded queue call makes the product do, counted: Valkey commands by process, events, commands between processes, queries to
// the document store, commands to the relay, process wake-ups. Counts, unlike times, are the same on a busy machine. CALL_WORK_RATE=1
// counts calls that come alone; at a higher rate more work is batched.
import { countable, WorkCounter } from '../test/support/call-work.js';
import { openQueueCentre } from '../test/support/centre/queue-centre.js';
import { report } from './support/report.js';

const CALLS = Number(process.env['CALL_WORK_CALLS'] ?? 200);
const RATE = Number(process.env['CALL_WORK_RATE'] ?? 20);
/** Anything below this also happens without calls: rounds, leases, checks. */
const LEAST_A_CALL = 0.05;

const centre = await openQueueCentre({ seats: 40, env: countable });
try {
  await centre.callsAndRecordings(RATE, CALLS);
  const counter = await WorkCounter.start(centre.stack);
  const { failed } = await centre.callsAndRecordings(RATE, CALLS);
  const work = await counter.stop();
  report({ what: `calls that failed, of ${CALLS}`, value: failed, unit: 'calls', target: '0' });
  const sums = new Map<string, number>();
  for (const [name, count] of work) {
    const [kind = ''] = name.split(' ');
    sums.set(kind, (sums.get(kind) ?? 0) + count);
  }
  for (const [kind, count] of sums) report({ what: `all: ${kind}`, value: count / CALLS, unit: 'a call' });
  for (const [name, count] of [...work].sort(([a], [b]) => a.localeCompare(b)))
    if (count / CALLS >= LEAST_A_CALL) report({ what: name, value: count / CALLS, unit: 'a call' });
} finally {
  await centre.close();
}
