import { CallCentreError } from '../failure.js';

/**
 * Why a carrier did not take a call at all: no channel, no answer, 503, or a network failure. Nothing has rung, so another trunk may be
 * tried.
 */
export class WayFailed extends CallCentreError {
  constructor(
    /** No response arrived. A 503 is a response. */
    readonly silent: boolean,
    cause?: unknown,
    /** Nothing was sent, because no address of the trunk answers OPTIONS. */
    readonly passedOver = false,
  ) {
    super(
      silent ? 'carrier-silent' : 'service-unavailable',
      silent ? 'The carrier does not answer' : 'The carrier does not accept the call',
      {
        cause,
      },
    );
  }
}
