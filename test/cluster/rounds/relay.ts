import { setTimeout as pause } from 'node:timers/promises';
import type { BusyHouse } from '../../support/centre/busy-house.js';
import { until } from '../../support/until.js';
import { hangUpAll } from '../hang-up-all.js';
import { accountOf, Callers, judged, type Round } from '../round.js';
import { STANDS_BY, type RelayMachine, type RelaySite } from '../relay-site.js';
import { houseOfTalks } from '../talking.js';

/** What is promised; `npm test` runs beside other work and allows more. */
export const SILENT_FOR_AT_MOST_MS = 600;
const NUMBER = '4001099';
const SETTLED_MS = 1_000;

/**
 * T3: the machine of a relay is gone, with callers who talk. Its partner has its addresses and its calls: sound goes on, recordings go on, and
 * calls can be held, resumed and hung up. `andBack`: the first machine comes back and stands by, and then the second one is gone.
 */
export async function relayRound(
  site: RelaySite,
  {
    talking,
    withinMs = SILENT_FOR_AT_MOST_MS,
    andBack = false,
  }: { readonly talking: number; readonly withinMs?: number; readonly andBack?: boolean },
): Promise<Round> {
  const { stack, first, second } = site;
  const broken: string[] = [];
  const facts: Record<string, string> = {};
  const callers = new Callers();
  let house: BusyHouse | undefined;
  try {
    house = await houseOfTalks(site, callers, { number: NUMBER, talking });
    const { talks } = house;
    for (const { caller } of talks) callers.watch(caller);
    const movedMs = [await strike(site, first, second, talks)];
    await house.holdAndResume();
    if (andBack) {
      facts['an alarm says that it is alone after'] = `${await untilAlone(stack, first, true)} ms`;
      await comeBack(first);
      await untilAlone(stack, first, false);
      movedMs.push(await strike(site, second, first, talks));
      await house.holdAndResume();
    }
    facts['addresses moved after'] = `${movedMs.join(' and ')} ms`;
    const longestGapMs = callers.longestGapMs();
    if (longestGapMs > withinMs) broken.push(`a caller was sent nothing for ${longestGapMs} ms`);
    facts['hang-ups reach the other side within'] = `${await hangUpAll(talks, callers)} ms`;
    const account = await accountOf(
      stack,
      talks.map(({ callId }) => callId),
      site.env,
    );
    const missingMs = account.answeredMs - account.recordedMs;
    if (missingMs > talking * movedMs.length * longestGapMs) broken.push(`${missingMs} ms are not recorded, more than the gap`);
    const fault = andBack ? "relay's machine SIGKILL, and its partner's once it was back" : "relay's machine SIGKILL";
    return judged({
      ...{ test: 'T3', fault, calls: talking, dropped: callers.dropped, longestGapMs },
      ...account,
      ...{ facts, broken },
    });
  } catch (error) {
    const said = [first, second].map(({ printed }) => printed().trimEnd().split('\n').slice(-15).join('\n'));
    throw new Error(`the machines said:\n${said.join('\n')}`, { cause: error });
  } finally {
    callers.longestGapMs();
    await house?.[Symbol.asyncDispose]();
  }
}

/** The alarm of a relay whose partner's machine is gone is raised, or is over: the time until then. */
async function untilAlone(stack: RelaySite['stack'], gone: RelayMachine, isRaised: boolean): Promise<number> {
  const sinceMs = performance.now();
  const token = await stack.signIn('admin');
  const alarms = async (): Promise<readonly string[]> => {
    const { body } = await stack.http('GET', '/api/alarms?state=current&code=relay-alone', { token });
    return (body as { readonly alarms: readonly { readonly text: string }[] }).alarms.map((alarm) => JSON.stringify(alarm));
  };
  await until(alarms, (all) => all.some((text) => text.includes(gone.machine.address)) === isRaised, 45_000);
  return Math.round(performance.now() - sinceMs);
}

const REPLACED = 'media relay was replaced by its partner';
const timesReplaced = ({ stack }: RelaySite): number => stack.logOf('telephony').split(REPLACED).length - 1;

/** A machine dies; once its partner has the addresses, everybody hears in what comes from now on. The time until the addresses moved. */
async function strike(site: RelaySite, dying: RelayMachine, partner: RelayMachine, talks: BusyHouse['talks']): Promise<number> {
  await pause(SETTLED_MS);
  const before = timesReplaced(site);
  const sinceMs = performance.now();
  await dying.machine.die();
  await until(() => partner.machine.has(site.outer), Boolean, 20_000);
  const movedMs = Math.round(performance.now() - sinceMs);
  await until(
    () => timesReplaced(site),
    (times) => times > before,
    20_000,
  );
  const hertz = before % 2 === 0 ? { caller: 880, agent: 1_100 } : { caller: 440, agent: 660 };
  for (const { seat, caller } of talks) {
    caller.sound.play(hertz.caller);
    seat.phone.sound.play(hertz.agent);
  }
  for (const { seat, caller } of talks)
    await Promise.all([caller.sound.untilHears(hertz.agent, 10_000), seat.phone.sound.untilHears(hertz.caller, 10_000)]);
  return movedMs;
}

/** The machine stands by again, and has been told of the calls. */
async function comeBack({ machine, start, printed }: RelayMachine): Promise<void> {
  const before = printed().split(STANDS_BY).length;
  machine.switchOn();
  await start();
  await until(
    () => printed().split(STANDS_BY).length,
    (times) => times > before,
    20_000,
  );
  await pause(SETTLED_MS);
}
