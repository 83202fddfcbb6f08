import type { Trunk } from '../shared/contracts/calls/flow.js';
import type { DialPermit } from '../shared/domain/calls/dial-permit.js';
import { writtenBy } from '../shared/domain/numbers/number-rules.js';

const IDENTITY_HEADERS = { asserted: 'P-Asserted-Identity', preferred: 'P-Preferred-Identity' } as const;

/** The host that the SIP server replaces with its own address. */
const OUR_ADDRESS = 'localhost';
const HOST = /^[\w-]+(?:\.[\w-]+)*$/;

/** A plus is not escaped in a SIP address (RFC 3261 section 25.1). Escaped, it would be another address. */
const asUser = (name: string): string => encodeURIComponent(name).replaceAll('%2B', '+');

/** Some carriers name an account with its realm, `user@realm`. That is its address, unless the settings name another domain. */
function accountAt(username: string, domain: string | undefined): string {
  const at = username.lastIndexOf('@');
  const [user, realm] = at < 1 ? [username, ''] : [username.slice(0, at), username.slice(at + 1)];
  return `${asUser(user)}@${domain ?? (HOST.test(realm) ? realm : OUR_ADDRESS)}`;
}

/**
 * The headers that tell the carrier who calls. The permit decides the number that is shown, in the carrier's format. A call of the centre
 * always shows its number: where the carrier asks for Privacy, it says `none`.
 */
export function identityHeaders(
  { identity, digest, numberRules = [] }: Pick<Trunk, 'identity' | 'digest' | 'numberRules'>,
  { from, way, called = from }: Pick<DialPermit, 'from' | 'way' | 'called'>,
): Readonly<Record<string, string>> {
  const { user = 'number', domain, header = 'asserted', diversion = false, privacy } = identity ?? {};
  const host = domain ?? OUR_ADDRESS;
  const ours = (number: string): string => `<sip:${writtenBy(numberRules, 'caller-out', number).number}@${host}>`;
  const shown = ours(from);
  const caller = user === 'account' && digest !== undefined ? `<sip:${accountAt(digest.username, domain)}>` : shown;
  const isDiverted = diversion && way !== 'call-out' && way !== 'callback';
  return {
    From: caller,
    ...(header === 'none' ? {} : { [IDENTITY_HEADERS[header]]: shown }),
    ...(privacy === undefined ? {} : { Privacy: privacy }),
    ...(isDiverted ? { Diversion: `${ours(called)};reason=unconditional;counter=1;privacy=off` } : {}),
  };
}
