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

test('both languages have the same words', () => {
  expect([...english.keys()].filter((key) => !chinese.has(key))).toEqual([]);
  expect([...chinese.keys()].filter((key) => !english.has(key))).toEqual([]);
});

test('both languages fill in the same values', () => {
  const blanks = (text: string): string[] => (text.match(/\{\{\w+\}\}/g) ?? []).sort();
  const different = [...chinese].filter(([key, text]) => blanks(text).join() !== blanks(english.get(key) ?? '').join());
  expect(different.map(([key]) => key)).toEqual([]);
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
