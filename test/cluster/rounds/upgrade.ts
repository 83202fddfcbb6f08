import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { AGENT_HZ, BusyHouse } from '../../support/centre/busy-house.js';
import { SipPhone } from '../../support/phones/sip-phone.js';
import type { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { within } from '../../support/within.js';
import { hangUpAll } from '../hang-up-all.js';
import type { InstalledProduct } from '../installed-product.js';
import { openNumber } from '../open-number.js';
import { accountOf, Callers, judged, type Round } from '../round.js';

const NUMBER = '4001099';
/** The order of the handbook: what records and mixes, what decides, what stores, what serves pages, what has the calls. */
const ORDER = ['recorder', 'mixer', 'routing', 'cases', 'api', 'telephony'] as const;
const SETTLED_MS = 1_000;
const CALLED_EVERY_MS = 1_000;
const HEARD_FOR_MS = 3_000;

/** T12: each role is ended in turn and comes back from the new build, while agents talk and further callers come. */
export async function upgradeRound(stack: Stack, product: InstalledProduct, { talking }: { readonly talking: number }): Promise<Round> {
  const broken: string[] = [];
  const callers = new Callers();
  const { address, port } = stack.sip;
  const open = (): Promise<SipPhone> =>
    SipPhone.open(
      { server: stack.sip, local: '127.0.0.1', from: `sip:138${randomInt(1e7, 1e8)}@${address}` },
      `sip:${NUMBER}@${address}:${port}`,
    );
  let replaced = '';
  let house: BusyHouse | undefined;
  let more: { stop(): Promise<Passing> } | undefined;
  try {
    await openNumber(stack, NUMBER, ['127.0.0.1']);
    const none = { waiting: 0, held: 0, parked: 0, transferred: 0, conferences: 0 };
    house = await BusyHouse.open(stack, async () => callers.add(await open()), { ...none, talking }, '127.0.0.1');
    const { talks } = house;
    for (const { caller } of talks) callers.watch(caller);
    const back = Promise.all(talks.map(({ seat }) => seat.comesBack()));
    back.catch(() => undefined);
    more = passingCallers(callers, open, () => replaced);
    product.upgrade();
    for (const role of ORDER) {
      replaced = role;
      await replace(stack, role);
      // The next role is not taken before the pages have their lines again.
      if (role === 'api') await within(back, 60_000, () => 'not every page comes back');
    }
    replaced = '';
    const { answered, refusedDuring } = await within(more.stop(), 60_000, () => 'a caller does not come through');
    for (const { seat } of talks) seat.phone.sound.play(AGENT_HZ);
    await house.allHear();
    // A new call needs telephony at once; those that are up do not.
    const others = refusedDuring.filter((role) => role !== 'telephony');
    if (others.length > 0) broken.push(`callers were refused while ${[...new Set(others)].join(', ')} was replaced`);
    await house.holdAndResume();
    const longestGapMs = callers.longestGapMs();
    const endedMs = await hangUpAll(talks, callers);
    const token = await stack.signIn('supervisor');
    const { body } = await stack.http('GET', '/api/calls?limit=200', { token });
    const callIds = (body as { readonly calls: readonly { readonly callId: string }[] }).calls.map(({ callId }) => callId);
    if (callIds.length !== talking + answered) broken.push(`${talking + answered} calls have ${callIds.length} records`);
    return judged({
      ...{
        test: 'T12',
        fault: `upgrade from ${product.commit}, role after role`,
        calls: talking + answered,
        dropped: callers.dropped,
        longestGapMs,
      },
      ...(await accountOf(stack, callIds)),
      facts: {
        'callers meanwhile': String(answered),
        'refused while telephony was replaced, and answered later': String(refusedDuring.length),
        'hang-ups reach the other side within': `${endedMs} ms`,
      },
      broken,
    });
  } finally {
    await more?.stop();
    callers.longestGapMs();
    await house?.[Symbol.asyncDispose]();
  }
}

/** The process is told to end, and the supervisor starts it from what lies there now. */
async function replace(stack: Stack, role: (typeof ORDER)[number]): Promise<void> {
  const former = stack.pidOf(role);
  const readyBefore = stack.logOf(role).split('"msg":"ready"').length;
  process.kill(former, 'SIGTERM');
  await until(
    () => stack.logOf(role).split('"msg":"ready"').length,
    (times) => times > readyBefore,
    60_000,
  );
  await pause(SETTLED_MS);
}

interface Passing {
  readonly answered: number;
  /** Refused while this role was being replaced; each called again. */
  readonly refusedDuring: readonly string[];
}

/** Somebody calls each second, hears music for a while, and hangs up. Who is refused calls again. */
function passingCallers(callers: Callers, open: () => Promise<SipPhone>, role: () => string): { stop(): Promise<Passing> } {
  let [answered, isOver] = [0, false];
  const refusedDuring: string[] = [];
  const calls: Promise<void>[] = [];
  const call = async (): Promise<void> => {
    for (;;) {
      const during = role();
      const phone = await open();
      if ((await phone.call()) === 200) {
        callers.add(phone);
        answered += 1;
        await pause(HEARD_FOR_MS);
        callers.hangUp(phone);
        return;
      }
      phone.close();
      refusedDuring.push(during);
      await pause(CALLED_EVERY_MS);
    }
  };
  const going = (async () => {
    while (!isOver) {
      calls.push(call());
      await pause(CALLED_EVERY_MS);
    }
  })();
  return {
    async stop() {
      isOver = true;
      await going;
      await Promise.all(calls);
      return { answered, refusedDuring };
    },
  };
}
