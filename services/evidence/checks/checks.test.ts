import { expect, test } from '@jest/globals';
import { speak } from '../../shared/domain/language.js';
import type { LicenceFile, LicenceRow } from '../../shared/domain/licence/licence-file.js';
import { addWorkingDays } from '../../shared/domain/time/calendar-date.js';
import { applicationWorkspace } from './application.js';
import { checkConsistency } from './consistency.js';
import { dutiesOf } from './duties.js';
import { compareWithFiling } from './filing.js';
import { stillOpen } from './open-points.js';
import { selfCheck } from './self-check.js';
import { noUsage, type Usage } from './usage.js';

const weekday = (date: string): boolean => ![0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay());
const today = '2026-11-25';
const say = speak('zh-CN');
const context = { today, isWorkday: weekday, say };

function file(registers: Record<string, Record<string, unknown>[]>): LicenceFile {
  return Object.fromEntries(
    Object.entries(registers).map(([name, rows]) => [
      name,
      {
        title: { zh: name, en: name },
        columns: [],
        rows: rows.map((values): LicenceRow => ({ key: String(values['key']), values, shown: [] })),
      },
    ]),
  );
}
const licence = { key: '京B2-20240001', scope: 'provincial', provinces: ['北京'], issuedOn: '2024-01-01', validUntil: '2029-01-01' };
const number = {
  key: '4001000',
  state: 'in-use',
  area: '北京',
  kind: '400',
  direction: 'inbound-only',
  openedOn: '2024-02-01',
  openingReportedOn: '2024-02-05',
  yearlyReportYear: 2025,
};
const trunk = { key: 'T1', state: 'in-use', permittedCallers: ['4001000'], channels: 30, passThrough: false };
const rulesOf = (registers: Parameters<typeof file>[0], usage: Partial<Usage> = {}): string[] =>
  checkConsistency(file(registers), { ...noUsage, ...usage }, context)
    .filter(({ severity }) => severity !== 'note')
    .map(({ rule, subject }) => `${rule} ${subject}`);

test.each<[string, Parameters<typeof file>[0], Partial<Usage>, string]>([
  [
    'seats used above seats declared',
    { seats: [{ key: '101', siteId: 'S', usedFrom: '2024-01-01' }], sites: [{ key: 'S' }] },
    { peakSeats: 2 },
    'seats-below-use seats',
  ],
  ['an expired number', { licence: [licence], numbers: [{ ...number, validUntil: '2026-11-24' }] }, {}, 'number-gate 4001000'],
  [
    'a number outside the province of the licence',
    { licence: [licence], numbers: [{ ...number, area: '上海' }] },
    {},
    'number-gate 4001000',
  ],
  [
    'a number opened without its report in 10 days',
    { numbers: [{ ...number, kind: '95', openingReportedOn: '', openedOn: '2026-11-01' }] },
    {},
    'opening-report 4001000',
  ],
  [
    'a trunk without permitted caller numbers',
    { numbers: [number], trunks: [{ ...trunk, permittedCallers: [] }] },
    {},
    'trunk-without-callers T1',
  ],
  [
    'a permitted caller that is not registered',
    { numbers: [number], trunks: [{ ...trunk, permittedCallers: ['95001'] }] },
    {},
    'caller-not-registered T1',
  ],
  [
    'more channels used than declared',
    { numbers: [number], trunks: [trunk] },
    { trunks: [{ trunkId: 'T1', calls: 9, peakChannels: 31 }] },
    'trunk-channels T1',
  ],
  ['a trunk in use that nobody registered', { trunks: [] }, { trunks: [{ trunkId: 'T9', calls: 1 }] }, 'trunk-undeclared T9'],
  [
    'a number in use that nobody registered',
    { numbers: [] },
    { numbers: [{ number: '95001', calls: 3, outbound: 0 }] },
    'number-undeclared 95001',
  ],
  [
    'an inbound-only number that called out',
    { licence: [licence], numbers: [number] },
    { numbers: [{ number: '4001000', calls: 0, outbound: 1 }] },
    'inbound-only-originates 4001000',
  ],
  ['both ways without a commitment letter', { numbers: [{ ...number, direction: 'both' }] }, {}, 'commitment-letter 4001000'],
  [
    'an ordinary number for outbound without a reason',
    { numbers: [{ ...number, kind: 'local', direction: 'both', commitmentLetter: true }] },
    {},
    'ordinary-number-outbound 4001000',
  ],
  [
    'a number of a client without a contract',
    { numbers: [{ ...number, clientId: 'C1' }], clients: [] },
    {},
    'number-without-contract 4001000',
  ],
  [
    'a leaver whose account still works',
    { staff: [{ key: 'P1', account: 'a1', leftOn: '2026-11-01' }] },
    { accounts: [{ name: 'a1', disabled: false, agent: true }] },
    'leaver-account P1',
  ],
  [
    'one account of two persons',
    {
      staff: [
        { key: 'P1', account: 'a1' },
        { key: 'P2', account: 'a1' },
      ],
    },
    {},
    'shared-account a1',
  ],
  ['a person without training', { staff: [{ key: 'P1' }] }, {}, 'training P1'],
  ['a person without a confidentiality agreement', { staff: [{ key: 'P1' }] }, {}, 'confidentiality P1'],
  [
    'a client without a processing agreement',
    { clients: [{ key: 'C1', state: 'active', contractUntil: '2027-01-01', businessLicenceOnFile: true }] },
    {},
    'client-agreement C1',
  ],
  [
    'an address change that the allocator was not told',
    { company: [{ key: 'X', addressChangedOn: '2026-11-02' }] },
    {},
    'allocator-told company',
  ],
])('%s is found', (_name, registers, usage, expected) => {
  expect(rulesOf(registers, usage)).toContain(expected);
});

test('a file without contradictions gives none', () => {
  expect(
    rulesOf(
      { licence: [licence], numbers: [number], trunks: [trunk] },
      { trunks: [{ trunkId: 'T1', calls: 9, peakChannels: 30 }], numbers: [{ number: '4001000', calls: 9, outbound: 0 }] },
    ).filter((found) => !found.startsWith('named-duty')),
  ).toEqual([]);
});

test('a shift without a sign-in on its day is noted, one of today is not judged yet', () => {
  const shifts = [
    { key: 'S1', account: 'a1', on: '2026-11-20' },
    { key: 'S2', account: 'a1', on: '2026-11-21' },
    { key: 'S3', account: 'a1', on: today },
  ];
  const usage = { ...noUsage, seatDays: [{ account: 'a1', days: ['2026-11-21'] }] };
  const found = checkConsistency(file({ shifts }), usage, context);
  expect(found.filter(({ rule }) => rule === 'shift-without-sign-in').map(({ subject }) => subject)).toEqual(['S1']);
});

test('the number of a carrier owes no report and no fee, one that was assigned owes all three', () => {
  const late = { ...number, openingReportedOn: '', openedOn: '2025-03-01', yearlyReportYear: 2024, feePaidUntil: '2026-01-01' };
  const rules = ['opening-report', 'number-yearly-report', 'number-fee'];
  const found = (kind: string): string[] => [
    ...rulesOf({ numbers: [{ ...late, kind }] }, {}).filter((rule) => rules.some((one) => rule.startsWith(one))),
    ...dutiesOf(file({ numbers: [{ ...late, kind }] }), context).map(({ id, dueOn }) => `${id} ${dueOn}`),
  ];
  expect(found('400')).toEqual([]);
  expect(found('96')).toEqual([
    'opening-report 4001000',
    'number-yearly-report 4001000',
    'number-fee 4001000',
    'opening-4001000 2025-03-11',
    'number-fee-4001000 2026-01-01',
    'number-report-4001000-2026 2026-03-31',
  ]);
});

test('a change is due 30 days after the decision, or after the completed registration', () => {
  const change = { key: 'C1', decidedOn: '2026-11-01', registeredOn: '2026-11-20' };
  const due = (row: object): string[] =>
    dutiesOf(file({ changes: [{ ...change, ...row }] }), context).map(({ dueOn, basis }) => `${dueOn} ${basis}`);
  expect(due({ kind: 'shareholders' })).toEqual(['2026-12-01 《电信业务经营许可管理办法》第二十八条']);
  expect(due({ kind: 'capital' })).toEqual(['2026-12-20 《电信业务经营许可管理办法》第二十九条']);
  expect(due({ kind: 'capital', registeredOn: '' })).toEqual([]);
  expect(due({ kind: 'scope', filedOn: '2026-11-21' })).toEqual([]);
  expect(due({ kind: 'other' })).toEqual([]);
});

test('ten working days are counted from the day after', () => {
  expect(addWorkingDays('2026-11-02', 10, weekday)).toBe('2026-11-16');
});

test('duties: renewal 90 days before the end, the annual report until 31 March, grade 2 every two years', () => {
  const found = dutiesOf(
    file({
      licence: [licence],
      stages: [{ key: 'annual-report', endedOn: '2026-02-01' }],
      gradings: [{ key: 'G1', grade: 2, filedOn: '2024-01-01', conformityOn: '2024-11-01', riskOn: '2025-11-01' }],
    }),
    context,
  );
  const of = (id: string) => found.find((duty) => duty.id === id);
  expect(of('renewal')).toMatchObject({ dueOn: '2028-10-03', basis: '《电信业务经营许可管理办法》第二十七条' });
  expect(of('annual-report-2027')).toMatchObject({ dueOn: '2027-03-31', opensOn: '2027-01-01' });
  expect(of('conformity-G1')).toMatchObject({ dueOn: '2026-11-01', urgency: 'overdue' });
  expect(of('risk-G1')).toMatchObject({ dueOn: '2027-11-01', urgency: 'later' });
});

test('an annual report that was not made is overdue after 31 March', () => {
  expect(dutiesOf(file({ licence: [licence] }), context).find(({ id }) => id === 'annual-report-2026')).toMatchObject({
    urgency: 'overdue',
  });
});

test('the filing watch names what changed, and keeps the day on which it first saw it', () => {
  const found = compareWithFiling(
    { 'seats/1': '1 | 大厅 | PC-1 | 2024-01-01', 'seats/2': 'b', 'topology/x → y': 'SIP' },
    { 'seats/1': '1 | 大厅 | PC-9 | 2024-01-01 | 2026-11-20', 'seats/3': 'c' },
    { firstSeen: { 'seats/1': '2026-11-21' }, today, file: file({ seats: [] }), lines: [], say: context.say },
  );
  // Of the changed line, only the cells that differ.
  expect(found.map(({ filed, now }) => [filed, now])).toEqual([
    ['PC-1', 'PC-9 | 2026-11-20'],
    ['b', ''],
    ['', 'c'],
    ['SIP', ''],
  ]);
  expect(found.map(({ what, change, since, fileBy }) => [what, change, since, fileBy])).toEqual([
    ['seats 1', 'changed', '2026-11-21', ''],
    ['seats 2', 'removed', today, ''],
    ['seats 3', 'added', today, ''],
    ['网络拓扑 x → y', 'removed', today, today],
  ]);
});

test('a change of the company has the legal day of what was entered, and a new software version is no change', () => {
  const changes = [
    { key: 'C1', kind: 'capital', decidedOn: '2026-11-01', registeredOn: '2026-11-10' },
    { key: 'C2', kind: 'shareholders', decidedOn: '2026-11-05' },
  ];
  const of = (rows: (Record<string, unknown> & { key: string })[]) =>
    compareWithFiling(
      { 'company/a': 'x', 'shareholders/s': '60 %', 'equipment/e': '交换机 | S1 | ×2 | v1.2 | 机房' },
      { 'company/a': 'y', 'shareholders/s': '40 %', 'equipment/e': '交换机 | S1 | ×2 | 机房' },
      { firstSeen: {}, today, file: file({ changes: rows }), lines: [], say: context.say },
    ).map(({ subject, fileBy }) => [subject, fileBy]);
  expect(of(changes)).toEqual([
    ['company/a', '2026-12-10'],
    ['shareholders/s', '2026-12-05'],
  ]);
  expect(of([])).toEqual([
    ['company/a', ''],
    ['shareholders/s', ''],
  ]);
});

test('the self-check asks 1 million of a province and 10 million of the whole country', () => {
  const capital = (scope: 'provincial' | 'nationwide') =>
    selfCheck(file({ company: [{ key: 'X', name: '甲', capitalCny: 2_000_000 }] }), [], scope, context).conditions.find(
      ({ id }) => id === 'capital',
    );
  expect(capital('provincial')?.state).toBe('met');
  expect(capital('nationwide')).toMatchObject({ state: 'attention', missing: '还差 800 万元。' });
});

test('a material is ready when it is uploaded; a pledge only when it is signed: the system never signs', () => {
  const { materials } = applicationWorkspace(
    file({
      materials: [
        { key: 'articles', state: 'uploaded' },
        { key: 'pledge-outbound', state: 'uploaded' },
      ],
    }),
    say,
  );
  const state = (id: string) => materials.find((each) => each.id === id)?.state;
  expect([state('articles'), state('pledge-outbound'), state('capital')]).toEqual(['ready', 'to-sign', 'missing']);
});

test('a paper whose file was refused or withdrawn is missing, whatever its row says', () => {
  const scan = { attachmentId: 'a1', fileName: '章程.pdf', contentType: 'application/pdf', sizeBytes: 1, sha256: 'x' };
  const row = (key: string, state: string, files: LicenceRow['files'] = []): LicenceRow => ({ key, values: { state }, shown: [], files });
  const rows = [row('articles', 'uploaded'), row('premises', 'missing', [scan]), row('capital', 'not-needed')];
  const { materials } = applicationWorkspace({ materials: { title: { zh: '', en: '' }, columns: [], rows } }, say);
  const states = Object.fromEntries(materials.map(({ id, state }) => [id, state]));
  expect(states).toMatchObject({ articles: 'missing', premises: 'ready', capital: 'not-needed' });
});

test('an unconfirmed reading stands in every document until a person enters the answer', () => {
  const before = stillOpen(file({}), say);
  expect(stillOpen(file({ confirmations: [{ key: 'monthly-report', pointId: 'monthly-report' }] }), say)).toHaveLength(before.length - 1);
});
