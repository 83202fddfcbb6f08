import type { CommandBus } from '../../shared/contracts/calls/commands.js';
import { failureOf } from '../../shared/domain/failure.js';
import type { EventOf } from '../../shared/events/catalogue.js';
import type { EventWatch } from './event-watch.js';
import type { CallId, TrunkId } from '../../shared/domain/ids.js';

/** Over which trunk a call of the system's own goes out, and by which it comes in again. */
export interface RealWay {
  readonly trunkId: TrunkId;
  readonly number: string;
  readonly inBy?: string | undefined;
}

export interface DialledTest {
  readonly callId: CallId;
  /** The number that it shows. */
  readonly from: string;
  /** Its end, when it was not answered. */
  readonly refused: EventOf<'call.ended'> | undefined;
}

const LOOK_AGAIN_MS = 100;
const MOST_LOOKS = 50;

/** A seat's sound is up a moment after its INVITE was answered: until then it cannot dial. */
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

/** Dials from the seat of tests over one trunk; resolves when it is answered, or refused. Fails when the seat has no sound after 5 s. */
export async function dialTest(
  { commands, wait }: { readonly commands: CommandBus; readonly wait: (ms: number) => Promise<void> },
  watched: Pick<EventWatch, 'next'>,
  { trunkId, number, inBy }: RealWay,
  began: (callId: CallId) => void,
): Promise<DialledTest> {
  // It may end before it is known under which id it began.
  const early: EventOf<'call.ended'>[] = [];
  watched.next('call.ended', (event) => early.push(event) === 0).catch(() => undefined);
  const arrives = inBy === undefined ? {} : { arrives: { trunkId: inBy, called: number } };
  const { callId, from } = await onceUp(wait, () => commands.send('call.dial-test', { trunkId, number, ...arrives }));
  began(callId);
  const ended = early.find((event) => event.callId === callId) ?? watched.next('call.ended', (event) => event.callId === callId);
  const connected = watched.next('call.connected', (event) => event.callId === callId);
  return { callId, from, refused: await Promise.race([connected.then(() => undefined), ended]) };
}
