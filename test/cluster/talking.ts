import { randomInt } from 'node:crypto';
import { BusyHouse } from '../support/centre/busy-house.js';
import { SipPhone } from '../support/phones/sip-phone.js';
import type { Stack } from '../support/stack.js';
import { openNumber } from './open-number.js';
import type { Callers } from './round.js';

/** Where callers are, and where carriers reach the site. */
export interface Doors {
  readonly parties: string;
  readonly door: { readonly address: string; readonly port: number };
}

/** A caller of some number in China who has not dialled yet. */
export const callerOf = ({ parties, door }: Doors, number: string): Promise<SipPhone> =>
  SipPhone.open(
    { server: door, local: parties, from: `sip:138${randomInt(1e7, 1e8)}@carrier.test` },
    `sip:${number}@${door.address}:${door.port}`,
  );

/** Opens the number for callers from `parties`, and as many conversations over it. */
export async function houseOfTalks(
  site: Doors & { readonly stack: Stack },
  callers: Callers,
  { number, talking }: { readonly number: string; readonly talking: number },
): Promise<BusyHouse> {
  await openNumber(site.stack, number, [site.parties]);
  const dial = async (): Promise<SipPhone> => callers.add(await callerOf(site, number));
  const none = { waiting: 0, held: 0, parked: 0, transferred: 0, conferences: 0 };
  return BusyHouse.open(site.stack, dial, { ...none, talking }, site.parties);
}
