import { describe, expect, test } from '@jest/globals';
import { cities, provinceNamed, provinceOfNumber, provinces } from './province.js';

test('there are 31 provinces, each with its own cities', () => {
  expect(Object.keys(provinces)).toHaveLength(31);
  expect(Object.keys(cities).length).toBeGreaterThan(330);
});

describe('the province that somebody wrote', () => {
  test.each([
    ['河南', '河南'],
    ['河南省', '河南'],
    ['Henan', '河南'],
    ['henan Province', '河南'],
    ['郑州', '河南'],
    ['河南省郑州市金水区北京路1号', '河南'],
    ['重庆市渝北区', '重庆'],
    ['内蒙古自治区', '内蒙古'],
    ['吉林市', '吉林'],
  ])('%s is %s', (written, named) => expect(provinceNamed(written)).toBe(named));
  test.each(['', '  ', '某地', 'Atlantis'])('"%s" names none', (written) => expect(provinceNamed(written)).toBeUndefined());
});

describe('the province of a number', () => {
  test.each([
    ['01058888888', '北京'],
    ['037165888888', '河南'],
    ['02367888888', '重庆'],
    ['089866888888', '海南'],
    ['08916888888', '西藏'],
    ['097165888888', '青海'],
  ])('%s is of %s', (number, named) => expect(provinceOfNumber(number)).toBe(named));
  test.each(['13911112222', '4001000000', '95533', '+81312345678'])('%s says nothing of a place', (number) =>
    expect(provinceOfNumber(number)).toBeUndefined(),
  );
});
