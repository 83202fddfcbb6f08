import type { EventInput, EventName } from '../../shared/events/catalogue.js';
import type { ReleaseCause } from '../../shared/domain/calls/release.js';
import type { DialPermit } from '../../shared/domain/calls/dial-permit.js';
import type { FailureCode } from '../../shared/domain/failure.js';
import type { Call, Offer } from './call.js';
import type { QueueId } from '../../shared/domain/ids.js';

/** A fact to publish. The controller adds the id of the call and the time. */
type Publish = {
  [N in EventName & `call.${string}`]: { readonly do: 'publish'; readonly name: N; readonly event: Omit<EventInput<N>, 'callId' | 'at'> };
}[EventName & `call.${string}`];

/** What the controller must do, in this order. Who hears whom is not an effect: it follows from the state (media-plan.ts). */
export type Effect =
  | Publish
  /** Relay, ledger, recorder, 200: the result is `answered` or `answer-failed`. */
  | { readonly do: 'answer' }
  | { readonly do: 'start-timer'; readonly timer: TimerName; readonly ms: number; readonly token: string }
  /** Cancels all timers of that name, or only the one with the token. */
  | { readonly do: 'cancel-timer'; readonly timer: TimerName; readonly token?: string }
  /** The result is `admitted` or `not-admitted`. */
  | { readonly do: 'ask-queue'; readonly queueId: QueueId }
  /** For an announcement: the result is `place` with the token. */
  | { readonly do: 'ask-place'; readonly token: string }
  | { readonly do: 'ring'; readonly offer: Offer }
  /** The called person, or a third party outside, refuses further calls. The owner of the do-not-call list is notified. */
  | { readonly do: 'keep-refusal'; readonly legId?: string }
  /** Dials a number outside, by a permit or by one that is still to be requested. The result is `leg-answered` or `leg-failed`. */
  | {
      readonly do: 'dial';
      readonly legId: string;
      readonly number: string;
      readonly by: { readonly permit: DialPermit } | { readonly way: 'flow' | 'overflow' };
    }
  | { readonly do: 'hang-up-leg'; readonly legId: string }
  /** The result is `pause-failed` with the token if the recorder did not pause. */
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
