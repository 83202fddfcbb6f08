import type { Profile } from './profiles.js';

/** A class of events that a known fault of the product still breaks. It is left out of the usual run, by name, until the fault is mended. */
export interface NotYet {
  readonly name: string;
  readonly reason: string;
  leaveOut(profile: Profile): Profile;
}

const hasMishaps = ({ mishaps }: Profile): boolean => Object.values(mishaps).some((weight) => weight > 0);

export const notYet: readonly NotYet[] = [
  {
    name: 'notice beside the queue',
    reason: 'who answered during the notice keeps the call on the page when the caller hangs up before its end',
    leaveOut: (profile) => ({ ...profile, noticeBeside: 0 }),
  },
  {
    name: 'legs outside',
    reason: 'a transfer or a consultation to a number asks no rule before its INVITE leaves',
    leaveOut: (profile) => ({ ...profile, deeds: { ...profile.deeds, 'consult-number': 0, 'transfer-number': 0 } }),
  },
  {
    name: 'supervisors',
    reason: 'the page of a supervisor who listened keeps the call when the listening is over',
    leaveOut: (profile) => ({ ...profile, supervisors: 0 }),
  },
  {
    name: 'conferences that lose their agent in charge',
    reason: 'a transfer, a hang-up while a colleague rings, or a lost seat out of a conference leaves the other agent on-call with nobody',
    leaveOut: (profile) => ({ ...profile, conferences: hasMishaps(profile) || profile.conferences === 'none' ? 'none' : 'simple' }),
  },
  {
    name: 'orders that overtake each other',
    reason:
      'the order for the next prompt of an announcement, sent again, may come after the order for the music of the ring that followed',
    leaveOut: (profile) => ({ ...profile, ordersOvertake: false }),
  },
  {
    name: 'relay and live state away',
    reason: 'a call that ends meanwhile gets no record, or comes back at the next start of telephony and ends twice',
    leaveOut: (profile) => ({ ...profile, faults: { ...profile.faults, relay: 0, bus: 0 } }),
  },
  {
    name: 'calls out from a seat that is lost at once',
    reason: 'a call out that is given up while its leg is being made leaves the leg at the relay',
    leaveOut: (profile) => (hasMishaps(profile) ? { ...profile, deeds: { ...profile.deeds, dial: 0 } } : profile),
  },
];

export const withoutNotYet = (profile: Profile): Profile => notYet.reduce((rest, { leaveOut }) => leaveOut(rest), profile);
