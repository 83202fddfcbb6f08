import type { CallMedia, Leg } from '../ports.js';

/** Connects a SIP leg with its media: descriptions of the far end, and digits that it sends by INFO. */
export function bindLeg(
  leg: Leg | undefined,
  id: string,
  media: Pick<CallMedia, 'reoffer' | 'offerAgain' | 'offerAnswered' | 'digitByInfo'>,
): void {
  leg?.onRenegotiation({
    answer: (offer) => media.reoffer(id, offer),
    offer: () => media.offerAgain(id),
    answered: (answer) => media.offerAnswered(id, answer),
  });
  leg?.onDigit((digit) => media.digitByInfo(id, digit));
}
