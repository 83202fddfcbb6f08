import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { CallCentreError } from '../../shared/domain/failure.js';
import type { IdentityCipher } from '../ports.js';

const PREFIX = 'sealed:';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** `masterKey` is the base64 of 32 bytes. The key used here is derived for this purpose alone. */
export function createIdentityCipher(masterKey: string): IdentityCipher {
  const key = Buffer.from(hkdfSync('sha256', Buffer.from(masterKey, 'base64'), Buffer.alloc(0), 'proofline registry identity numbers', 32));
  return {
    seal(plain, row) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(row));
      return PREFIX + Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64');
    },
    open(sealed, row) {
      const bytes = Buffer.from(sealed.slice(PREFIX.length), 'base64');
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES))
          .setAAD(Buffer.from(row))
          .setAuthTag(bytes.subarray(-TAG_BYTES));
        return decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
      } catch (error) {
        throw new CallCentreError('internal', 'A stored identity number cannot be opened with this master key.', { cause: error });
      }
    },
  };
}
