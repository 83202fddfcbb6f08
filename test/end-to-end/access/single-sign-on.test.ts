import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Agent, request } from 'undici';
import type { SignedIn } from '../../../services/shared/contracts/session.js';
import { makeCertificate } from '../../integration/sip/sip-certificate.js';
import { TestProvider } from '../../support/servers/identity-provider.js';
import { newPerson, refreshCookieOf } from '../../support/centre/people.js';
import { Stack } from '../../support/stack.js';

// Single sign-on against a certified provider: the way that must work, and every way that must not.

jest.setTimeout(180_000);

const ORIGIN = 'https://centre.example';
const PATH = '/api/session/single-sign-on';
const client = { id: 'proofline', secret: 'a-secret-of-this-test', returnTo: `${ORIGIN}${PATH}/return` };
const MFA = ['pwd', 'mfa'];

let folder: string;
let provider: TestProvider;
/** Another company's provider, at which somebody has the same name. */
let foreign: TestProvider;
let stack: Stack;
let admin: string;
const browser = new Agent({ connect: { rejectUnauthorized: false } });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proofline-sso-'));
  const certificate = await makeCertificate();
  [provider, foreign] = await Promise.all([TestProvider.start(client, certificate), TestProvider.start(client, certificate)]);
  await writeFile(join(folder, 'ca.pem'), certificate.cert);
  stack = await Stack.start({
    env: {
      OIDC_ISSUER: provider.issuer,
      OIDC_CLIENT_ID: client.id,
      OIDC_CLIENT_SECRET: client.secret,
      WEB_ORIGIN: ORIGIN,
      TLS_CA_FILE: join(folder, 'ca.pem'),
    },
  });
  const { body } = await stack.http('POST', '/api/session', { body: { name: 'admin', password: stack.password } });
  admin = (body as SignedIn).accessToken;
});

afterAll(async () => {
  await browser.close();
  await (stack as Stack | undefined)?.[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
  await foreign[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

interface Begun {
  /** Where the product sends the browser. */
  readonly address: URL;
  readonly cookie: string;
}

async function begin(): Promise<Begun> {
  const { status, headers } = await stack.http('GET', PATH);
  expect(status).toBe(302);
  const [cookie = ''] = String(headers['set-cookie']).split(';');
  return { address: new URL(String(headers['location'])), cookie };
}

/**
 * Follows the provider's redirects with its cookies until it sends the browser back; resolves with that address, or the status of its
 * refusal.
 */
async function atProvider(start: URL): Promise<URL> {
  const jar = new Map<string, string>();
  for (let at = start, hops = 0; hops < 10; hops += 1) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await request(at, { dispatcher: browser, headers: cookie === '' ? {} : { cookie } });
    const text = await answer.body.text();
    for (const set of [answer.headers['set-cookie'] ?? []].flat()) {
      const [pair = ''] = set.split(';');
      jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    const location = answer.headers['location'];
    if (location === undefined) throw new Error(`the provider answered ${answer.statusCode}: ${text.slice(0, 200)}`);
    at = new URL(String(location), at);
    if (at.origin === ORIGIN) return at;
  }
  throw new Error('the provider sends the browser in a circle');
}

/** Comes back with what the provider gave; resolves with where the product sends the browser next. */
async function comeBack(to: URL, cookie: string): Promise<{ readonly to: string; readonly session?: SignedIn }> {
  const { headers } = await stack.http('GET', `${to.pathname}${to.search}`, { headers: { cookie } });
  const location = String(headers['location']);
  if (location !== '/') {
    expect(String(headers['set-cookie'])).not.toContain('proofline_refresh');
    return { to: location };
  }
  const { body } = await stack.http('POST', '/api/session/refresh', { headers: { cookie: refreshCookieOf(headers) } });
  return { to: location, session: body as SignedIn };
}

async function signInAs(name: string, amr: readonly string[] = MFA) {
  provider.person = { name, amr };
  const { address, cookie } = await begin();
  return comeBack(await atProvider(address), cookie);
}

const refused = (why: string): string => `/?single-sign-on=${why}`;

test('a person in whom the provider vouches is let in, with the roles of the account here', async () => {
  const { to, session } = await signInAs('supervisor');
  expect(to).toBe('/');
  expect(session?.profile).toMatchObject({ name: 'supervisor', roles: ['supervisor'] });
  expect(session?.profile.rights).toContain('calls.read');
});

test('the flow is that of an authorization code with PKCE, state and nonce; the provider refuses it without PKCE', async () => {
  const { address } = await begin();
  const asked = address.searchParams;
  expect(asked.get('response_type')).toBe('code');
  expect(asked.get('code_challenge_method')).toBe('S256');
  for (const name of ['state', 'nonce', 'code_challenge']) expect(asked.get(name)?.length).toBeGreaterThan(20);
  asked.delete('code_challenge');
  asked.delete('code_challenge_method');
  expect((await atProvider(address)).searchParams.get('error')).toBe('invalid_request');
});

test('the code of another visit is worth nothing: its verifier is another one', async () => {
  provider.person = { name: 'supervisor', amr: MFA };
  const [mine, theirs] = [await begin(), await begin()];
  const stolen = await atProvider(theirs.address);
  stolen.searchParams.set('state', mine.address.searchParams.get('state') ?? '');
  expect(await comeBack(stolen, mine.cookie)).toEqual({ to: refused('provider') });
});

test('a wrong state, no state, no cookie and a second return are refused', async () => {
  provider.person = { name: 'supervisor', amr: MFA };
  const wrongState = await begin();
  const back = await atProvider(wrongState.address);
  back.searchParams.set('state', 'x'.repeat(43));
  expect(await comeBack(back, wrongState.cookie)).toEqual({ to: refused('provider') });

  const noState = await begin();
  const bare = await atProvider(noState.address);
  bare.searchParams.delete('state');
  expect(await comeBack(bare, noState.cookie)).toEqual({ to: refused('provider') });

  const once = await begin();
  const good = await atProvider(once.address);
  expect(await comeBack(good, '')).toEqual({ to: refused('provider') });
  expect((await comeBack(good, once.cookie)).to).toBe('/');
  expect(await comeBack(good, once.cookie)).toEqual({ to: refused('provider') });
});

test('an ID token with another nonce is refused', async () => {
  provider.person = { name: 'supervisor', amr: MFA };
  const { address, cookie } = await begin();
  address.searchParams.set('nonce', 'n'.repeat(43));
  expect(await comeBack(await atProvider(address), cookie)).toEqual({ to: refused('provider') });
});

test('what another provider answers is refused: by its name, and by its code', async () => {
  foreign.person = { name: 'admin', amr: MFA };
  const { address, cookie } = await begin();
  const elsewhere = new URL(`${address.pathname}${address.search}`, foreign.issuer);
  const back = await atProvider(elsewhere);
  expect(back.searchParams.get('iss')).toBe(foreign.issuer);
  expect(await comeBack(back, cookie)).toEqual({ to: refused('provider') });

  const again = await begin();
  const disguised = await atProvider(new URL(`${again.address.pathname}${again.address.search}`, foreign.issuer));
  disguised.searchParams.set('iss', provider.issuer);
  expect(await comeBack(disguised, again.cookie)).toEqual({ to: refused('provider') });
});

test('a closed account, a name without an account, and a supervisor without a second factor are not let in', async () => {
  const leaver = await newPerson(stack, admin, { name: 'leaver', roles: ['agent'] });
  expect((await signInAs('leaver')).to).toBe('/');
  await stack.http('PATCH', `/api/users/${leaver.userId}`, { token: admin, body: { disabled: true } });
  expect(await signInAs('leaver')).toEqual({ to: refused('not-signed-in') });
  expect(await signInAs('nobody-here')).toEqual({ to: refused('account') });
  expect(await signInAs('supervisor', ['pwd'])).toEqual({ to: refused('second-factor') });
  expect((await signInAs('agent1', ['pwd'])).to).toBe('/');
});
