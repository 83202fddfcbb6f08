import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeSm2Pem, sm2KeyOf } from './sm2.js';

/** Signs with one key. The private half never leaves its file. */
export interface KeySigner {
  /** SPKI, base64. */
  readonly publicKey: string;
  /** SHA-256 of the SPKI bytes in hex: printed on paper and reported to the authority. */
  readonly fingerprint: string;
  /** base64: 64 bytes of Ed25519, or SM2 as DER. */
  sign(text: string): string;
}

/** Signs manifests: with Ed25519, and with SM2 for readers who check by the national algorithms. */
export interface Signer extends KeySigner {
  readonly sm2: KeySigner;
}

/**
 * Reads the site's keys (PKCS #8 PEM, 0600), or creates them: Ed25519 at `path`, SM2 beside it. `onMade` gets the fingerprint of a new key
 * before it signs anything. Throws an Error when a file holds no such key.
 */
export async function openSigner(path: string, onMade: (fingerprint: string) => Promise<void> = async () => {}): Promise<Signer> {
  const ed25519 = await openKey(path, makeEd25519Pem, onMade, (pem) => {
    const key = createPrivateKey(pem);
    return {
      spki: createPublicKey(key).export({ type: 'spki', format: 'der' }),
      sign: (text) => sign(null, Buffer.from(text), key),
    };
  });
  return { ...ed25519, sm2: await openKey(path.replace(/(?:\.pem)?$/, '-sm2.pem'), makeSm2Pem, onMade, sm2KeyOf) };
}

const makeEd25519Pem = (): string => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

async function openKey(
  path: string,
  make: () => string,
  onMade: (fingerprint: string) => Promise<void>,
  keyOf: (pem: string) => { readonly spki: Buffer; sign(text: string): Buffer },
): Promise<KeySigner> {
  const isNew = !existsSync(path);
  const pem = isNew ? make() : await readFile(path, 'utf8');
  const key = keyOf(pem);
  const fingerprint = createHash('sha256').update(key.spki).digest('hex');
  if (isNew) {
    await keep(path, pem);
    await onMade(fingerprint);
  }
  return { publicKey: key.spki.toString('base64'), fingerprint, sign: (text) => key.sign(text).toString('base64') };
}

async function keep(path: string, pem: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const handle = await open(`${path}.new`, 'w', 0o600);
  await handle.writeFile(pem);
  await handle.sync();
  await handle.close();
  await rename(`${path}.new`, path);
}
