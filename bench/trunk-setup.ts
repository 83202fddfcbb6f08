// Calls set up, connected and hung up through a trunk over TLS with SRTP, beside the same over UDP in clear, in one run: as many as the
// product takes with a fixed number up at once. Callers send no sound and receive it. The two kinds take turns, so that other load on the
// machine meets both.
import { loadavg } from 'node:os';
import type { Line } from '../test/support/phones/sipp-callers.js';
import { openQueueCentre } from '../test/support/centre/queue-centre.js';
import { report } from './support/report.js';

const CALLS = Number(process.env['TRUNK_SETUP_CALLS'] ?? 600);
const AT_ONCE = Number(process.env['TRUNK_SETUP_AT_ONCE'] ?? 40);
/** More than any machine takes: the limit is the number of calls at once. */
const RATE = 400;
const TALK_MS = 100;
/** Calls of each kind before measuring: the time that a process spends compiling its code is not part of a call. */
const WARM_UP = Number(process.env['TRUNK_SETUP_WARM_UP'] ?? 400);
const TURNS: readonly Line[] = ['clear', 'encrypted', 'encrypted', 'clear'];
const words: Readonly<Record<Line, string>> = { clear: 'UDP and RTP', encrypted: 'TLS and SRTP' };

const centre = await openQueueCentre({ seats: AT_ONCE + 40, secureTrunk: true, talkMs: TALK_MS });
try {
  for (const line of ['clear', 'encrypted'] as const) await centre.callers.call(RATE, WARM_UP, { line, silent: true }, AT_ONCE);
  const sums: Record<Line, { calls: number; seconds: number }> = { clear: { calls: 0, seconds: 0 }, encrypted: { calls: 0, seconds: 0 } };
  report({ what: 'load of the machine before', value: loadavg()[0] ?? 0, unit: 'processes that want to run' });
  for (const line of TURNS) {
    centre.ends.clear();
    const { failed, seconds } = await centre.callers.call(RATE, CALLS, { line, silent: true }, AT_ONCE);
    sums[line].calls += CALLS - failed;
    sums[line].seconds += seconds;
    report({ what: `${words[line]}: calls that failed, of ${CALLS}`, value: failed, unit: 'calls', target: '0' });
    for (const [cause, count] of centre.ends) report({ what: `${words[line]}:   ${cause}`, value: count, unit: 'calls' });
    report({ what: `${words[line]}: calls set up`, value: (CALLS - failed) / seconds, unit: 'a second' });
  }
  const rateOf = (line: Line): number => sums[line].calls / sums[line].seconds;
  report({
    what: 'TLS and SRTP, of the rate of UDP and RTP',
    value: (rateOf('encrypted') / rateOf('clear')) * 100,
    unit: '%',
    target: '>= 80 %',
  });
} finally {
  await centre.close();
}
