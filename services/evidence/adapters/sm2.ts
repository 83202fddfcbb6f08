import { sm2 } from 'sm-crypto-v2';

// SM2 with SM3 (GB/T 32918.2, GB/T 32905) and the user id that GM/T 0009 gives when the parties have agreed on none.

/** DER before the point of a public key on the SM2 curve (RFC 5480; the curve's OID is that of GM/T 0006). */
const SPKI_HEAD = '3059301306072a8648ce3d020106082a811ccf5501822d034200';
/** DER of a private key (PKCS #8 with SEC 1): before the number, and between it and the point. */
const PKCS8_HEAD = '308187020100301306072a8648ce3d020106082a811ccf5501822d046d306b0201010420';
const PKCS8_POINT = 'a144034200';
const NUMBER_BYTES = 32;

export interface Sm2Key {
  /** SPKI, DER. */
  readonly spki: Buffer;
  /** A signature of the text, DER. */
  sign(text: string): Buffer;
}

const ofNumber = (privateKey: string): Sm2Key => {
  const publicKey = sm2.getPublicKeyFromPrivateKey(privateKey);
  return {
    spki: Buffer.from(SPKI_HEAD + publicKey, 'hex'),
    sign: (text) =>
      Buffer.from(sm2.doSignature(new Uint8Array(Buffer.from(text)), privateKey, { der: true, hash: true, publicKey }), 'hex'),
  };
};

/** A new key as PKCS #8 PEM, which openssl reads. */
export function makeSm2Pem(): string {
  const { privateKey, publicKey } = sm2.generateKeyPairHex();
  const der = Buffer.from(PKCS8_HEAD + privateKey + PKCS8_POINT + publicKey, 'hex').toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${der.replaceAll(/(.{64})/g, '$1\n').trimEnd()}\n-----END PRIVATE KEY-----\n`;
}

/** The key of a PEM that `makeSm2Pem` made. Throws an Error for anything else. */
export function sm2KeyOf(pem: string): Sm2Key {
  const der = Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64').toString('hex');
  const number = der.slice(PKCS8_HEAD.length, PKCS8_HEAD.length + 2 * NUMBER_BYTES);
  const key = der.startsWith(PKCS8_HEAD) && number.length === 2 * NUMBER_BYTES ? ofNumber(number) : undefined;
  if (key === undefined || !der.endsWith(key.spki.toString('hex').slice(SPKI_HEAD.length)))
    throw new Error('This file is not an SM2 key in PKCS #8.');
  return key;
}

/** Whether a DER signature is valid for these bytes and this key (SPKI, DER). False for anything that is not a signature or not a key. */
export function isSm2Signed(spki: Uint8Array, bytes: Uint8Array, signature: Uint8Array): boolean {
  const key = Buffer.from(spki).toString('hex');
  const numbers = numbersOf(signature);
  if (numbers === undefined || !key.startsWith(SPKI_HEAD) || key.length !== SPKI_HEAD.length + 2 + 4 * NUMBER_BYTES) return false;
  const point = key.slice(SPKI_HEAD.length);
  try {
    return sm2.verifyPublicKey(point) && sm2.doVerifySignature(new Uint8Array(bytes), numbers, point, { hash: true });
  } catch {
    return false;
  }
}

/** Both numbers of a signature, each as 64 hex digits, read as strictly as the verifiers outside the product read them. */
function numbersOf(der: Uint8Array): string | undefined {
  if (der[0] !== 0x30 || der[1] !== der.length - 2) return undefined;
  const firstBytes = der[3] ?? 0;
  const numbers = [der.subarray(2, 4 + firstBytes), der.subarray(4 + firstBytes)].map((part) => {
    const [tag, length, ...digits] = part;
    const hex = Buffer.from(digits)
      .toString('hex')
      .replace(/^(?:00)+/, '');
    return tag === 2 && length === digits.length && hex.length <= 2 * NUMBER_BYTES ? hex.padStart(2 * NUMBER_BYTES, '0') : undefined;
  });
  return numbers.includes(undefined) ? undefined : numbers.join('');
}
