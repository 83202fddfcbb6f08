import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { CallCentreError } from '../../../shared/domain/failure.js';
import { TAG_BYTES } from '../sealed-range.js';
import type { KeyWrapper, Sealer, WrappedKey } from '../ports.js';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const PREFIX_BYTES = 8;
const SEGMENT_BYTES = 64 * 1024;
const CIPHER = 'aes-256-gcm';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/**
 * The master keys from the configuration: the first wraps, all unwrap. `keys` are base64 of 32 bytes. The context (the id of the call) is
 * authenticated, so that a wrapped key cannot be moved to another recording.
 */
export function createMasterKeyWrapper(keys: readonly [current: string, ...previous: string[]]): KeyWrapper {
  const ring = new Map(
    keys.map((text) => {
      const key = Buffer.from(text, 'base64');
      if (key.length !== KEY_BYTES) throw new TypeError('a master key is base64 of 32 bytes');
      return [sha256(key).slice(0, 16), key] as const;
    }),
  );
  const currentKeyId = [...ring.keys()][0] ?? '';
  const master = (id: string): Buffer => {
    const key = ring.get(id);
    if (key === undefined) throw new CallCentreError('service-unavailable', 'the master key of this recording is not configured');
    return key;
  };
  return {
    currentKeyId,
    async wrap(key, context) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, master(currentKeyId), nonce).setAAD(Buffer.from(context));
      const wrapped = Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
      return { masterKeyId: currentKeyId, wrapped: wrapped.toString('base64') };
    },
    async unwrap({ masterKeyId, wrapped }, context) {
      const bytes = Buffer.from(wrapped, 'base64');
      const decipher = createDecipheriv(CIPHER, master(masterKeyId), bytes.subarray(0, NONCE_BYTES)).setAAD(Buffer.from(context));
      decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
      return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, bytes.length - TAG_BYTES)), decipher.final()]);
    },
  };
}

/**
 * AES-256-GCM in segments of 64 KiB, each with its own tag, so that any part can be opened without the rest. The nonce is a random prefix
 * and the number of the segment. Number, end of file and the id of the call are authenticated, so that segments cannot be dropped, moved or
 * swapped between recordings.
 */
export function createAesSealer(wrapper: KeyWrapper): Sealer {
  const nonce = (prefix: Buffer, index: number): Buffer => {
    const whole = Buffer.alloc(NONCE_BYTES);
    prefix.copy(whole);
    whole.writeUInt32BE(index, PREFIX_BYTES);
    return whole;
  };
  const bound = (context: string, index: number, count: number): Buffer =>
    Buffer.from(`${context}|${index}|${index === count - 1 ? 'last' : 'more'}`);
  const countOf = (plainBytes: number, segmentBytes: number): number => Math.max(1, Math.ceil(plainBytes / segmentBytes));

  return {
    sha256,
    async seal(plain, context) {
      const key = randomBytes(KEY_BYTES);
      const prefix = randomBytes(PREFIX_BYTES);
      const count = countOf(plain.length, SEGMENT_BYTES);
      const parts: Buffer[] = [];
      for (let index = 0; index < count; index += 1) {
        const cipher = createCipheriv(CIPHER, key, nonce(prefix, index)).setAAD(bound(context, index, count));
        parts.push(cipher.update(plain.subarray(index * SEGMENT_BYTES, (index + 1) * SEGMENT_BYTES)), cipher.final(), cipher.getAuthTag());
      }
      const bytes = Buffer.concat(parts);
      const wrapped: WrappedKey = await wrapper.wrap(key, context);
      return {
        bytes,
        format: { noncePrefix: prefix.toString('hex'), segmentBytes: SEGMENT_BYTES, plainBytes: plain.length },
        key: wrapped,
        sha256: sha256(bytes),
      };
    },
    async open(segments, first, { noncePrefix, segmentBytes, plainBytes }, wrapped, context) {
      const key = await wrapper.unwrap(wrapped, context);
      const prefix = Buffer.from(noncePrefix, 'hex');
      const count = countOf(plainBytes, segmentBytes);
      const parts: Buffer[] = [];
      for (let at = 0, index = first; at < segments.length; index += 1, at += segmentBytes + TAG_BYTES) {
        const sealed = segments.subarray(at, at + segmentBytes + TAG_BYTES);
        const decipher = createDecipheriv(CIPHER, key, nonce(prefix, index)).setAAD(bound(context, index, count));
        decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
        parts.push(decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES)), decipher.final());
      }
      return Buffer.concat(parts);
    },
  };
}
