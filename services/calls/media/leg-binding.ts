import type { CallMedia, Leg } from '../ports.js';

/** What the far side of a leg says of its sound, and the digits that it sends by INFO, go to the media of the leg. */
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
