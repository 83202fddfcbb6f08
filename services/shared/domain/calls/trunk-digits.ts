/**
 * How digits go to the carrier: as RTP events (RFC 4733), as tones when it does not take these; as INFO within the call; or as tones,
 * without an offer of events. Digits of the carrier are taken in each form.
 */
export const trunkDigits = ['events', 'info', 'tones'] as const;
