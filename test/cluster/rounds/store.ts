import type { OfferedCall } from '../../../services/shared/contracts/calls/seat-socket.js';
import { BareSeat } from '../../support/bare-seat.js';
import { SipPhone } from '../../support/phones/sip-phone.js';
import type { OutsideServers } from '../../support/servers/outside-servers.js';
import type { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { accountOf, Callers, judged, type Round } from '../round.js';

const [CALLER_HERTZ, AGENT_HERTZ, LATER_HERTZ] = [440, 660, 880];

interface Status {
  readonly telephony: { readonly ok: boolean; readonly settingsCopiedAt?: string; readonly recordsSpooled?: number };
  readonly documents: { readonly ok: boolean };
}

/**
 * T10: the document store is killed during a call, then telephony is killed and started again without the store. The call goes on, another
 * comes, and the store gets everything when it is back. `documents` is the store of the product.
 */
export async function storeRound(stack: Stack, documents: Awaited<ReturnType<OutsideServers['documents']>>): Promise<Round> {
  const broken: string[] = [];
  const callers = new Callers();
  const admin = await stack.signIn('admin');
  const status = async (): Promise<Status | undefined> => {
    const answer = await stack.http('GET', '/api/system/status', { token: admin }).catch(() => undefined);
    return answer?.status === 200 ? (answer.body as Status) : undefined;
  };
  const dial = async (): Promise<SipPhone> => {
    const { address, port } = stack.sip;
    const options = { server: stack.sip, local: '127.0.0.1', from: `sip:13800000001@${address}` };
    const phone = callers.add(await SipPhone.open(options, `sip:4001000@${address}:${port}`));
    const answered = await phone.call();
    if (answered !== 200) throw new Error(`a caller was answered ${answered}`);
    phone.sound.play(CALLER_HERTZ);
    return phone;
  };
  const talk = async (seat: BareSeat): Promise<{ readonly callId: string; readonly caller: SipPhone }> => {
    const offered = seat.next<OfferedCall>('call:offered');
    const caller = await dial();
    const { callId, offerId } = await offered;
    await seat.ask('call:answer', { callId, offerId });
    seat.phone.sound.play(AGENT_HERTZ);
    await Promise.all([caller.sound.untilHears(AGENT_HERTZ, 10_000), seat.phone.sound.untilHears(CALLER_HERTZ, 10_000)]);
    return { callId, caller };
  };
  const seats = [await BareSeat.open(stack, 'agent1'), await BareSeat.open(stack, 'agent2')] as const;
  try {
    await seats[0].ready();
    const going = await talk(seats[0]);
    callers.watch(going.caller);

    const awaySinceMs = performance.now();
    await documents.kill();
    const former = stack.pidOf('telephony');
    process.kill(former, 'SIGKILL');
    await until(status, (found) => found?.telephony.settingsCopiedAt !== undefined && stack.pidOf('telephony') !== former, 60_000);
    const startedMs = Math.round(performance.now() - awaySinceMs);
    seats[0].phone.sound.play(LATER_HERTZ);
    await going.caller.sound.untilHears(LATER_HERTZ, 10_000);
    await seats[1].ready();
    const second = await talk(seats[1]);
    const longestGapMs = callers.longestGapMs();
    for (const { caller } of [going, second]) callers.hangUp(caller);
    await until(status, (found) => found?.telephony.recordsSpooled === 2, 30_000);

    await documents.start();
    const awayMs = Math.round(performance.now() - awaySinceMs);
    await until(
      status,
      (found) => found?.documents.ok === true && found.telephony.recordsSpooled === 0 && found.telephony.settingsCopiedAt === undefined,
      90_000,
    );
    const callIds = [going.callId, second.callId];
    const account = await accountOf(stack, callIds);
    const token = await stack.signIn('supervisor');
    for (const callId of callIds) {
      const { status: found, body } = await stack.http('GET', `/api/calls/${callId}`, { token });
      if (found !== 200 || (body as { readonly cause?: string }).cause !== 'completed') broken.push(`the record of ${callId} is not there`);
    }
    return judged({
      ...{ test: 'T10', fault: 'document store and telephony SIGKILL', calls: callIds.length, dropped: callers.dropped, longestGapMs },
      ...account,
      facts: { 'store away for': `${awayMs} ms`, 'telephony started without it after': `${startedMs} ms` },
      broken,
    });
  } finally {
    callers.close();
    for (const seat of seats) await seat.leave();
  }
}
