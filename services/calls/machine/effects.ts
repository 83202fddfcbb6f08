import type { EventInput, EventName, ReleaseCause } from '../../shared/events/catalogue.js';
import type { DialPermit } from '../../shared/domain/calls/dial-permit.js';
import type { FailureCode } from '../../shared/domain/failure.js';
import type { Call, Offer } from './call.js';

/** A fact to publish; the controller adds the call's id and the time. */
type Publish = {
  [N in EventName & `call.${string}`]: { readonly do: 'publish'; readonly name: N; readonly event: Omit<EventInput<N>, 'callId' | 'at'> };
}[EventName & `call.${string}`];

/** What the controller must do, in this order. Who hears whom and what is no effect: it follows from the state (media-plan.ts). */
export type Effect =
  | Publish
  /** Relay, ledger, recorder, 200: `answered` or `answer-failed` comes back. */
  | { readonly do: 'answer' }
  | { readonly do: 'start-timer'; readonly timer: TimerName; readonly ms: number; readonly token: string }
  /** All of that name, or the one with the token. */
  | { readonly do: 'cancel-timer'; readonly timer: TimerName; readonly token?: string }
  /** `admitted` or `not-admitted` comes back. */
  | { readonly do: 'ask-queue'; readonly queueId: string }
  /** For an announcement: `place` with the token comes back. */
  | { readonly do: 'ask-place'; readonly token: string }
  | { readonly do: 'ring'; readonly offer: Offer }
  /** The person whom we called, or a third party outside, refuses further calls: told to whoever keeps the list. */
  | { readonly do: 'keep-refusal'; readonly legId?: string }
  /** Dial a number outside, by a permit or by one that is still to be asked for; `leg-answered` or `leg-failed` comes back. */
  | {
      readonly do: 'dial';
      readonly legId: string;
      readonly number: string;
      readonly by: { readonly permit: DialPermit } | { readonly way: 'flow' | 'overflow' };
    }
  | { readonly do: 'hang-up-leg'; readonly legId: string }
  /** `pause-failed` with the token comes back when the recorder did not. */
  | { readonly do: 'pause-recording'; readonly reason: string; readonly token: string }
  | { readonly do: 'resume-recording' }
  | { readonly do: 'send-keys'; readonly keys: string }
  /** The caller's leg and all media; then the record is written. */
  | { readonly do: 'finish'; readonly cause: ReleaseCause; readonly hangUpCaller: boolean };

export type TimerName = 'ring' | 'seat-grace' | 'menu' | 'queue-wait' | 'announce' | 'survey' | 'message' | 'park' | 'recording-pause';

export interface Step {
  readonly call: Call;
  readonly effects: readonly Effect[];
}

/** A refused event changes nothing: late and crossed messages are normal in telephony. */
export type Advance = Step | { readonly refused: FailureCode };
