import { setTimeout as pause } from 'node:timers/promises';
import { rm } from 'node:fs/promises';
import type { LedgerRow } from '../../../services/recording/ledger/ports.js';
import type { BusyHouse } from '../../support/centre/busy-house.js';
import { until } from '../../support/until.js';
import { hangUpAll } from '../hang-up-all.js';
import type { RecorderSite } from '../recorder-site.js';
import { accountOf, Callers, judged, type Round } from '../round.js';
import { houseOfTalks } from '../talking.js';

const NUMBER = '4001099';
const SETTLED_MS = 2_000;
/** What the edges of the account may differ by for each call. */
const EDGES_MS = 300;

/**
 * T5: the machine of the recorder dies with its disk, with callers who talk. One of them is not being recorded, because the agent has paused
 * it, and one has hung up a moment before. The recorder of another machine stands by.
 */
export async function recorderRound(site: RecorderSite, { talking }: { readonly talking: number }): Promise<Round> {
  const { stack, first, second } = site;
  const broken: string[] = [];
  const callers = new Callers();
  let house: BusyHouse | undefined;
  try {
    house = await houseOfTalks(site, callers, { number: NUMBER, talking });
    const [paused, ended, ...others] = house.talks;
    if (paused === undefined || ended === undefined) throw new Error('two callers at least');
    await paused.seat.ask('call:pause-recording', { callId: paused.callId, reason: 'card number' });
    for (const { caller } of [paused, ...others]) callers.watch(caller);
    await pause(SETTLED_MS);
    await hangUpAll([ended], callers);
    const sinceMs = performance.now();
    await first.machine.die();
    await rm(first.home, { recursive: true, force: true });
    await until(second.log, (log) => log.includes('"msg":"ready"'), 30_000);
    const takenOverMs = Math.round(performance.now() - sinceMs);
    await pause(SETTLED_MS);
    await paused.seat.ask('call:resume-recording', { callId: paused.callId });
    await pause(SETTLED_MS);
    const longestGapMs = callers.longestGapMs();
    const endedMs = await hangUpAll([paused, ...others], callers);
    const callIds = house.talks.map(({ callId }) => callId);
    const account = await accountOf(stack, callIds, site.env);
    const pausedMs = await pausedOf(stack, paused.callId);
    if (pausedMs < 2 * SETTLED_MS) broken.push(`of the paused call only ${pausedMs} ms count as paused`);
    const missingMs = account.answeredMs - account.recordedMs - pausedMs;
    if (missingMs > EDGES_MS * callIds.length) broken.push(`${missingMs} ms are neither recorded nor paused`);
    return judged({
      ...{ test: 'T5', fault: "recorder's machine SIGKILL, its disk gone", calls: talking, dropped: callers.dropped, longestGapMs },
      ...account,
      facts: {
        'another recorder after': `${takenOverMs} ms`,
        paused: `${(pausedMs / 1_000).toFixed(1)} s`,
        'hang-ups reach the other side within': `${endedMs} ms`,
      },
      broken,
    });
  } catch (error) {
    const said = [first, second].map(({ printed, log }) => `${printed()}\n${log().trimEnd().split('\n').slice(-15).join('\n')}`);
    throw new Error(`the machines said:\n${said.join('\n')}`, { cause: error });
  } finally {
    callers.longestGapMs();
    await house?.[Symbol.asyncDispose]();
  }
}

async function pausedOf(stack: RecorderSite['stack'], callId: string): Promise<number> {
  const token = await stack.signIn('supervisor');
  const { body } = await stack.http('GET', `/api/ledger/calls/${callId}`, { token });
  return (body as LedgerRow).account?.ms.paused ?? 0;
}
