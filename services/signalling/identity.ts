import type { Trunk } from '../shared/contracts/flow.js';
import type { DialPermit } from '../shared/domain/dial-permit.js';
import { writtenBy } from '../shared/domain/number-rules.js';

const IDENTITY_HEADERS = { asserted: 'P-Asserted-Identity', preferred: 'P-Preferred-Identity' } as const;

/** The host that the SIP server replaces by its own address. */
const OUR_ADDRESS = 'localhost';

/** A plus stands in a SIP address as it is (RFC 3261 section 25.1); escaped it would be another address. */
const asUser = (name: string): string => encodeURIComponent(name).replaceAll('%2B', '+');

/**
 * Who calls, in the headers that the carrier reads. The number shown is the permit's, written as the carrier wants it; no Privacy header leaves,
 * since a call of the centre always shows its number.
 */
export function identityHeaders(
  { identity, digest, numberRules = [] }: Pick<Trunk, 'identity' | 'digest' | 'numberRules'>,
  { from, way }: Pick<DialPermit, 'from' | 'way'>,
): Readonly<Record<string, string>> {
  const { user = 'number', domain, header = 'asserted', diversion = false } = identity ?? {};
  const host = domain ?? OUR_ADDRESS;
  const shown = `<sip:${writtenBy(numberRules, 'caller-out', from).number}@${host}>`;
  const caller = user === 'account' && digest !== undefined ? `<sip:${asUser(digest.username)}@${host}>` : shown;
  const isDiverted = diversion && way !== 'call-out' && way !== 'callback';
  return {
    From: caller,
    ...(header === 'none' ? {} : { [IDENTITY_HEADERS[header]]: shown }),
    ...(isDiverted ? { Diversion: `${shown};reason=unconditional;counter=1;privacy=off` } : {}),
  };
}
