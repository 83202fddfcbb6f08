import { describe, expect, test } from '@jest/globals';
import { writtenBy, type NumberRule } from './number-rules.js';

const rule = (change: Partial<NumberRule>): NumberRule => ({ use: 'called-out', starts: '', remove: 0, put: '', ...change });

describe('a number of a carrier', () => {
  test.each<[string, Partial<NumberRule>, string, string]>([
    ['with the country code before a mobile', { put: '+86' }, '13800000001', '+8613800000001'],
    ['with the country code before an area', { starts: '0', remove: 1, put: '+86' }, '02160000001', '+862160000001'],
    ['without the area of the town', { starts: '021', remove: 3 }, '02160000001', '60000001'],
    ['with a plus in place of 00', { starts: '00', remove: 2, put: '+' }, '0085221234567', '+85221234567'],
    ['with a prefix of the carrier before a landline of the town', { starts: '021', remove: 3, put: '99' }, '02160000001', '9960000001'],
    ['with a prefix of the carrier, which the plan does not know', { put: '99' }, '13800000001', '9913800000001'],
    ['of another length stays', { length: 11, put: '+86' }, '02160000001234'.slice(0, 12), '021600000012'],
    ['with another beginning stays', { starts: '1', put: '+86' }, '02160000001', '02160000001'],
  ])('goes out %s', (_what, change, number, written) => {
    expect(writtenBy([rule(change)], 'called-out', number).number).toBe(written);
  });

  test.each<[string, NumberRule['use'], Partial<NumberRule>, string]>([
    ['abroad', 'called-out', { remove: 1, put: '0085' }, '13800000001'],
    ['a satellite', 'called-out', { starts: '020', remove: 3, put: '0088161' }, '02082345678'],
    ['a satellite behind an access code', 'called-out', { remove: 3, put: '179090088161' }, '02082345678'],
    ['a premium number', 'called-out', { starts: '0', remove: 6, put: '168' }, '02160000001'],
    ['another area', 'called-out', { starts: '021', remove: 3, put: '010' }, '02160000001'],
    ['a landline in the place of a mobile', 'called-out', { remove: 3 }, '13860000001'],
    ['the end of a landline', 'called-out', { remove: 4 }, '02158881234'],
    ['what is left of a mobile', 'called-out', { remove: 3 }, '13800000001'],
    ['what is left of a mobile behind a prefix', 'called-out', { remove: 4, put: '990' }, '13800000001'],
    ['another mobile', 'called-out', { remove: 3, put: '139' }, '13800000001'],
    ['the police', 'called-out', { starts: '110', remove: 0, put: '0' }, '110'],
    ['nothing', 'called-out', { remove: 10 }, '13800000001'],
    ['another identity', 'caller-out', { remove: 4, put: '8888' }, '4001000000'],
    ['an identity that is in no plan', 'caller-out', { put: '99' }, '95100'],
  ])('reaches or shows no other by a rule: %s', (_what, use, change, number) => {
    expect(writtenBy([rule({ use, ...change })], use, number)).toEqual({ number });
  });

  test('takes the first rule of its use that fits, and says which', () => {
    const rules = [
      rule({ use: 'caller-out', put: '+86' }),
      rule({ starts: '9', put: '0' }),
      rule({ starts: '1', put: '0' }),
      rule({ put: '+86' }),
    ];
    expect(writtenBy(rules, 'called-out', '13800000001')).toEqual({ number: '013800000001', rule: 2 });
    expect(writtenBy(rules, 'caller-out', '95100')).toEqual({ number: '+8695100', rule: 0 });
    expect(writtenBy(rules, 'called-in', '13800000001')).toEqual({ number: '13800000001' });
  });

  test('that comes in may lose or get what the carrier puts before it', () => {
    expect(writtenBy([rule({ use: 'called-in', starts: '8', length: 8, remove: 1 })], 'called-in', '84001000').number).toBe('4001000');
    expect(writtenBy([rule({ use: 'caller-in', length: 8, put: '021' })], 'caller-in', '60000001').number).toBe('02160000001');
    expect(writtenBy([rule({ use: 'caller-in', put: '1' })], 'caller-in', 'anonymous').number).toBe('anonymous');
  });
});
