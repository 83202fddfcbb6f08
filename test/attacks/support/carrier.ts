import { SipPhone } from '../../support/phones/sip-phone.js';
import type { Stack } from '../../support/stack.js';

/** The trunks of the attacked product. Only `truthful` is believed about who calls. */
export const carriers = {
  'carrier-truthful': { address: '127.0.0.71', trustsIdentity: true },
  'carrier-plain': { address: '127.0.0.72', trustsIdentity: false },
} as const;

export const TRUTHFUL = carriers['carrier-truthful'].address;
export const PLAIN = carriers['carrier-plain'].address;

/** A carrier that is accepted over TLS alone. */
export const overTls = { address: '127.0.0.79', certificate: 'sbc.carrier.test' } as const;

/** An address in no trunk, register or list. */
export const STRANGER = '127.0.0.66';

/** An honest telephone behind a carrier. */
export const dialFrom = (stack: Stack, local: string, called: string, caller = '13800000002'): Promise<SipPhone> =>
  SipPhone.open({ server: stack.sip, local, from: `sip:${caller}@carrier.test` }, `sip:${called}@${stack.sip.address}:${stack.sip.port}`);
