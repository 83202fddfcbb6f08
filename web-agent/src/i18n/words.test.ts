import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { systemApi } from '../../../services/shared/contracts/api/centre/system.js';
import { auditDeeds } from '../../../services/shared/domain/people/audit-deed.js';
import { failures as failureCodes } from '../../../services/shared/domain/failure.js';
import { failureLimits, flowFaults, passwordFaults, refusals } from '../../../services/shared/domain/failure-details.js';
import { agentStates } from '../../../services/shared/domain/people/agent-state.js';
import { releaseCauses } from '../../../services/shared/domain/calls/release.js';
import { roles } from '../../../services/shared/domain/people/rights.js';
import { firstWords } from './words/index.js';
import { pageWords } from './words/page-words.js';

function flat(words: unknown, path = ''): Map<string, string> {
  if (typeof words === 'string') return new Map([[path, words]]);
  return new Map(Object.entries(words as object).flatMap(([key, value]) => [...flat(value, path === '' ? key : `${path}.${key}`)]));
}

const allWords = (language: 'zh' | 'en'): Map<string, string> => new Map([...flat(firstWords(language)), ...flat(pageWords(language))]);
const chinese = allWords('zh');
const english = allWords('en');

/** English says some things differently of one: the key of the sentence with `_one` behind it. */
const ofOne = [...english.keys()].filter((key) => key.endsWith('_one'));
const baseOf = (key: string): string => key.replace(/_one$/, '');

test('both languages have the same words', () => {
  expect([...english.keys()].filter((key) => !chinese.has(baseOf(key)))).toEqual([]);
  expect([...chinese.keys()].filter((key) => !english.has(key))).toEqual([]);
});

test('both languages fill in the same values', () => {
  const blanks = (text: string): string[] => (text.match(/\{\{\w+\}\}/g) ?? []).sort();
  const different = [...chinese].filter(([key, text]) => blanks(text).join() !== blanks(english.get(key) ?? '').join());
  expect(different.map(([key]) => key)).toEqual([]);
  expect(ofOne.filter((key) => blanks(english.get(key) ?? '').join() !== blanks(english.get(baseOf(key)) ?? '').join())).toEqual([]);
});

test('no English page says "1 rows": a sentence that counts things has another form for one', () => {
  const counts = /\{\{count\}\} (?:(?:[a-z]+ ){0,2}(?:[a-z]+s|people)|(?:[a-z]+ )?(?:are|were|have))\b/;
  /** Always of two and more. */
  const ofMany = ['alarms.times', 'compliance.packs.verified', 'help.ended.days', 'myCalls.cut'];
  const settled = new Set([...ofMany, ...ofOne, ...ofOne.map(baseOf)]);
  expect([...english].flatMap(([key, text]) => (counts.test(text) && !settled.has(key) ? [key] : []))).toEqual([]);
});

test('no English word stands in the Chinese pages untranslated', () => {
  const same = [...chinese].filter(([key, text]) => english.get(key) === text && /[a-z]{4}/i.test(text));
  expect(same.map(([key]) => key)).toEqual([]);
});

test.each([
  ['failures', Object.keys(failureCodes)],
  ['seat.state', [...agentStates]],
  ['campaigns.refusals', [...refusals.campaign]],
  ['complaints.refusals', [...refusals.complaint]],
  ['drills.refusals', [...refusals.drill]],
  ['library.prompts.refusals', [...refusals.prompt]],
  ['calls.notes.refusals', [...refusals.note]],
  ['library.flow.problems', [...flowFaults]],
  ['failures', failureLimits.map((limit) => `over-${limit}`)],
  ['failures', passwordFaults.map((fault) => `password-${fault}`)],
  ['failures', ['file-kind', 'file-empty', 'roles-apart', 'inspector-end', 'overflow-circle', 'flow-not-sound']],
  ['calls.causes', [...releaseCauses]],
  ['shell.role', [...roles]],
  ['administer.audit.deeds', [...auditDeeds]],
  ['administer.system.parts', Object.keys(systemApi['GET /system/status'].answer.shape).filter((part) => part !== 'at')],
])('every code under %s has words', (area, codes) => {
  expect(codes.filter((code) => !chinese.has(`${area}.${code}`))).toEqual([]);
});

test('every part of the system that acts by itself has a name in the trail', () => {
  const services = join(import.meta.dirname, '..', '..', '..', 'services');
  const files = readdirSync(services, { recursive: true, encoding: 'utf8' }).filter(
    (name) => /\.ts$/.test(name) && !/\.test\.ts$/.test(name),
  );
  const actors = new Set(
    files.flatMap((file) => [...readFileSync(join(services, file), 'utf8').matchAll(/'system:([a-z-]+)'/g)].map(([, part]) => part)),
  );
  expect(actors.size).toBeGreaterThan(0);
  expect([...actors].filter((part) => part !== undefined && !chinese.has(`administer.audit.actors.${part}`))).toEqual([]);
});

test('no form refuses a field without words', () => {
  const source = join(import.meta.dirname, '..');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tsx'));
  expect(files.filter((file) => /\bmessage: ''/.test(readFileSync(join(source, file), 'utf8')))).toEqual([]);
});

test('every word that the code asks for exists', () => {
  const source = join(import.meta.dirname, '..');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (name) => /\.tsx?$/.test(name) && !/\.test\.ts$/.test(name),
  );
  const known = new Set(chinese.keys());
  const missing: string[] = [];
  for (const file of files) {
    const text = readFileSync(join(source, file), 'utf8');
    for (const [, key] of text.matchAll(/\bt\(\s*'([\w.-]+)'/g)) if (key !== undefined && !known.has(key)) missing.push(`${file}: ${key}`);
    // Keys with a value in them, such as `t(\`seat.state.${state}\`)`, need at least the folder.
    for (const [, folder] of text.matchAll(/\bt\(\s*`([\w.-]+)\.\$\{/g))
      if (folder !== undefined && ![...known].some((key) => key.startsWith(`${folder}.`))) missing.push(`${file}: ${folder}.*`);
  }
  expect(missing).toEqual([]);
});

test('no two kinds of steps are refused by one name: pages find the words by the name alone', () => {
  const names = Object.values(refusals).flat();
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});

/** One word for each thing: the left one came in with a translation, the right one is what the trade and its authority write. */
const replaced: readonly (readonly [RegExp, string])[] = [
  [/验证呼叫|验证坐席/, '拨测'],
  [/回呼/, '回拨'],
  // 主管部门 is the authority.
  [/主管(?!部门|通信|机关)/, '班长'],
  [/督导/, '运营监控'],
  [/回复率/, '参评率'],
  [/登记表|登记簿/, '台账'],
  [/检查人(?!员)|检查员|检查账号/, '检查人员'],
  [/语音中继(?!线)|媒体中继/, '媒体网关'],
  [/免打扰名单|拒绝来电名单|拒呼名单/, '谢绝来电名单'],
  [/客户单位|业务委托单位/, '委托单位'],
  [/账册/, '台账'],
  [/耳语/, '密语'],
];

test('no word comes back that was replaced: on pages, in documents, prompts and handbooks', () => {
  const root = join(import.meta.dirname, '..', '..', '..');
  const filesIn = (folder: string, ends: RegExp): string[] =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => ends.test(name) && !/\.test\.tsx?$/.test(name))
      .map((name) => join(folder, name));
  const files = [
    'README.zh-CN.md',
    ...filesIn('web-agent/src', /\.tsx?$/),
    ...filesIn('services', /\.(?:ts|json|html|py)$/),
    ...filesIn('infra', /\.ts$/),
    ...filesIn('docs', /\.md$/),
  ];
  const back = files.flatMap((file) =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .flatMap((line, at) =>
        replaced.flatMap(([word]) => {
          const found = word.exec(line)?.[0];
          return found === undefined || isMeant(file, line) ? [] : [`${file}:${String(at + 1)} ${found}`];
        }),
      ),
  );
  expect(back).toEqual([]);
});

/** The standard rule of listening stays as agents acknowledged it. 语音中继 in what the law says of lines is a carrier's trunk. */
const isMeant = (file: string, line: string): boolean =>
  file === 'services/supervision/listening.ts' ||
  (/services\/(?:evidence\/documents|shared\/domain\/licence\/rules)\//.test(file) && line.includes('语音中继'));
