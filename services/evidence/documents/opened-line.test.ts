import { expect, test } from '@jest/globals';
import { speak } from '../../shared/domain/language.js';
import { openedLine } from './system-documents.js';

const totals = { calls: 0, inbound: 0, outbound: 0, handled: 0, talkMs: 0, recordings: 40, opened: 12, lastOpenedMs: 0 };
const lineOf = (more: object): string => openedLine({ totals: { ...totals, ...more }, zone: 'Asia/Shanghai' }, speak('zh-CN'));

test('the first page says how many recordings were opened since they were stored, and when last', () => {
  expect(lineOf({ lastOpenedMs: Date.parse('2026-12-02T19:10:00.000Z') })).toMatch(/40 份录音中.*12 份，最近一次为 2026-12-03 03:10/);
  expect(lineOf({ opened: 0, lastOpenedMs: undefined })).toMatch(/40 份录音均未打开核对过/);
  expect(lineOf({ recordings: 0 })).toBe('本包期间没有录音。');
});
