import { setTimeout as pause } from 'node:timers/promises';
import { openValkey } from '../../../services/shared/platform/events/valkey-client.js';
import { STREAM } from '../../../services/shared/platform/events/event-stream.js';
import { asked } from '../../support/asked.js';
import { AGENT_HZ, BusyHouse, CALLER_HZ } from '../../support/centre/busy-house.js';
import type { Machine } from '../../support/machines.js';
import { SipPhone } from '../../support/phones/sip-phone.js';
import { until } from '../../support/until.js';
import { within } from '../../support/within.js';
import { hangUpAll } from '../hang-up-all.js';
import { accountOf, Callers, judged, type Round } from '../round.js';
import type { TelephonySite } from '../telephony-site.js';
import { callerOf } from '../talking.js';

/** What is promised; `npm test` runs beside other work and allows more. */
export const COMMANDED_WITHIN_MS = 4_000;
export const NUMBER = '4001098';
/** Its callers are asked for a key, again and again, and wait for an agent once they have pressed it. */
const MENU_NUMBER = '4001097';
const KEY = '1';
/** What a caller is answered while the proxy knows no machine, or telephony no trunk. */
const UNSETTLED: ReadonlySet<number> = new Set([403, 408, 500, 503]);
const ASKED_AGAIN_MS = 400;
const SETTLED_MS = 1_000;
const HEARD_OF_WITHIN_MS = 15_000;
const LATER_HZ = { caller: 880, agent: 1_100 };

export type TelephonyFault = 'SIGKILL' | 'cable pulled' | 'cut from the live state' | 'SIGSTOP and SIGCONT';

/** A number that leads to the queue of all agents, and nothing after the call. Its trunk is what comes from the proxy. */
export async function setUpCentre({ stack, door, parties }: TelephonySite): Promise<void> {
  const admin = await stack.signIn('admin');
  const trunk = { name: 'edge', addresses: [door.address], trustsIdentity: false, permittedCallerNumbers: ['4001000'], enabled: true };
  await asked(stack, admin, 'PUT', '/api/trunks/local', trunk);
  const queue = { kind: 'queue', queueId: 'service' };
  const menu = { kind: 'menu', promptId: 'beep', keys: { [KEY]: { goTo: 'q', label: 'agent' } }, waitMs: 30_000, tries: 5, otherwise: 'q' };
  const flows = { [NUMBER]: { start: 'q', steps: { q: queue } }, [MENU_NUMBER]: { start: 'm', steps: { m: menu, q: queue } } };
  for (const [number, flow] of Object.entries(flows)) {
    const body = { name: 'round', status: 'in-service', language: 'en', flow: { noticePromptId: 'beep', ...flow } };
    await asked(stack, admin, 'PUT', `/api/numbers/${number}`, body);
  }
  // The proxy has asked both machines, and telephony knows the trunk: a number that nobody has is not found, and nothing else is answered.
  await until(
    async () => {
      const phone = await SipPhone.open(
        { server: door, local: parties, from: 'sip:13800000000@carrier.test' },
        `sip:4009999@${door.address}:${door.port}`,
      );
      const status = await phone.call().finally(() => phone.close());
      return status;
    },
    (status) => !UNSETTLED.has(status),
    30_000,
  );
}

/** How often the end of each call was published. */
async function endsOf(url: string): Promise<ReadonlyMap<string, number>> {
  const valkey = openValkey(url, { maxRetriesPerRequest: 3 });
  const ends = new Map<string, number>();
  for (const [, fields] of await valkey.xrange(STREAM, '-', '+')) {
    const value = (name: string): string => fields[fields.indexOf(name) + 1] ?? '';
    if (value('name') !== 'call.ended') continue;
    const { callId } = JSON.parse(value('body')) as { readonly callId: string };
    ends.set(callId, (ends.get(callId) ?? 0) + 1);
  }
  valkey.disconnect();
  return ends;
}

/**
 * T1, T2: the machine of the telephony that has the calls is gone, or half gone, with callers who talk, one at a menu and others in the queue. The
 * telephony of another machine stands by.
 */
export async function telephonyRound(
  site: TelephonySite,
  {
    fault,
    talking,
    waiting,
    withinMs = COMMANDED_WITHIN_MS,
  }: { fault: TelephonyFault; talking: number; waiting: number; withinMs?: number },
): Promise<Round> {
  const { stack, first, second } = site;
  const broken: string[] = [];
  const callers = new Callers();
  let dialled = 0;
  const dial = async (): Promise<SipPhone> => {
    const number = dialled === talking ? MENU_NUMBER : NUMBER;
    dialled += 1;
    return callers.add(await callerOf(site, number));
  };
  let house: BusyHouse | undefined;
  try {
    house = await BusyHouse.open(stack, dial, { waiting, talking, held: 0, parked: 0, transferred: 0, conferences: 0 });
    let renewed = 0;
    for (const { seat } of house.talks)
      seat.renewWhenAsked((phone) => {
        renewed += 1;
        phone.sound.play(LATER_HZ.agent);
      });
    const talkers = house.talks.map(({ caller }) => caller);
    for (const caller of talkers) callers.watch(caller);

    // A call of which the live state has not heard yet that it was answered is none of those that are promised.
    await pause(SETTLED_MS);
    const sinceMs = performance.now();
    await strikes[fault](first.machine, site.liveState);
    /** Until it is done. What was asked of a machine that stands still is not waited for: it is asked again. */
    const commanded = async (ask: () => Promise<unknown>): Promise<number> => {
      const isDone = (): Promise<boolean> =>
        ask().then(
          () => true,
          () => false,
        );
      await until(() => Promise.race([isDone(), pause(ASKED_AGAIN_MS, false)]), Boolean, 30_000);
      return performance.now() - sinceMs;
    };
    const heldMs = await Promise.all(house.talks.map(({ seat, callId }) => commanded(() => seat.ask('call:hold', { callId }))));
    const commandedMs = Math.round(Math.max(...heldMs));
    if (commandedMs > withinMs) broken.push(`a call could not be held for ${commandedMs} ms`);
    await Promise.all(house.talks.map(({ seat, callId }) => seat.ask('call:resume', { callId })));
    await until(
      () => renewed,
      (count) => count === talking,
      30_000,
    );
    if (fault === 'SIGSTOP and SIGCONT') {
      await until(
        () => performance.now() - sinceMs,
        (ms) => ms > 10_000,
      );
      first.machine.thaw();
    }
    for (const { caller } of house.talks) caller.sound.play(LATER_HZ.caller);
    for (const { seat, caller } of house.talks)
      await Promise.all([caller.sound.untilHears(LATER_HZ.agent, 10_000), seat.phone.sound.untilHears(LATER_HZ.caller, 10_000)]);
    const longestGapMs = callers.longestGapMs();
    const taken = talkers.filter((phone) => phone.requests.includes('INVITE')).length;
    if (taken !== talking) broken.push(`${taken} of ${talking} dialogs were taken over`);

    const endedMs = await hangUpAll(house.talks, callers);
    if (endedMs > withinMs) broken.push(`a hang-up came to the other side after ${endedMs} ms`);
    const callIds = await answerThoseWhoWait(house, callers, waiting);
    const account = await accountOf(stack, [...house.talks.map(({ callId }) => callId), ...callIds], site.env);
    const ends = await endsOf(stack.config.VALKEY_URL);
    for (const { callId } of house.talks)
      if (ends.get(callId) !== 1) broken.push(`the end of ${callId} was published ${ends.get(callId) ?? 0} times`);
    if (!second.log().includes('the calls of the previous process were taken over')) broken.push('the second machine took no calls over');
    return judged({
      ...{ test: fault === 'SIGKILL' ? 'T1' : 'T2', fault: `telephony's machine ${fault}` },
      ...{ calls: talking + waiting, dropped: callers.dropped, longestGapMs },
      ...account,
      facts: {
        'all calls can be held after': `${commandedMs} ms`,
        'hang-ups reach the other side within': `${endedMs} ms`,
        'lived on': site.kind,
      },
      broken,
    });
  } catch (error) {
    throw new Error(`the machines said:\n${lastOf(first.log())}\n${lastOf(second.log())}`, { cause: error });
  } finally {
    callers.longestGapMs();
    await house?.[Symbol.asyncDispose]();
  }
}

const lastOf = (log: string): string => log.trimEnd().split('\n').slice(-15).join('\n');

const strikes: Readonly<Record<TelephonyFault, (machine: Machine, liveState: string) => Promise<void> | void>> = {
  SIGKILL: (machine) => machine.kill(),
  'cable pulled': (machine) => machine.cut(),
  'cut from the live state': (machine, liveState) => machine.cutFrom(liveState),
  'SIGSTOP and SIGCONT': (machine) => machine.freeze(),
};

/** Those who waited through it all, the first of them at a menu, are offered to whoever is free, and talk. The ids of their calls. */
async function answerThoseWhoWait({ talks, callers: phones }: BusyHouse, callers: Callers, waiting: number): Promise<string[]> {
  const callIds: string[] = [];
  const queue = phones.slice(-waiting);
  queue[0]?.sound.press(KEY);
  for (const { seat } of talks.slice(0, waiting)) {
    const offered = seat.next<{ readonly callId: string; readonly offerId: string }>('call:offered');
    await seat.ready();
    const { callId, offerId } = await within(offered, HEARD_OF_WITHIN_MS, () => 'who waited is not offered');
    await seat.ask('call:answer', { callId, offerId });
    seat.phone.sound.play(AGENT_HZ);
    callIds.push(callId);
  }
  for (const phone of queue) await phone.sound.untilHears(AGENT_HZ, 10_000);
  for (const { seat } of talks.slice(0, waiting)) await seat.phone.sound.untilHears(CALLER_HZ, 10_000);
  for (const phone of queue) callers.hangUp(phone);
  return callIds;
}
