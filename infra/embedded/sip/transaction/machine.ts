/** Timers of RFC 3261 section 17 and RFC 6026 section 8, by their letters. */
export type TimerName = 'A' | 'B' | 'D' | 'E' | 'F' | 'G' | 'H' | 'I' | 'J' | 'K' | 'L' | 'M';

/** The effects that a state machine asks of its driver. Pure data: the machines themselves touch nothing. */
export type Effect =
  /** Send the message that came with the event, and keep it as the one to repeat. */
  | { readonly do: 'send' }
  /** Send the last message again. */
  | { readonly do: 'resend' }
  /** Acknowledge a final response that is not 2xx (client INVITE). */
  | { readonly do: 'ack' }
  /** Hand the message of the event to the transaction user. */
  | { readonly do: 'deliver' }
  | { readonly do: 'start'; readonly timer: TimerName; readonly ms: number }
  | { readonly do: 'stop'; readonly timer: TimerName }
  /** Tell the transaction user that nobody answered, or that the ACK never came. */
  | { readonly do: 'timed-out' }
  /** Tell the transaction user that the message could not be sent. */
  | { readonly do: 'failed' };

export interface Step<State> {
  readonly state: State;
  readonly effects: readonly Effect[];
}

/** Base times in milliseconds (RFC 3261 section 17.1.1.1 and table 4). */
export interface Timing {
  readonly t1Ms: number;
  readonly t2Ms: number;
  readonly t4Ms: number;
}

export const DEFAULT_TIMING: Timing = { t1Ms: 500, t2Ms: 4_000, t4Ms: 5_000 };

/** What a machine must know about its surroundings. */
export interface MachineContext extends Timing {
  readonly reliable: boolean;
}

/** No change and no effect: late and crossed messages are normal. */
export function stay<State>(state: State): Step<State> {
  return { state, effects: [] };
}

export const SEND: Effect = { do: 'send' };
export const RESEND: Effect = { do: 'resend' };
export const ACK: Effect = { do: 'ack' };
export const DELIVER: Effect = { do: 'deliver' };
export const TIMED_OUT: Effect = { do: 'timed-out' };
export const FAILED: Effect = { do: 'failed' };

export function start(timer: TimerName, ms: number): Effect {
  return { do: 'start', timer, ms };
}

export function stop(timer: TimerName): Effect {
  return { do: 'stop', timer };
}
