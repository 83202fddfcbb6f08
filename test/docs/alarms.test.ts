import { expect, test } from '@jest/globals';
import { alarmCodes, alarmKinds, alarmWays } from '../../services/shared/domain/alarm.js';
import { alarmWords } from '../../services/shared/domain/alarm-words.js';
import { rights, type Role } from '../../services/shared/domain/people/rights.js';
import { alarms } from '../../web-agent/src/i18n/words/alarms.js';
import { sourcesUnder } from './support/sources.js';

/** The codes in the source of a part; the table of codes itself is no part. */
const parts = sourcesUnder('services').filter(
  ({ path }) => !path.startsWith('services/shared/domain/') && !path.startsWith('services/notices/http'),
);

test.each(alarmCodes)('%s is raised by a part of the product', (code) => {
  const raisers = parts.filter(
    ({ code: source }) => /notice\.raised|createAlarmCondition|AlarmCondition/.test(source) || source.includes('damageWords'),
  );
  expect(raisers.filter(({ code: source }) => source.includes(`'${code}'`)).map(({ path }) => path)).not.toEqual([]);
});

test.each(alarmCodes.filter((code) => alarmKinds[code].ends === 'part'))(
  '%s, which ends with its condition, is cleared by a part',
  (code) => {
    const clearing = parts.filter(({ code: source }) => /notice\.cleared|createAlarmCondition|AlarmCondition/.test(source));
    expect(clearing.filter(({ code: source }) => source.includes(`'${code}'`)).map(({ path }) => path)).not.toEqual([]);
  },
);

test.each(alarmCodes)('%s has its words in both languages, and a role that gets it by default', (code) => {
  for (const { zh, en } of Object.values(alarmWords[code])) {
    expect(zh).toMatch(/\p{Script=Han}/u);
    expect(en).not.toMatch(/\p{Script=Han}/u);
    expect(en).toMatch(/^.{6,}/);
  }
  const holders = (right: keyof typeof rights): readonly Role[] => rights[right];
  const pages = holders('alarms.use');
  expect(alarmKinds[code].receivers.flatMap((right) => holders(right).filter((role) => pages.includes(role)))).not.toEqual([]);
});

test('the pages have the same words in both languages', () => {
  const keysOf = (words: object, at = ''): string[] =>
    Object.entries(words).flatMap(([key, value]) =>
      typeof value === 'object' ? keysOf(value as object, `${at}${key}.`) : [`${at}${key}`],
    );
  expect(keysOf(alarms.zh)).toEqual(keysOf(alarms.en));
  expect(Object.keys(alarms.en.ways)).toEqual([...alarmWays]);
});
