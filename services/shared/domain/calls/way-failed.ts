import { CallCentreError } from '../failure.js';

/** A carrier did not take a call at all: no channel, no answer, 503 or the network. Nothing has rung, so that another way may be tried. */
export class WayFailed extends CallCentreError {
  constructor(
    /** Nothing came back at all; what was refused with 503 is there. */
    readonly silent: boolean,
    cause?: unknown,
    /** Nothing was sent over it, since none of its addresses answers OPTIONS. */
    readonly passedOver = false,
  ) {
    super(silent ? 'timed-out' : 'service-unavailable', silent ? 'The carrier does not answer' : 'The carrier does not take the call', {
      cause,
    });
  }
}
