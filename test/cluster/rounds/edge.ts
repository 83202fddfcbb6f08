import { setTimeout as pause } from 'node:timers/promises';
import { BusyHouse } from '../../support/centre/busy-house.js';
import type { SipPhone } from '../../support/phones/sip-phone.js';
import { until } from '../../support/until.js';
import type { EdgeSite } from '../edge-site.js';
import { hangUpAll } from '../hang-up-all.js';
import { openNumber } from '../open-number.js';
import { accountOf, Callers, judged, type Round } from '../round.js';
import { callerOf } from '../talking.js';

/** What is promised; `npm test` runs beside other work and allows more. */
export const NEXT_CALL_WITHIN_MS = 3_000;
const NUMBER = '4001099';
const SETTLED_MS = 1_000;
const DIALLED_EVERY_MS = 200;

/**
 * T9: the machine of the Kamailio that has the address is gone, with callers who talk. The other one has the address: a new call comes through,
 * and whoever hangs up is heard of on the other side.
 */
export async function edgeRound(
  site: EdgeSite,
  { talking, withinMs = NEXT_CALL_WITHIN_MS }: { readonly talking: number; readonly withinMs?: number },
): Promise<Round> {
  const { stack, first, second, door } = site;
  const broken: string[] = [];
  const callers = new Callers();
  const open = (): Promise<SipPhone> => callerOf(site, NUMBER);
  let house: BusyHouse | undefined;
  try {
    await openNumber(stack, NUMBER, [door.address]);
    await until(() => isAnswered(open), Boolean, 30_000);
    const none = { waiting: 0, held: 0, parked: 0, transferred: 0, conferences: 0 };
    house = await BusyHouse.open(stack, async () => callers.add(await open()), { ...none, talking });
    const { talks } = house;
    for (const { caller } of talks) callers.watch(caller);
    await pause(SETTLED_MS);
    const sinceMs = performance.now();
    await first.machine.die();
    const nextMs = Math.round((await firstAnswered(open)) - sinceMs);
    if (nextMs > withinMs) broken.push(`no call came through for ${nextMs} ms`);
    if (!second.machine.has(door.address)) broken.push('the second machine does not have the address');
    const longestGapMs = callers.longestGapMs();
    const endedMs = await hangUpAll(talks, callers);
    const account = await accountOf(
      stack,
      talks.map(({ callId }) => callId),
    );
    return judged({
      ...{ test: 'T9', fault: "Kamailio's machine SIGKILL", calls: talking, dropped: callers.dropped, longestGapMs },
      ...account,
      facts: { 'the next call comes through after': `${nextMs} ms`, 'hang-ups reach the other side within': `${endedMs} ms` },
      broken,
    });
  } catch (error) {
    throw new Error(`the second machine said:\n${second.printed().trimEnd().split('\n').slice(-30).join('\n')}`, { cause: error });
  } finally {
    callers.longestGapMs();
    await house?.[Symbol.asyncDispose]();
  }
}

async function isAnswered(open: () => Promise<SipPhone>): Promise<boolean> {
  const phone = await open();
  const status = await phone.call().finally(() => phone.close());
  return status === 200;
}

/** Somebody calls again and again, as the customers of a centre do: the moment at which the first of them is answered. */
async function firstAnswered(open: () => Promise<SipPhone>): Promise<number> {
  let answeredMs: number | undefined;
  const calls: Promise<void>[] = [];
  const call = async (): Promise<void> => {
    if (await isAnswered(open)) answeredMs ??= performance.now();
  };
  while (answeredMs === undefined && calls.length < 100) {
    calls.push(call().catch(() => undefined));
    await pause(DIALLED_EVERY_MS);
  }
  await Promise.all(calls);
  if (answeredMs === undefined) throw new Error('no call came through');
  return answeredMs;
}
