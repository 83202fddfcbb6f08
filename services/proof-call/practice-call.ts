import { maskNumber } from '../shared/domain/numbers/phone-number.js';
import type { EventWatch } from './event-watch.js';
import { SYSTEM_CALLER, type ProofTelephones } from './ports.js';
import type { CallId } from '../shared/domain/ids.js';

/** When the caller gives up for good. */
export const PRACTICE_AT_MOST_MS = 5 * 60_000;
/** The delay after which agents hear their own words again: long enough not to be taken for an echo on the line. */
const REPEAT_AFTER_MS = 1_200;

export interface PracticeDependencies {
  readonly telephones: Pick<ProofTelephones, 'caller'>;
  readonly watched: Pick<EventWatch, 'next'>;
  readonly wait: (ms: number) => Promise<void>;
}

export interface PracticeCall {
  /** Final status of the INVITE (RFC 3261): 200 when the number answered. */
  readonly status: number;
  readonly callId: CallId | undefined;
  /** Resolves when both sides have hung up. */
  readonly over: Promise<void>;
}

/**
 * A caller for people who are learning the seat: calls a number of the centre over the trunk like anybody else, is silent in the queue, and
 * repeats what the agent says. The call ends when the agent hangs up, or after five minutes.
 */
export async function makePracticeCall({ telephones, watched, wait }: PracticeDependencies, number: string): Promise<PracticeCall> {
  const caller = await telephones.caller(number);
  const arrived = watched.next(
    'call.arrived',
    ({ called, callerMasked }) => called === number && callerMasked === maskNumber(SYSTEM_CALLER),
  );
  const status = await caller.call().catch((error: unknown) => {
    caller.close();
    throw error;
  });
  if (status !== 200) {
    caller.close();
    return { status, callId: undefined, over: Promise.resolve() };
  }
  const { callId } = await arrived;
  // An agent who never answers does not make the practice call a failure.
  watched
    .next('call.connected', (event) => event.callId === callId)
    .then(
      () => caller.sound.repeat(REPEAT_AFTER_MS),
      () => undefined,
    );
  // When the agent ends the call, the caller does not wait for the survey.
  const left = watched.next('call.agent-left', (event) => event.callId === callId && event.reason === 'hung-up').catch(() => undefined);
  const over = Promise.race([caller.ended, left, wait(PRACTICE_AT_MOST_MS)]).then(() => {
    caller.hangUp();
    caller.close();
  });
  return { status, callId, over };
}
