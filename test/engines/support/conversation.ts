import type { OfferedCall } from '../../../services/shared/contracts/calls/seat-socket.js';
import type { BareSeat } from '../../support/bare-seat.js';
import { SipPhone } from '../../support/phones/sip-phone.js';

export const CALLER_HERTZ = 440;
export const AGENT_HERTZ = 660;
const HEARD_WITHIN_MS = 8_000;

export interface Conversation {
  readonly callId: string;
  readonly caller: SipPhone;
  /** Fails unless each hears the tone of the other. */
  heard(): Promise<void>;
}

/** A caller of `server`, from the address `local`, whom a seat that is ready answers; both hear each other. */
export async function converse(
  seat: BareSeat,
  server: { readonly address: string; readonly port: number },
  local = '127.0.0.1',
): Promise<Conversation> {
  const caller = await SipPhone.open(
    { server, local, from: 'sip:13800000002@carrier.test' },
    `sip:4001000@${server.address}:${server.port}`,
  );
  await seat.ready();
  const offered = seat.next<OfferedCall>('call:offered');
  const status = await caller.call();
  if (status !== 200) throw new Error(`the call was answered with ${status}`);
  const { callId, offerId } = await offered;
  await seat.ask('call:answer', { callId, offerId });
  caller.sound.play(CALLER_HERTZ);
  seat.phone.sound.play(AGENT_HERTZ);
  const heard = async (): Promise<void> => {
    await Promise.all([caller.sound.untilHears(AGENT_HERTZ, HEARD_WITHIN_MS), seat.phone.sound.untilHears(CALLER_HERTZ, HEARD_WITHIN_MS)]);
  };
  await heard();
  return { callId, caller, heard };
}
