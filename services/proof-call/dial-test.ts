import type { CommandBus } from '../shared/contracts/calls/commands.js';
import { failureOf } from '../shared/domain/failure.js';
import type { EventOf } from '../shared/events/catalogue.js';
import type { EventWatch } from './event-watch.js';
import type { CallId, TrunkId } from '../shared/domain/ids.js';

/** The trunk by which a call of the system itself goes out, and the one by which it comes in again; without that one, it ends at the carrier. */
export interface RealWay {
  readonly trunkId: TrunkId;
  readonly number: string;
  readonly inBy?: string | undefined;
}

export interface DialledTest {
  readonly callId: CallId;
  /** The number that the call shows. */
  readonly from: string;
  /** The `call.ended` event, when the call was not answered. */
  readonly refused: EventOf<'call.ended'> | undefined;
}

const LOOK_AGAIN_MS = 100;
const MOST_LOOKS = 50;

/** A seat's media comes up a moment after its INVITE was answered: until then it cannot dial. */
async function onceUp<T>(wait: (ms: number) => Promise<void>, dial: () => Promise<T>): Promise<T> {
  for (let looks = 1; ; looks += 1) {
    try {
      return await dial();
    } catch (error) {
      if (failureOf(error) !== 'seat-lost' || looks === MOST_LOOKS) throw error;
      await wait(LOOK_AGAIN_MS);
    }
  }
}

/** Dials from the test seat over one trunk; resolves when the call is answered or refused. Fails when the seat has no media after 5 s. */
export async function dialTest(
  { commands, wait }: { readonly commands: CommandBus; readonly wait: (ms: number) => Promise<void> },
  watched: Pick<EventWatch, 'next'>,
  { trunkId, number, inBy }: RealWay,
  began: (callId: CallId) => void,
): Promise<DialledTest> {
  // The call may end before the id under which it began is known.
  const early: EventOf<'call.ended'>[] = [];
  watched.next('call.ended', (event) => early.push(event) === 0).catch(() => undefined);
  const arrives = inBy === undefined ? {} : { arrives: { trunkId: inBy, called: number } };
  const { callId, from } = await onceUp(wait, () => commands.send('call.dial-test', { trunkId, number, ...arrives }));
  began(callId);
  const ended = early.find((event) => event.callId === callId) ?? watched.next('call.ended', (event) => event.callId === callId);
  const connected = watched.next('call.connected', (event) => event.callId === callId);
  return { callId, from, refused: await Promise.race([connected.then(() => undefined), ended]) };
}
