import type { Profile } from './profiles.js';

/** A class of events that a known fault of the product still breaks. It is left out of the usual run, by name, until the fault is mended. */
export interface NotYet {
  readonly name: string;
  readonly reason: string;
  leaveOut(profile: Profile): Profile;
}

export const notYet: readonly NotYet[] = [
  {
    name: 'supervisors',
    reason: 'the page of a supervisor who takes a call over, or listens again, does not show it',
    leaveOut: (profile) => ({ ...profile, supervisors: 0 }),
  },
  {
    name: 'orders that overtake each other',
    reason:
      'the order for the next prompt of an announcement, sent again, may come after the order for the music of the ring that followed',
    leaveOut: (profile) => ({ ...profile, ordersOvertake: false }),
  },
];

export const withoutNotYet = (profile: Profile): Profile => notYet.reduce((rest, { leaveOut }) => leaveOut(rest), profile);
