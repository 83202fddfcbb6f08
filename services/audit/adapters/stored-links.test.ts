import { expect, test } from '@jest/globals';
import { serialize } from 'bson';
import fc from 'fast-check';
import { textOfRow, type AuditRow } from '../chain.js';
import { batchIn, linksOf } from './stored-links.js';

const HASH = 'ab'.repeat(32);
const stored = ({ number, ...rest }: AuditRow): object => ({ _id: number, ...rest });
const batchOf = (rows: readonly object[]) => linksOf(batchIn(serialize({ firstBatch: rows, id: 0, ns: 'proofline.audit' })));
const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const row: fc.Arbitrary<AuditRow> = fc.record(
  {
    number: fc.oneof(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 2 ** 31 - 2, max: 2 ** 40 })),
    at: fc.constant('2026-01-31T10:00:00.000Z'),
    who: text,
    what: text,
    object: text,
    from: text,
    success: fc.boolean(),
    reason: fc.oneof(text, fc.constantFrom('"', '\\', '\n\u0000\u001f', '\u2028', '客户要求', '𝄞', '\u007f')),
    before: fc.constant(HASH),
    after: fc.constant(HASH),
    previous: fc.constant(HASH),
    hash: fc.constant(HASH),
  },
  { requiredKeys: ['number', 'at', 'who', 'what', 'success', 'previous', 'hash'] },
);

test('the text made from stored bytes is the text that was hashed when the row was written', () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), (rows) => {
      const links = batchOf(rows.map(stored));
      expect(links.map((link) => [link.number, link.previous, link.hash])).toEqual(rows.map((r) => [r.number, r.previous, r.hash]));
      expect(links.map((link) => Buffer.from(link.text ?? '').toString('utf8'))).toEqual(rows.map(textOfRow));
    }),
  );
});

test('texts that fill more than one piece of memory are whole', () => {
  const rows = Array.from({ length: 600 }, (_, i): AuditRow => {
    const long = String(i).repeat(300);
    return { number: i + 1, at: 'x', who: long, what: long, success: true, previous: HASH, hash: HASH };
  });
  expect(batchOf(rows.map(stored)).map((link) => Buffer.from(link.text ?? '').toString('utf8'))).toEqual(rows.map(textOfRow));
});

const whole = { _id: 7, at: 'a', who: 'u', what: 'w', success: true, previous: HASH, hash: HASH };
test.each([
  ['has a field more', { ...whole, note: 'x' }],
  ['lacks a field', { _id: 7, at: 'a', what: 'w', success: true, previous: HASH, hash: HASH }],
  ['has its fields in another order', { _id: 7, who: 'u', at: 'a', what: 'w', success: true, previous: HASH, hash: HASH }],
  ['has a number where a text belongs', { ...whole, who: 7 }],
  ['lacks its hash', { _id: 7, at: 'a', who: 'u', what: 'w', success: true, previous: HASH }],
])('a row that %s has no text, so that the check names it', (_what, changed) => {
  expect(batchOf([changed])).toMatchObject([{ number: 7, text: undefined }]);
});
