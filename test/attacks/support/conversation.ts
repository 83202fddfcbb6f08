import type { OfferedCall } from '../../../services/shared/contracts/calls/seat-socket.js';
import { BareSeat } from '../../support/bare-seat.js';
import type { SipPhone } from '../../support/phones/sip-phone.js';
import type { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { within } from '../../support/within.js';
import { dialFrom, PLAIN } from './carrier.js';

export const CALLER_HZ = 440;
export const AGENT_HZ = 660;
const HEARD_WITHIN_MS = 10_000;
const RING_WITHIN_MS = 20_000;
/** A telephone judges a tone by the newest 100 ms. */
const PACKETS_OF_A_WINDOW = 6;

/** People who talk while somebody attacks: what an attack must not disturb. */
export class Conversation implements AsyncDisposable {
  private constructor(
    readonly seat: BareSeat,
    readonly caller: SipPhone,
    readonly callId: string,
  ) {}

  static async begin(stack: Stack, { agent = 'agent1', from = PLAIN }: { agent?: string; from?: string } = {}): Promise<Conversation> {
    const seat = await BareSeat.open(stack, agent);
    const caller = await dialFrom(stack, from, '4001000');
    await within(seat.ready(), RING_WITHIN_MS, () => centreNow(stack));
    const offered = seat.next<OfferedCall>('call:offered');
    const status = await within(caller.call(), RING_WITHIN_MS, () => centreNow(stack));
    if (status !== 200) throw new Error(`the caller was answered ${status}`);
    const { callId, offerId } = await within(offered, RING_WITHIN_MS, () => centreNow(stack));
    await seat.ask('call:answer', { callId, offerId });
    caller.sound.play(CALLER_HZ);
    seat.phone.sound.play(AGENT_HZ);
    const conversation = new Conversation(seat, caller, callId);
    await conversation.bothHear();
    return conversation;
  }

  /** Both hear the other's tone in what comes from now on; fails when one does not. */
  async bothHear(): Promise<void> {
    await Promise.all([hearsAnew(this.caller, AGENT_HZ), hearsAnew(this.seat.phone, CALLER_HZ)]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.caller.close();
    await this.seat.leave();
  }
}

/** Judges only sound that comes after now: what was heard before an attack proves nothing. */
async function hearsAnew({ sound }: SipPhone, hertz: number): Promise<void> {
  const before = sound.packetsReceived;
  await until(
    () => sound.packetsReceived,
    (received) => received >= before + PACKETS_OF_A_WINDOW,
    HEARD_WITHIN_MS,
  );
  await sound.untilHears(hertz, HEARD_WITHIN_MS);
}

/** Agents and calls as the product sees them, to explain a failure. */
async function centreNow(stack: Stack): Promise<string> {
  const token = await stack.signIn('supervisor');
  const [agents, calls] = await Promise.all(
    ['/api/agents/board', '/api/calls/live'].map(async (path) => JSON.stringify((await stack.http('GET', path, { token })).body)),
  );
  return `agents: ${agents ?? ''}\ncalls: ${calls ?? ''}`;
}
