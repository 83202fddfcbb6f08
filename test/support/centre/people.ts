import { URI } from 'otpauth';
import type { SignedIn } from '../../../services/shared/contracts/session.js';
import type { Role, Scope } from '../../../services/shared/domain/people/rights.js';
import type { Stack } from '../stack.js';

export interface Person {
  readonly userId: string;
  readonly name: string;
  readonly password: string;
  /** Of the sign-in whose roles are in force. */
  readonly token: string;
  /** `name=value`: a browser that sends it to `/api/session` is signed in. */
  readonly refreshCookie: string;
}

/** The refresh cookie that an answer sets, as a request header brings it back. */
export function refreshCookieOf(headers: Readonly<Record<string, string | string[] | undefined>>): string {
  const set = headers['set-cookie'];
  const line = (Array.isArray(set) ? set : [set ?? '']).find((each) => each.includes('proofline_refresh='));
  if (line === undefined) throw new Error('no refresh cookie was set');
  return line.split(';')[0] ?? '';
}

/** Does what a new colleague does: signs in with the first password, replaces it, sets the authenticator up, and has the roles in force. */
export async function newPerson(
  stack: Stack,
  admin: string,
  account: { readonly name: string; readonly roles: readonly Role[]; readonly scope?: Partial<Scope>; readonly expiresAt?: string },
): Promise<Person> {
  const scope = { queues: [], sites: [], clientUnits: [], ...account.scope };
  const first = 'Given-by-the-office-1';
  const password = 'Chosen-by-oneself-2';
  const made = await stack.http('POST', '/api/users', {
    token: admin,
    body: { ...account, scope, displayName: account.name, password: first },
  });
  if (made.status !== 200) throw new Error(`the account was answered ${made.status}: ${JSON.stringify(made.body)}`);
  const entered = await stack.http('POST', '/api/session', { body: { name: account.name, password: first } });
  const token = (entered.body as SignedIn).accessToken;
  await stack.http('POST', '/api/session/password', { token, body: { current: first, next: password } });
  const { body } = await stack.http('POST', '/api/session/totp', { token, body: {} });
  const totp = URI.parse((body as { uri: string }).uri);
  await stack.http('POST', '/api/session/totp/confirm', { token, body: { code: 'generate' in totp ? totp.generate() : '' } });
  const refreshed = await stack.http('POST', '/api/session/refresh', { headers: { cookie: refreshCookieOf(entered.headers) } });
  const signedIn = refreshed.body as SignedIn;
  if (signedIn.profile.rights.length < 2) throw new Error('no role is in force');
  return {
    userId: signedIn.profile.userId,
    name: account.name,
    password,
    token: signedIn.accessToken,
    refreshCookie: refreshCookieOf(refreshed.headers),
  };
}
