import { expect, test } from '@jest/globals';
import { speak } from '../../shared/domain/language.js';
import { lostLine, openedLine } from './system-documents.js';

const totals = { calls: 0, inbound: 0, outbound: 0, handled: 0, talkMs: 0, recordings: 40, opened: 12, lastOpenedMs: 0 };
const lineOf = (more: object): string => openedLine({ totals: { ...totals, ...more }, zone: 'Asia/Shanghai' }, speak('zh-CN'));

test('the first page says how many recordings were opened since they were stored, and when last', () => {
  expect(lineOf({ lastOpenedMs: Date.parse('2026-12-02T19:10:00.000Z') })).toMatch(/40 份录音中.*12 份，最近一次为 2026-12-03 03:10/);
  expect(lineOf({ opened: 0, lastOpenedMs: undefined })).toMatch(/40 份录音均未打开核对过/);
  expect(lineOf({ recordings: 0 })).toBe('本包期间没有录音。');
});

test('the first page names each recording that is missing or damaged, since when that is known and by which check', () => {
  const rows = [
    { callId: 'c1', damage: 'recording-truncated', damageFoundAtMs: Date.parse('2026-12-02T19:10:00.000Z'), damageFoundBy: 'nightly' },
    { callId: 'c2' },
  ];
  const facts = { lost: { looked: 7, count: 3, rows }, zone: 'Asia/Shanghai' };
  expect(lostLine(facts, speak('zh-CN'))).toMatch(
    /^3 份不计入在库：c1 被截断（2026-12-03 03:10:00.* 由夜间抽检首次发现）；c2 不在存储清单中；其余见/,
  );
  expect(lostLine(facts, speak('en'))).toMatch(
    /c1: cut \(first found at 2026-12-03 03:10:00.*, nightly check\).* last byte of 7 recordings/,
  );
  expect(lostLine({ ...facts, lost: { looked: 0, count: 0, rows: [] } }, speak('zh-CN'))).toMatch(/^未发现/);
});
