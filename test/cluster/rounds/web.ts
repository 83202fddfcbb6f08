import { setTimeout as pause } from 'node:timers/promises';
import type { BusyHouse } from '../../support/centre/busy-house.js';
import { AGENT_HZ } from '../../support/centre/busy-house.js';
import type { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { within } from '../../support/within.js';
import { hangUpAll } from '../hang-up-all.js';
import { accountOf, Callers, judged, type Round } from '../round.js';
import type { WebSite } from '../web-site.js';
import { houseOfTalks } from '../talking.js';

const NUMBER = '4001099';
const SETTLED_MS = 1_000;
const SIGN_INS = 5;
/** A page learns of a killed process at once, and of a machine that is gone when it has heard nothing for ten seconds. */
const BACK_WITHIN_MS = { 'processes SIGKILL': 8_000, 'machine gone': 15_000 } as const;
export type WebFault = keyof typeof BACK_WITHIN_MS;

/**
 * T8: the web origin's processes are killed, or its machine is gone, with an agent at each page in conversation. The web origin of another
 * machine stands by, and keepalived moves the address. `slower`: how much more time a busy machine may take.
 */
export async function webRound(
  site: WebSite,
  { talking, fault, slower = 1 }: { readonly talking: number; readonly fault: WebFault; readonly slower?: number },
): Promise<Round> {
  const { stack, first, second, shared } = site;
  const broken: string[] = [];
  const callers = new Callers();
  let house: BusyHouse | undefined;
  try {
    house = await houseOfTalks(site, callers, { number: NUMBER, talking });
    const { talks } = house;
    for (const { caller } of talks) callers.watch(caller);
    await pause(SETTLED_MS);
    const sinceMs = performance.now();
    const since = (): number => Math.round(performance.now() - sinceMs);
    const back = Promise.all(talks.map(({ seat }) => seat.comesBack().then(since)));
    back.catch(() => undefined);
    if (fault === 'machine gone') await first.machine.die();
    else await first.kill();
    const answersMs = await until(
      () => stack.signIn('supervisor').then(since, () => 0),
      (ms) => ms > 0,
      30_000,
    );
    const backMs = await within(back, 60_000, () => 'not every page comes back');
    if (!second.machine.has(shared)) broken.push('the second machine does not have the address');
    const [lastMs, limitMs] = [Math.max(...backMs), BACK_WITHIN_MS[fault] * slower];
    if (lastMs > limitMs) broken.push(`a page was back only after ${lastMs} ms`);
    for (const { seat } of talks) seat.phone.sound.play(AGENT_HZ);
    await house.allHear();
    await house.holdAndResume();
    const longestGapMs = callers.longestGapMs();
    const endedMs = await hangUpAll(talks, callers);
    const account = await accountOf(
      stack,
      talks.map(({ callId }) => callId),
      site.env,
    );
    const rows = await rowsOfSignIns(stack);
    if (rows !== SIGN_INS) broken.push(`${SIGN_INS} sign-ins have ${rows} rows in the audit log`);
    return judged({
      ...{ test: 'T8', fault: `web origin's ${fault}`, calls: talking, dropped: callers.dropped, longestGapMs },
      ...account,
      facts: {
        'the origin answers again after': `${answersMs} ms`,
        'all pages are back after': `${lastMs} ms`,
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

/** A person signs in five times: the rows that the audit log has of it. */
async function rowsOfSignIns(stack: Stack): Promise<number> {
  const from = new Date().toISOString();
  for (let i = 0; i < SIGN_INS; i += 1) await stack.signIn('agent2');
  const token = await stack.signIn('admin');
  const { body } = await stack.http('GET', `/api/audit?what=session.started&from=${from}`, { token });
  const { rows } = body as { readonly rows: readonly { readonly who: string }[] };
  const [newest] = rows;
  return rows.filter(({ who }) => who !== newest?.who).length;
}
