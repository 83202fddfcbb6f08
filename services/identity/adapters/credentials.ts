import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  randomBytes,
  randomUUID,
  type KeyObject,
} from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import jwt from 'jsonwebtoken';
import { Secret, TOTP } from 'otpauth';
import { z } from 'zod';
import { personalRights, roles, type Principal } from '../../shared/domain/people/rights.js';
import type { Chance, Passwords, Tokens, TotpCodes } from '../ports.js';
import { systemClock } from '../../shared/platform/processes/system-clock.js';

/** argon2id (algorithm 2) with OWASP's first recommendation: 19 MiB, two passes, one lane. */
const ARGON2 = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const argon2Passwords: Passwords = {
  hash: (password) => hash(password, ARGON2),
  verify: (stored, password) => verify(stored, password),
};

const Claims = z.object({
  sub: z.string(),
  sid: z.string(),
  exp: z.number(),
  name: z.string(),
  roles: z.array(z.enum(roles)),
  grants: z.array(z.enum(personalRights)).optional(),
  scope: z.object({
    queues: z.array(z.string()),
    sites: z.array(z.string()),
    clientUnits: z.array(z.string()),
    teams: z.array(z.string()).optional(),
  }),
});

const ISSUER = 'proofline';

/** The keys of a file, which contains them one after the other. */
export const keysOf = (text: string): readonly string[] => text.match(/-----BEGIN [A-Z ]+-----[^-]+-----END [A-Z ]+-----/g) ?? [];

/** How many valid tokens are remembered: a page sends the same one with each request. */
const REMEMBERED = 10_000;

/** ES256 access tokens. The header contains the id of the key, so that a new key can be introduced while tokens of the old one expire. */
export function createTokens(keyPems: readonly string[]): Tokens {
  let privateKey: KeyObject;
  let publicKeys: ReadonlyMap<string, KeyObject>;
  let keyid = '';
  const good = new Map<string, { readonly principal: Principal; readonly untilMs: number }>();

  function use(pems: readonly string[]): void {
    const [first] = pems;
    if (first === undefined) throw new Error('TOKEN_KEY holds no key.');
    const entries = pems.map((pem) => {
      const key = createPublicKey(pem);
      if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new Error('TOKEN_KEY holds a key that is not P-256.');
      const der = key.export({ type: 'spki', format: 'der' });
      return [createHash('sha256').update(der).digest('base64url').slice(0, 16), key] as const;
    });
    privateKey = createPrivateKey(first);
    publicKeys = new Map(entries);
    keyid = entries[0]?.[0] ?? '';
    good.clear();
  }
  use(keyPems);

  return {
    use,
    keyIds: () => [...publicKeys.keys()],
    sign({ userId, sessionId, name, roles: held, scope, grants = [] }, expiresAt) {
      const more = grants.length === 0 ? {} : { grants };
      const claims = { sid: sessionId, name, roles: held, scope, ...more, exp: Math.floor(expiresAt.getTime() / 1000) };
      return jwt.sign(claims, privateKey, { algorithm: 'ES256', subject: userId, issuer: ISSUER, audience: ISSUER, keyid });
    },
    verify(token) {
      const known = good.get(token);
      if (known !== undefined && known.untilMs > systemClock.nowMs()) return known.principal;
      try {
        const kid = jwt.decode(token, { complete: true })?.header.kid ?? '';
        const key = publicKeys.get(kid);
        if (key === undefined) return undefined;
        const claims = Claims.parse(jwt.verify(token, key, { algorithms: ['ES256'], issuer: ISSUER, audience: ISSUER }));
        const { sub: userId, sid: sessionId, name, roles: held, scope, grants } = claims;
        const principal = { userId, sessionId, name, roles: held, scope, ...(grants === undefined ? {} : { grants }) };
        if (good.size >= REMEMBERED) good.clear();
        good.set(token, { principal, untilMs: claims.exp * 1_000 });
        return principal;
      } catch {
        return undefined;
      }
    },
  };
}

/**
 * RFC 6238 codes of 30 s. The code of the previous or the next step is accepted too, for clocks that are off. Secrets are stored encrypted
 * (AES-256-GCM).
 */
export function createTotpCodes(masterKeyBase64: string, olderKeys: readonly string[] = []): TotpCodes {
  const keyFrom = (master: string): Buffer => createHash('sha256').update(`totp:${master}`).digest();
  const key = keyFrom(masterKeyBase64);
  const openWith = (sealed: string, [first, ...rest]: readonly Buffer[]): string => {
    const bytes = Buffer.from(sealed, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', first ?? key, bytes.subarray(0, 12), { authTagLength: 16 });
    decipher.setAuthTag(bytes.subarray(12, 28));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
    } catch (error) {
      if (rest.length === 0) throw error;
      return openWith(sealed, rest);
    }
  };
  // A secret that was sealed before the master key changed is opened with the earlier key.
  const open = (sealed: string): string => openWith(sealed, [key, ...olderKeys.map(keyFrom)]);
  const totpOf = (sealed: string, label: string): TOTP => new TOTP({ issuer: 'Proofline', label, secret: Secret.fromBase32(open(sealed)) });
  return {
    newSecret: () => new Secret({ size: 20 }).base32,
    seal(secret) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      const body = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64');
    },
    uri: (sealed, accountName) => totpOf(sealed, accountName).toString(),
    check(sealed, code) {
      if (!/^\d{6}$/.test(code.trim())) return undefined;
      const delta = totpOf(sealed, 'code').validate({ token: code.trim(), window: 1 });
      return delta === null ? undefined : Math.floor(systemClock.nowMs() / 30_000) + delta;
    },
  };
}

export const chance: Chance = {
  id: () => randomUUID(),
  secret: () => randomBytes(32).toString('base64url'),
  sha256Hex: (text) => createHash('sha256').update(text).digest('hex'),
  recoveryCodes: () =>
    Array.from(
      { length: 10 },
      // 112 bits, in four groups: enough for a plain hash (OWASP ASVS 5.0, 6.5.2), and short enough to be typed now and then.
      () => randomBytes(14).toString('hex').match(/.{7}/g)?.join('-') ?? '',
    ),
};
