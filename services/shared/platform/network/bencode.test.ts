import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readBencode, writeBencode } from './bencode.js';

const read = (text: string, ...unread: string[]): unknown => readBencode(Buffer.from(text), new Set(unread));

const key = fc.string({ unit: 'grapheme' }).filter((name) => name !== '__proto__');
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.maxSafeInteger(),
    fc.string({ unit: 'grapheme' }),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(key, tie('tree'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

test('whatever is written is read again, in any language', () => {
  fc.assert(fc.property(tree, (value) => expect(readBencode(Buffer.from(writeBencode(value)))).toEqual(value)));
});

test('what is not asked for is stepped over, however deep it is', () => {
  fc.assert(
    fc.property(tree, tree, (one, other) => {
      const written = Buffer.from(writeBencode({ one, flags: other, list: [{ flags: other, last: 1 }] }));
      expect(readBencode(written, new Set(['flags']))).toEqual({
        one: readBencode(Buffer.from(writeBencode(one)), new Set(['flags'])),
        list: [{ last: 1 }],
      });
    }),
  );
});

test('a reply of the relay', () => {
  expect(read('d5:flagsl3:RTPe7:packetsi-3e4:SSRCd2:77d4:lossi1eeee', 'flags')).toEqual({ packets: -3, SSRC: { 77: { loss: 1 } } });
});

test.each([
  '',
  'd',
  'i1',
  'ie',
  'i-e',
  'i1.5e',
  '5:word',
  ':',
  'x',
  'l',
  'di1ei2ee',
  '1:ab',
  'd1:a',
  'd4:flagsi1e',
  'd5:flagsle',
  'd5:flagse',
])('what ends early or is not bencode is refused: "%s"', (text) => {
  expect(() => read(text, 'flags')).toThrow(SyntaxError);
});

test('a key that every object has is not taken from the other side', () => {
  expect(read('d9:__proto__d1:ai1ee1:bi2ee')).toEqual({ b: 2 });
  expect(({} as { a?: number }).a).toBeUndefined();
});

test('keys without a value are left out; what bencode has not is refused', () => {
  expect(writeBencode({ command: 'query', 'from-tag': undefined })).toBe('d7:command5:querye');
  for (const odd of [1.5, null, true]) expect(() => writeBencode({ odd })).toThrow(TypeError);
});
