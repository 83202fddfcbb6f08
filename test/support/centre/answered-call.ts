import { CALLER_HZ, dial } from '../../end-to-end/web-browser.js';
import type { OfferedCall } from '../../../services/shared/contracts/calls/seat-socket.js';
import { BareSeat } from '../bare-seat.js';
import type { Stack } from '../stack.js';

/** A call to the demo number that this agent alone answers, with sound, and that the caller ends. The agent signs out afterwards. */
export async function answeredCall(stack: Stack, agent: string): Promise<void> {
  const seat = await BareSeat.open(stack, agent);
  await seat.ready();
  const offered = seat.next<OfferedCall>('call:offered');
  const caller = await dial(stack);
  const answered = await caller.call();
  if (answered !== 200) throw new Error(`the caller was answered ${String(answered)}`);
  const { callId, offerId } = await offered;
  await seat.ask('call:answer', { callId, offerId });
  caller.sound.play(CALLER_HZ);
  await seat.phone.sound.untilHears(CALLER_HZ, 20_000);
  const over = seat.next('call:ended');
  caller.hangUp();
  await over;
  caller.close();
  await seat.leave();
}
