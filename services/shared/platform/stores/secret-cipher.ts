import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { CallCentreError } from '../../domain/failure.js';

const PREFIX = 'sealed:';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Seals short secrets in the document store: identity numbers, passwords of trunks. */
export interface SecretCipher {
  /** `row` is part of the seal: a sealed value that is moved to another row does not open there. */
  seal(plain: string, row: string): string;
  open(sealed: string, row: string): string;
}

export const isSealed = (value: string): boolean => value.startsWith(PREFIX);

/**
 * AES-256-GCM. Each key is base64 of 32 bytes: the first one seals, all of them open. The key in use is derived for `purpose` only (RFC
 * 5869), so that a value of one kind does not open as another. Opening fails with `internal` when no key fits.
 */
export function createSecretCipher(masterKeys: readonly [current: string, ...previous: string[]], purpose: string): SecretCipher {
  const [current, ...previous] = masterKeys.map((key) =>
    Buffer.from(hkdfSync('sha256', Buffer.from(key, 'base64'), Buffer.alloc(0), `proofline ${purpose}`, 32)),
  ) as [Buffer, ...Buffer[]];

  function tryOpen(key: Buffer, bytes: Buffer, row: string): string | undefined {
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES))
        .setAAD(Buffer.from(row))
        .setAuthTag(bytes.subarray(-TAG_BYTES));
      return decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
    } catch {
      return undefined;
    }
  }

  return {
    seal(plain, row) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', current, nonce).setAAD(Buffer.from(row));
      return PREFIX + Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64');
    },
    open(sealed, row) {
      const bytes = Buffer.from(sealed.slice(PREFIX.length), 'base64');
      for (const key of [current, ...previous]) {
        const plain = tryOpen(key, bytes, row);
        if (plain !== undefined) return plain;
      }
      throw new CallCentreError('internal', 'A stored secret cannot be opened with this master key.');
    },
  };
}
