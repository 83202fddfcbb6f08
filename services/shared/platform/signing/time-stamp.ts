import { createHash, randomBytes, verify, X509Certificate } from 'node:crypto';
import { CallCentreError } from '../../domain/failure.js';
import { childrenOf, der, oidText, readDer, type Der } from './der.js';

/** The statement of a time-stamp authority: these bytes existed at this moment. */
export interface TimeStamp {
  readonly at: Date;
  /** The subject of the signing certificate. The reader, who has its root, decides whether to trust it. */
  readonly authority: string;
}

const SHA256 = der(0x30, der(0x06, Buffer.from('608648016503040201', 'hex')), der(0x05));
const digestNames: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const TST_INFO = '1.2.840.113549.1.9.16.1.4';
const TIMEOUT_MS = 15_000;
const MOST_BYTES = 64 * 1024;

/**
 * Asks a time-stamp authority (RFC 3161 over HTTP, §3.4) for a stamp over the SHA-256 of `body`. The answer is checked before it is
 * accepted: status, digest, nonce, signature. Fails with `service-unavailable` without an answer or with an invalid one.
 */
export async function requestTimeStamp(
  url: string,
  body: Uint8Array,
): Promise<{ readonly response: Uint8Array; readonly stamp: TimeStamp }> {
  // A positive INTEGER of eight bytes without a leading zero.
  const nonce = Buffer.concat([Buffer.from([1 + ((randomBytes(1)[0] ?? 0) % 0x7f)]), randomBytes(7)]);
  const digest = createHash('sha256').update(body).digest();
  const request = der(
    0x30,
    der(0x02, Buffer.from([1])),
    der(0x30, SHA256, der(0x04, digest)),
    der(0x02, nonce),
    der(0x01, Buffer.from([0xff])),
  );
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
      body: new Uint8Array(request),
      signal: AbortSignal.timeout(TIMEOUT_MS),
      // Only the configured address is asked. An address from an answer could be inside our own network.
      redirect: 'manual',
    });
    if (!answer.ok) {
      await answer.body?.cancel();
      throw new Error(`it answered with status ${answer.status}`);
    }
    const response = await bounded(answer);
    return { response, stamp: checkTimeStamp(response, body, nonce) };
  } catch (error) {
    const why = error instanceof Error ? error.message : 'no answer';
    throw new CallCentreError('service-unavailable', `The time-stamp authority gave no stamp: ${why}.`, { cause: error });
  }
}

/** The body of an answer. A body beyond the limit is cut off. */
async function bounded(answer: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES) throw new Error('its answer is too long');
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/**
 * Reads a TimeStampResp (RFC 3161 §2.4.2) and checks that it is a stamp over `body`, signed by the certificate that it carries (RFC 5652
 * §5.4). Throws a plain error that says what is wrong.
 */
export function checkTimeStamp(response: Uint8Array, body: Uint8Array, nonce?: Uint8Array): TimeStamp {
  const [status, token] = childrenOf(readDer(Buffer.from(response)));
  const granted = childrenOf(need(status, 'status'))[0]?.body.at(-1);
  if (granted === undefined || granted > 1) throw new Error('it was refused');
  const signed = at(need(token, 'token'), 1, 0);
  const parts = childrenOf(signed);
  const content = need(parts[2], 'content');
  if (oidText(at(content, 0)) !== TST_INFO) throw new Error('it is not a time stamp');
  const info = at(content, 1, 0).body;
  const fields = childrenOf(readDer(info));
  const digest = createHash('sha256').update(body).digest();
  if (!at(need(fields[2], 'imprint'), 1).body.equals(digest)) throw new Error('it is over something else');
  if (nonce !== undefined && !fields.some(({ tag, body: value }) => tag === 0x02 && value.equals(Buffer.from(nonce))))
    throw new Error('it answers another question');
  const certificate = checkSignature(parts, info);
  return { at: momentOf(need(fields[4], 'time').body.toString('latin1')), authority: certificate.subject.split('\n').reverse().join(', ') };
}

/** The signature over the signed attributes, and the attribute over the content. */
function checkSignature(parts: readonly Der[], info: Buffer): X509Certificate {
  const certificates = parts
    .filter(({ tag }) => tag === 0xa0)
    .flatMap((set) => childrenOf(set).map(({ whole }) => new X509Certificate(whole)));
  const signer = childrenOf(at(need(parts.at(-1), 'signer'), 0));
  const serial = at(need(signer[1], 'signer'), 1).body.toString('hex').replace(/^0+/, '');
  const certificate = certificates.find(({ serialNumber }) => serialNumber.toLowerCase().replace(/^0+/, '') === serial);
  const digestName = digestNames[oidText(at(need(signer[2], 'digest'), 0))];
  const attributes = need(signer[3], 'attributes');
  if (certificate === undefined || digestName === undefined || attributes.tag !== 0xa0) throw new Error('its signer is not known');
  const stated = childrenOf(attributes).find((attribute) => oidText(at(attribute, 0)) === MESSAGE_DIGEST);
  if (stated === undefined || !at(stated, 1, 0).body.equals(createHash(digestName).update(info).digest()))
    throw new Error('its content was changed');
  // Signed as the SET that they are, not under the tag that they have.
  const bytes = Buffer.from(attributes.whole);
  bytes[0] = 0x31;
  if (!verify(digestName, bytes, certificate.publicKey, need(signer[5], 'signature').body)) throw new Error('its signature is not valid');
  return certificate;
}

function need(part: Der | undefined, name: string): Der {
  if (part === undefined) throw new Error(`it has no ${name}`);
  return part;
}

/** The element at a path of positions. */
const at = (part: Der, ...path: readonly number[]): Der => path.reduce((inner, i) => need(childrenOf(inner)[i], `part ${i}`), part);

/** GeneralizedTime, `20261126103000.5Z`. */
function momentOf(text: string): Date {
  const [, y, mo, d, h, mi, s, fraction = ''] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d+)?Z$/.exec(text) ?? [];
  const moment = new Date(`${y ?? ''}-${mo ?? ''}-${d ?? ''}T${h ?? ''}:${mi ?? ''}:${s ?? ''}${fraction.slice(0, 4)}Z`);
  if (Number.isNaN(moment.getTime())) throw new Error('its time cannot be read');
  return moment;
}
