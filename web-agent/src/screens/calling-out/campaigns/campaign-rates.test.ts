import { expect, test } from '@jest/globals';
import { campaignRates, complaintsPer10000 } from './campaign-rates.js';

test('rates of a campaign count people, and say nothing where nobody is counted', () => {
  expect(campaignRates({ all: 200, tried: 80, reached: 38, refused: 2 })).toEqual({ penetration: 40, contact: 50, refusal: 5 });
  expect(campaignRates({ all: 10, tried: 0, reached: 0, refused: 0 })).toEqual({ penetration: 0, contact: null, refusal: null });
  expect(campaignRates({ all: 0, tried: 0, reached: 0, refused: 0 })).toEqual({ penetration: null, contact: null, refusal: null });
});

test('complaints are counted in people, of 10,000 who were spoken with', () => {
  expect(complaintsPer10000({ reached: 190, refused: 10, complained: 1 })).toBe(50);
  expect(complaintsPer10000({ reached: 0, refused: 0, complained: 1 })).toBeNull();
});
