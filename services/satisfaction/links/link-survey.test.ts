import { expect, test } from '@jest/globals';
import { decideLink, type LinkQuestion } from './link-survey.js';

const now = new Date('2026-03-10T02:00:00Z');
const asked: LinkQuestion = {
  call: { direction: 'inbound', number: '13800000001', language: 'zh-CN' },
  refused: false,
  askedRecently: false,
  canSend: true,
  minuteOfDay: 10 * 60,
  now,
};
const minutes = (count: number): Date => new Date(now.getTime() + count * 60_000);

test.each<[string, Partial<LinkQuestion>, ReturnType<typeof decideLink>]>([
  ['by day: at once', {}, { sendAt: now }],
  ['with the country in front', { call: { ...asked.call, number: '+8613800000001' } }, { sendAt: now }],
  ['at 07:59: a minute later', { minuteOfDay: 8 * 60 - 1 }, { sendAt: minutes(1) }],
  ['at 20:59: at once', { minuteOfDay: 21 * 60 - 1 }, { sendAt: now }],
  ['at 21:00: at eight in the morning', { minuteOfDay: 21 * 60 }, { sendAt: minutes(11 * 60) }],
  ['at midnight: at eight', { minuteOfDay: 0 }, { sendAt: minutes(8 * 60) }],
  ['a do-not-call number', { refused: true }, { not: 'do-not-call' }],
  ['a fixed line', { call: { ...asked.call, number: '02112345678' } }, { not: 'no-mobile-number' }],
  ['a withheld number', { call: { ...asked.call, number: '' } }, { not: 'no-mobile-number' }],
  ['without a provider', { canSend: false }, { not: 'no-provider' }],
  ['asked yesterday evening', { askedRecently: true }, { not: 'asked-recently' }],
  ['a call by an agent', { call: { ...asked.call, direction: 'outbound' } }, { not: 'outbound-call' }],
])('%s', (_name, change, decision) => {
  expect(decideLink({ ...asked, ...change })).toEqual(decision);
});
