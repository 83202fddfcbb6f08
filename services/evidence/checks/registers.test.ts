import { expect, test } from '@jest/globals';
import { speak } from '../../shared/domain/language.js';
import type { LicenceFile, LicenceRow } from '../../shared/domain/licence/licence-file.js';
import { checkConsistency } from './consistency.js';
import { dutiesOf } from './duties.js';
import { requiredRuleSubjects, selfCheck } from './self-check.js';
import { noUsage, type Usage } from './usage.js';

// What the registers must say of seats, people, clients and trunks: found where it is wrong, and not found where it is right.

type Values = Readonly<Record<string, unknown>>;
type Registers = Readonly<Record<string, readonly Values[]>>;

const today = '2026-11-25';
const say = speak('zh-CN');
const context = { today, isWorkday: () => true, say };

const fileOf = (registers: Registers): LicenceFile =>
  Object.fromEntries(
    Object.entries(registers).map(([name, rows]) => [
      name,
      {
        title: { zh: name, en: name },
        columns: [],
        rows: rows.map((values): LicenceRow => ({ key: String(values['key']), values, shown: [] })),
      },
    ]),
  );

interface Case {
  readonly registers: Registers;
  readonly usage?: Partial<Usage>;
}
const found = ({ registers, usage }: Case): string[] =>
  checkConsistency(fileOf(registers), { ...noUsage, ...usage }, context).map(
    ({ rule, severity, subject }) => `${severity} ${rule} ${subject}`,
  );

const seat = { key: '101', siteId: 'S', usedFrom: '2024-01-01', agentAccount: 'a1' };
const sites = [{ key: 'S' }];
const client = {
  ...{ key: 'C1', state: 'active', contractUntil: '2027-01-01' },
  ...{ businessLicenceOnFile: true, processingAgreementOnFile: true },
};
const person = { key: 'P1', account: 'a1' };
const trainings = [{ key: 'T', subject: 'anti-fraud', on: '2026-10-01', attendees: ['P1'] }];
const account = { name: 'a1', disabled: false, agent: true };
const trunk = { key: 'T1', state: 'in-use', permittedCallers: [], channels: 30, passThrough: false, contractUntil: '2026-11-25' };
const used = { trunks: [{ trunkId: 'T1', calls: 1 }] };

test.each<[expected: string, wrong: Case, right: Case]>([
  ['breach seat-site 101', { registers: { seats: [seat] } }, { registers: { seats: [seat], sites } }],
  [
    'breach seat-lease 101',
    { registers: { sites, seats: [{ ...seat, clientId: 'C1' }], clients: [{ ...client, contractUntil: '2026-11-24' }] } },
    { registers: { sites, seats: [{ ...seat, clientId: 'C1' }], clients: [{ ...client, contractUntil: today }] } },
  ],
  [
    'breach seat-lease 101',
    { registers: { sites, seats: [{ ...seat, clientId: 'C1' }], clients: [{ ...client, state: 'ended' }] } },
    { registers: { sites, seats: [seat], clients: [] } },
  ],
  [
    'warning seat-account-twice 102',
    { registers: { sites, seats: [seat, { ...seat, key: '102' }] } },
    { registers: { sites, seats: [seat, { ...seat, key: '102', agentAccount: 'a2' }] } },
  ],
  [
    'breach client-contract C1',
    { registers: { clients: [{ ...client, contractUntil: '2026-11-24' }] } },
    { registers: { clients: [{ ...client, contractUntil: today }] } },
  ],
  [
    'warning client-licence C1',
    { registers: { clients: [{ ...client, businessLicenceOnFile: false }] } },
    { registers: { clients: [client] } },
  ],
  [
    'warning training-anti-fraud P1',
    { registers: { staff: [person], trainings: [{ ...trainings[0], subject: 'service' }] } },
    { registers: { staff: [person], trainings } },
  ],
  [
    'warning administrators-apart a1',
    { registers: {}, usage: { accounts: [{ ...account, administersAlone: true }] } },
    { registers: {}, usage: { accounts: [{ ...account, administersAlone: true, disabled: true }] } },
  ],
  [
    'warning account-without-person a1',
    { registers: { staff: [] }, usage: { accounts: [account] } },
    { registers: { staff: [person] }, usage: { accounts: [account] } },
  ],
  ['warning trunk-pass-through T1', { registers: { trunks: [{ ...trunk, passThrough: true }] } }, { registers: { trunks: [trunk] } }],
  ['breach trunk-contract T1', { registers: { trunks: [{ ...trunk, contractUntil: '2026-11-24' }] } }, { registers: { trunks: [trunk] } }],
  [
    'breach trunk-state T1',
    { registers: { trunks: [{ ...trunk, state: 'stopped' }] }, usage: used },
    { registers: { trunks: [trunk] }, usage: used },
  ],
])('%s', (expected, wrong, right) => {
  expect(found(wrong)).toContain(expected);
  expect(found(right)).not.toContain(expected);
});

test('the yearly emergency drill is due a year after the last one', () => {
  const dueOn = (drills: readonly Values[]): string | undefined =>
    dutiesOf(fileOf({ drills }), context).find(({ id }) => id === 'drill')?.dueOn;
  expect(
    dueOn([
      { key: 'D1', heldOn: '2025-12-10' },
      { key: 'D0', heldOn: '2024-12-10' },
    ]),
  ).toBe('2026-12-10');
  expect(dueOn([])).toBeUndefined();
});

test('the self-check names each subject that has no rule', () => {
  const missingWith = (subjects: readonly string[]): string | undefined =>
    selfCheck(fileOf({ rules: subjects.map((subject) => ({ key: subject, subject })) }), [], 'provincial', context).conditions.find(
      ({ id }) => id === 'rules',
    )?.missing;
  expect(missingWith(requiredRuleSubjects)).toBe('');
  const named = requiredRuleSubjects.map((lacking) => missingWith(requiredRuleSubjects.filter((subject) => subject !== lacking)));
  expect(named[0]).toBe('缺 1 类制度：安全责任制。');
  expect(new Set(named).size).toBe(15);
  expect(missingWith(['content'])).toMatch(/^缺 14 类制度：安全责任制、/);
});
