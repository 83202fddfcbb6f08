// Recorded queue calls at rising rates through the whole product, one process a role: sipp calls and sends sound; seats answer, talk for a
// second and hang up. A call counts as failed when it is not answered, not talked with, not ended as it should be, or has no recording.
// QUEUE_CALLS_HELD=100 measures instead what that many conversations at once cost while both sides send sound. QUEUE_CALLS_MEMBERS=10000
// gives the queue that many members, of whom only the seats are signed in.
import { readFileSync } from 'node:fs';
import { childrenOf, statOf } from '../test/support/processes.js';
import { openQueueCentre } from '../test/support/centre/queue-centre.js';
import { percentile, report } from './support/report.js';

const RATES = (process.env['QUEUE_CALLS_RATES'] ?? '5,10,20,40,60').split(',').map(Number);
const SECONDS = Number(process.env['QUEUE_CALLS_SECONDS'] ?? 10);
const HELD = Number(process.env['QUEUE_CALLS_HELD'] ?? 0);
const SEATS = Math.max(120, HELD + 20);
const MEMBERS = Number(process.env['QUEUE_CALLS_MEMBERS'] ?? 0);
const HELD_FOR_S = 20;
/** USER_HZ on Linux: the unit of CPU time in /proc. */
const TICKS_PER_S = 100;

/** Counts a process and its descendants. */
const cpuMs = (pid: number): number => {
  const fields = statOf(pid);
  // Includes the children that it has waited for, such as encoders.
  const own = ([11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0) * 1_000) / TICKS_PER_S;
  return childrenOf(pid).reduce((sum, child) => sum + cpuMs(child), own);
};
const residentMb = (pid: number): number =>
  childrenOf(pid).reduce(
    (sum, child) => sum + residentMb(child),
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024,
  );

const centre = await openQueueCentre({ seats: SEATS, members: MEMBERS, withSound: HELD > 0 });
const { stack, counts, ends, rings, callers, callsAndRecordings } = centre;
await centre.warmUp();

if (HELD > 0) await measureHeld();
else for (const rate of RATES) await measureRate(rate);

/** CPU of all processes during that many conversations, in percent of a core per call. */
async function measureHeld(): Promise<void> {
  const held = centre.hold();
  const done = callers.call(10, HELD);
  while (held.length < HELD) await new Promise((resolve) => setTimeout(resolve, 100));
  // The cost of setting up a call is not part of this figure.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  const before = new Map(stack.ready.processes.map(({ name, pid }) => [name, cpuMs(pid)]));
  await new Promise((resolve) => setTimeout(resolve, HELD_FOR_S * 1_000));
  const spent = stack.ready.processes.map(({ name, pid }) => ({
    name,
    percent: (cpuMs(pid) - (before.get(name) ?? 0)) / (HELD_FOR_S * 10) / HELD,
  }));
  report({
    what: `${HELD} recorded conversations: CPU of all processes, of a core and call`,
    value: spent.reduce((sum, { percent }) => sum + percent, 0),
    unit: '%',
    target: '<= 0.45 %',
  });
  for (const { name, percent } of spent.sort((a, b) => b.percent - a.percent))
    if (percent >= 0.001) report({ what: `  ${name}`, value: percent, unit: '%' });
  for (const hangUp of held) hangUp();
  await done;
}

async function measureRate(rate: number): Promise<void> {
  const total = rate * SECONDS;
  const before = new Map(stack.ready.processes.map(({ name, pid }) => [name, cpuMs(pid)]));
  const { failed, storedAfterS } = await callsAndRecordings(rate, total);
  const spent = stack.ready.processes.map(({ name, pid }) => ({
    name,
    ms: (cpuMs(pid) - (before.get(name) ?? 0)) / total,
  }));
  const at = `at ${rate} calls/s`;
  report({ what: `${at}: calls that failed, of ${total}`, value: Math.max(failed, total - counts.completed), unit: 'calls', target: '0' });
  for (const [cause, count] of ends) report({ what: `${at}:   ${cause}`, value: count, unit: 'calls' });
  report({ what: `${at}: calls without their recording half a minute later`, value: total - counts.archived, unit: 'calls', target: '0' });
  report({ what: `${at}: the last recording is stored after the last call`, value: storedAfterS, unit: 's' });
  report({ what: `${at}: INVITE to ring, p50`, value: percentile(rings, 0.5), unit: 'ms' });
  report({ what: `${at}: INVITE to ring, p95`, value: percentile(rings, 0.95), unit: 'ms' });
  report({
    what: `${at}: CPU of all processes`,
    value: spent.reduce((sum, { ms }) => sum + ms, 0),
    unit: 'ms/call',
  });
  for (const { name, ms } of spent.sort((a, b) => b.ms - a.ms))
    if (ms >= 0.1) report({ what: `${at}:   ${name}`, value: ms, unit: 'ms/call' });
}
for (const { name, pid } of stack.ready.processes) report({ what: `memory of ${name} at the end`, value: residentMb(pid), unit: 'MB' });

await centre.close();
