import { createCipheriv, createDecipheriv, createHash, createPrivateKey, createPublicKey, randomBytes, randomUUID } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import jwt from 'jsonwebtoken';
import { Secret, TOTP } from 'otpauth';
import { z } from 'zod';
import { roles } from '../../shared/domain/rights.js';
import type { Chance, Passwords, Tokens, TotpCodes } from '../ports.js';

/** argon2id (algorithm 2) with OWASP's first recommendation: 19 MiB, two passes, one lane. */
const ARGON2 = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const argon2Passwords: Passwords = {
  hash: (password) => hash(password, ARGON2),
  verify: (stored, password) => verify(stored, password),
};

const Claims = z.object({
  sub: z.string(),
  sid: z.string(),
  name: z.string(),
  roles: z.array(z.enum(roles)),
  scope: z.object({ queues: z.array(z.string()), sites: z.array(z.string()), clientUnits: z.array(z.string()) }),
});

const ISSUER = 'proofline';

/** ES256 access tokens. The key's id stands in the header, so that a new key can be brought in while tokens of the old one run out. */
export function createTokens(keyPem: string, olderKeyPems: readonly string[] = []): Tokens {
  const privateKey = createPrivateKey(keyPem);
  const publicKeys = new Map(
    [keyPem, ...olderKeyPems].map((pem) => {
      const key = createPublicKey(pem);
      return [
        createHash('sha256')
          .update(key.export({ type: 'spki', format: 'der' }))
          .digest('base64url')
          .slice(0, 16),
        key,
      ] as const;
    }),
  );
  const keyid = [...publicKeys.keys()][0] ?? '';
  return {
    sign({ userId, sessionId, name, roles: held, scope }, expiresAt) {
      const claims = { sid: sessionId, name, roles: held, scope, exp: Math.floor(expiresAt.getTime() / 1000) };
      return jwt.sign(claims, privateKey, { algorithm: 'ES256', subject: userId, issuer: ISSUER, audience: ISSUER, keyid });
    },
    verify(token) {
      try {
        const kid = jwt.decode(token, { complete: true })?.header.kid ?? '';
        const key = publicKeys.get(kid);
        if (key === undefined) return undefined;
        const claims = Claims.parse(jwt.verify(token, key, { algorithms: ['ES256'], issuer: ISSUER, audience: ISSUER }));
        return { userId: claims.sub, sessionId: claims.sid, name: claims.name, roles: claims.roles, scope: claims.scope };
      } catch {
        return undefined;
      }
    },
  };
}

/** RFC 6238 codes of 30 s; a code of the step before or after is taken, for clocks that are off. Secrets lie encrypted (AES-256-GCM). */
export function createTotpCodes(masterKeyBase64: string): TotpCodes {
  const key = createHash('sha256').update(`totp:${masterKeyBase64}`).digest();
  const open = (sealed: string): string => {
    const bytes = Buffer.from(sealed, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
    decipher.setAuthTag(bytes.subarray(12, 28));
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
  };
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
      return delta === null ? undefined : Math.floor(Date.now() / 30_000) + delta;
    },
  };
}

export const chance: Chance = {
  id: () => randomUUID(),
  secret: () => randomBytes(32).toString('base64url'),
  sha256Hex: (text) => createHash('sha256').update(text).digest('hex'),
  recoveryCodes: () => Array.from({ length: 10 }, () => randomBytes(5).toString('hex')),
};
