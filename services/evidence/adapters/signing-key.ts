import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Signs manifests. The private half never leaves its file. */
export interface Signer {
  /** SPKI, base64. */
  readonly publicKey: string;
  /** SHA-256 of the SPKI bytes in hex: printed on paper and reported to the authority. */
  readonly fingerprint: string;
  sign(text: string): string;
}

/** Reads the site's Ed25519 key (PKCS #8 PEM, 0600), or creates it. `onMade` gets the fingerprint of a new key before it signs anything. */
export async function openSigner(path: string, onMade?: (fingerprint: string) => Promise<void>): Promise<Signer> {
  const isNew = !existsSync(path);
  const key = isNew ? await make(path) : createPrivateKey(await readFile(path, 'utf8'));
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const fingerprint = createHash('sha256').update(spki).digest('hex');
  if (isNew) await onMade?.(fingerprint);
  return {
    publicKey: spki.toString('base64'),
    fingerprint,
    sign: (text) => sign(null, Buffer.from(text), key).toString('base64'),
  };
}

async function make(path: string): Promise<KeyObject> {
  const { privateKey } = generateKeyPairSync('ed25519');
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const handle = await open(`${path}.new`, 'w', 0o600);
  await handle.writeFile(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  await handle.sync();
  await handle.close();
  await rename(`${path}.new`, path);
  return privateKey;
}
