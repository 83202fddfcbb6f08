import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { assembledChecksum, checksumAlgorithms, checksumTypeOf, startChecksum, type ChecksumAlgorithm } from './checksum.js';

const of = (algorithm: ChecksumAlgorithm, text: Buffer | string): string | undefined => {
  const running = startChecksum(algorithm);
  running?.update(Buffer.from(text));
  return running?.digest().toString('hex');
};

// The check values of the CRC catalogue, over the text `123456789`.
test.each<[ChecksumAlgorithm, string]>([
  ['crc32', 'cbf43926'],
  ['crc32c', 'e3069283'],
  ['crc64nvme', 'ae8b14860a799888'],
  ['sha1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
])('%s of 123456789', (algorithm, expected) => {
  expect(of(algorithm, '123456789')).toBe(expected);
});

const crcs = ['crc32', 'crc32c', 'crc64nvme'] as const;

test.each(crcs)('%s of a whole comes from those of its parts', (algorithm) => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 5 }), (pieces) => {
      const parts = pieces.map((piece) => ({
        bytes: piece.length,
        checksum: { algorithm, value: Buffer.from(of(algorithm, Buffer.from(piece)) ?? '', 'hex').toString('base64') },
      }));
      const whole = Buffer.from(of(algorithm, Buffer.concat(pieces)) ?? '', 'hex').toString('base64');
      expect(assembledChecksum(parts, algorithm, 'FULL_OBJECT')?.value).toBe(whole);
    }),
  );
});

test('a checksum of parts says how many there are', () => {
  const part = { bytes: 1, checksum: { algorithm: 'sha1' as const, value: 'AAAA' } };
  expect(assembledChecksum([part, part], 'sha1', 'COMPOSITE')?.value).toMatch(/^[\w+/]{27}=-2$/);
  expect(assembledChecksum([part, { bytes: 1 }], 'sha1', 'COMPOSITE')).toBeUndefined();
});

test('hashes are composite, CRC64NVME is of the whole', () => {
  expect(checksumAlgorithms.map((algorithm) => checksumTypeOf(algorithm, undefined))).toEqual([
    'COMPOSITE',
    'COMPOSITE',
    'FULL_OBJECT',
    'COMPOSITE',
    'COMPOSITE',
  ]);
  expect(checksumTypeOf('crc32', 'full_object')).toBe('FULL_OBJECT');
  expect(() => checksumTypeOf('sha256', 'FULL_OBJECT')).toThrow('SHA256');
  expect(() => checksumTypeOf('crc64nvme', 'COMPOSITE')).toThrow('CRC64NVME');
});
