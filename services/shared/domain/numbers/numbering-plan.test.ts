import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { callerOf, identityOf } from '../calls/caller.js';
import { planned } from './numbering-plan.js';
import { normaliseNumber } from './phone-number.js';

test.each([
  ['13800009999', '13800009999', 'mobile', '+8613800009999'],
  ['＋86 138-0000-9999', '13800009999', 'mobile', '+8613800009999'],
  ['8613800009999', '13800009999', 'mobile', '+8613800009999'],
  ['008613800009999', '13800009999', 'mobile', '+8613800009999'],
  ['+86013800009999', '13800009999', 'mobile', '+8613800009999'],
  ['013800009999', '13800009999', 'mobile', '+8613800009999'],
  ['1790913800009999', '13800009999', 'mobile', '+8613800009999'],
  ['17951013800009999', '13800009999', 'mobile', '+8613800009999'],
  ['1259313800009999', '13800009999', 'mobile', '+8613800009999'],
  ['17909008613800009999', '13800009999', 'mobile', '+8613800009999'],
  ['02160000001', '02160000001', 'geographic', '+862160000001'],
  ['+862160000001', '02160000001', 'geographic', '+862160000001'],
  ['2160000001', '02160000001', 'geographic', '+862160000001'],
  ['862160000001', '02160000001', 'geographic', '+862160000001'],
  ['01088886666', '01088886666', 'geographic', '+861088886666'],
  ['+86 10 8888 6666', '01088886666', 'geographic', '+861088886666'],
  ['05718888777', '05718888777', 'geographic', '+865718888777'],
  ['0571 8888 7777', '057188887777', 'geographic', '+8657188887777'],
  ['95533', '95533', 'service', undefined],
  ['+8695533', '95533', 'service', undefined],
  ['02195533', '95533', 'service', undefined],
  ['057196011', '057196011', 'service', undefined],
  ['10086', '10086', 'service', undefined],
  ['4001234567', '4001234567', 'service', undefined],
  ['864001234567', '4001234567', 'service', undefined],
  ['8008101234', '8008101234', 'service', undefined],
  ['12345', '12345', 'service', undefined],
  ['110', '110', 'emergency', undefined],
  ['010110', '110', 'emergency', undefined],
  ['4001000', '4001000', 'local', undefined],
  ['58881234', '58881234', 'local', undefined],
  ['16812345', '16812345', 'premium', undefined],
  ['16899999999', '16899999999', 'premium', undefined],
  ['17401234567', '17401234567', 'satellite', '+8617401234567'],
  ['00881612345678', '+881612345678', 'satellite', '+881612345678'],
  ['+44 20 7946 0000', '+442079460000', 'foreign', '+442079460000'],
  ['0085223456789', '+85223456789', 'foreign', '+85223456789'],
  ['+1 900 555 0100', '+19005550100', 'premium', '+19005550100'],
])('%s is %s, %s', (written, text, kind, e164) => {
  expect(planned(written)).toEqual({ text, kind, e164 });
});

test.each([
  '*21*13800009999#',
  '13800009999#',
  '',
  '+',
  '12',
  'anonymous',
  '138000099990000',
  '+86',
  '00',
  '8600',
  '1'.repeat(31),
  '000123456789',
])('%j is no number of the plan', (written) => {
  expect(planned(written)).toBeUndefined();
});

describe('of any number', () => {
  const digits = (length: number) =>
    fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((all) => all.join(''));
  const mobile = fc.tuple(fc.constantFrom('13', '15', '18', '19'), digits(9)).map(([head, rest]) => head + rest);
  const landline = fc
    .tuple(fc.constantFrom('10', '21', '28'), fc.integer({ min: 2, max: 8 }), digits(7))
    .map(([area, first, rest]) => `${area}${first}${rest}`);

  test('the one form is its own form', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\+?\d{1,24}$/), (text) => {
        const once = normaliseNumber(text);
        expect(normaliseNumber(once ?? '')).toBe(once);
      }),
      { numRuns: 20_000 },
    );
  });

  test('every spelling of a mobile number is one', () => {
    const before = fc.constantFrom('', '0', '86', '+86', '0086', '+860', '17909', '179510', '12593', '1790986', '125930086');
    fc.assert(
      fc.property(mobile, before, (number, prefix) => {
        // Satellite telephones of the country begin like mobile ones.
        expect(identityOf(prefix + number)).toBe(number);
      }),
      { numRuns: 5_000 },
    );
  });

  test('every spelling of a landline is one', () => {
    const before = fc.constantFrom('', '0', '86', '+86', '0086', '+860', '179090', '179510', '125930');
    fc.assert(
      fc.property(landline, before, (number, prefix) => {
        expect(identityOf(prefix + number)).toBe(`0${number}`);
      }),
      { numRuns: 5_000 },
    );
  });
});

test.each([
  ['13800000001', 'number', '13800000001'],
  ['1001', 'unknown', '1001'],
  ['anonymous', 'withheld', undefined],
  ['', 'withheld', undefined],
  ['restricted', 'withheld', undefined],
])('%j is a caller of kind %s, found again by %s', (text, kind, identity) => {
  expect([callerOf(text).kind, identityOf(text)]).toEqual([kind, identity]);
});
