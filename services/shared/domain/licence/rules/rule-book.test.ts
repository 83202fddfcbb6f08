import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { speak } from '../../language.js';
import type { LicenceFile } from '../licence-file.js';
import type { Rule } from './rule.js';
import { cite, limitOn, ruleBook, shownRules, type RuleId } from './rule-book.js';

const services = join(import.meta.dirname, '..', '..', '..', '..');
const ids = Object.keys(ruleBook) as RuleId[];
const zh = speak('zh-CN');

/** The files that may rest on the book: the slices of the licence review, and what they share except the book itself. */
const sources = ['evidence', 'inventory', 'drill', 'witness', 'shared/domain/licence'].flatMap((folder) =>
  (readdirSync(join(services, folder), { recursive: true }) as string[])
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.startsWith('rules/'))
    .map((file) => ({ file, code: readFileSync(join(services, folder, file), 'utf8') })),
);

test('every rule of the book is what something rests on', () => {
  expect(ids.filter((id) => !sources.some(({ code }) => code.includes(`'${id}'`)))).toEqual([]);
});

test('every figure of the book is read by a check', () => {
  const names = ids.flatMap((id) => (ruleBook[id] as Rule).flatMap(({ limits }) => Object.keys(limits ?? {})));
  expect(names.filter((name) => !sources.some(({ code }) => code.includes(`'${name}'`)))).toEqual([]);
});

test('what happened in 2025 is cited with the law of 2025', () => {
  expect(cite('cyber-logs', zh, '2025-12-31')).toBe('《网络安全法》（2016 年文本）第 21 条（三）');
  expect(cite('cyber-logs', zh, '2026-01-01')).toBe('《网络安全法》第 23 条（三）（2026 年以前为第 21 条）');
  expect(cite('cyber-logs', zh)).toBe(cite('cyber-logs', zh, '2026-01-01'));
});

test('the 4 hours of an incident begin with the rule that asks for them', () => {
  expect(limitOn('incident-report', 'withinHours', '2025-10-31')).toBeUndefined();
  expect(limitOn('incident-report', 'withinHours', '2025-11-01')).toBe(4);
});

test('what is quoted says so, and what was read does not', () => {
  expect(cite('notice-81', zh)).toBe('信管〔2020〕81号（据转述）');
  expect(cite('order-42-27', zh)).toBe('《电信业务经营许可管理办法》第二十七条');
});

test.each(ids)('the versions of %s are in the order of their days', (id) => {
  const rule: Rule = ruleBook[id];
  const days = rule.map(({ from }) => from ?? '');
  expect(days).toEqual([...days].sort());
  expect(new Set(days).size).toBe(days.length);
});

test('the page shows what holds, what held, what comes, and the answer of the authority', () => {
  const answer = {
    key: 'incident-report',
    values: { pointId: 'incident-report', confirmedBy: '王工', confirmedOn: '2026-05-06', answer: '适用' },
    shown: [],
  };
  const file: LicenceFile = { confirmations: { title: { zh: '', en: '' }, columns: [], rows: [answer] } };
  const of = (today: string, id: RuleId) => shownRules(file, today, zh).find((row) => row.id === id);
  expect(of('2026-11-28', 'incident-report')).toMatchObject({
    now: { from: '2025-11-01', seen: '据转述，未见原文' },
    before: [{ from: null, article: '《网络数据安全管理条例》第 11 条' }],
    coming: [],
    confirmed: { by: '王工', on: '2026-05-06', answer: '适用' },
  });
  expect(of('2025-10-01', 'incident-report')).toMatchObject({ now: { from: null }, before: [], coming: [{ from: '2025-11-01' }] });
  expect(of('2026-11-28', 'telecom-9')?.confirmed).toBeNull();
});
