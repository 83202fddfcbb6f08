import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { BackupProblem } from './problem.js';

/** `PLBK1\n`, 16 bytes of salt, 12 of nonce, 16 of tag, then gzip of the text by AES-256-GCM under a key of scrypt. */
const magic = Buffer.from('PLBK1\n');
const saltBytes = 16;
const nonceBytes = 12;
const tagBytes = 16;
const LEAST_CHARACTERS = 12;

const keyOf = (passphrase: string, salt: Buffer): Buffer =>
  scryptSync(passphrase, salt, 32, { N: 32_768, r: 8, p: 1, maxmem: 64 * 1024 ** 2 });

/** @throws BackupProblem `weak-passphrase` */
export function seal(text: string, passphrase: string): Buffer {
  if (passphrase.length < LEAST_CHARACTERS) throw new BackupProblem('weak-passphrase', { least: LEAST_CHARACTERS });
  const salt = randomBytes(saltBytes);
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', keyOf(passphrase, salt), nonce).setAAD(magic);
  const body = Buffer.concat([cipher.update(gzipSync(text)), cipher.final()]);
  return Buffer.concat([magic, salt, nonce, cipher.getAuthTag(), body]);
}

/** @throws BackupProblem `wrong-passphrase` where the passphrase is another one or a byte was changed: nobody can tell which */
export function unseal(sealed: Buffer, passphrase: string): string {
  const head = magic.length + saltBytes + nonceBytes + tagBytes;
  if (sealed.length < head || !sealed.subarray(0, magic.length).equals(magic))
    throw new BackupProblem('file-altered', { file: 'sealed.bin' });
  let at = magic.length;
  const next = (bytes: number): Buffer => sealed.subarray(at, (at += bytes));
  const salt = next(saltBytes);
  const nonce = next(nonceBytes);
  const decipher = createDecipheriv('aes-256-gcm', keyOf(passphrase, salt), nonce).setAAD(magic).setAuthTag(next(tagBytes));
  try {
    return gunzipSync(Buffer.concat([decipher.update(sealed.subarray(at)), decipher.final()])).toString('utf8');
  } catch {
    throw new BackupProblem('wrong-passphrase');
  }
}
