import { expect, test } from '@jest/globals';
import { speak } from '../../shared/domain/language.js';
import type { LicenceFile, LicenceRow } from '../../shared/domain/licence/licence-file.js';
import { reconcileEquipment } from '../inventory/equipment.js';
import type { ProbeRow } from '../../shared/domain/licence/probe-row.js';
import { addWorkingDays } from '../../shared/domain/time/calendar-date.js';
import { applicationWorkspace } from './application.js';
import { checkConsistency } from './consistency.js';
import { dutiesOf } from './duties.js';
import { compareWithFiling, presentState } from './filing.js';
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

const seatOf = (account: string, more: Record<string, string> = {}): ProbeRow => ({
  ...host,
  probe: 'seats',
  subject: `seat:0191-${account}`,
  kind: 'seat',
  facts: { agentId: `0191-${account}`, account, person: '', firstSeenOn: '2026-11-20', address: '10.0.9.1', ...more },
});

test.each([
  ['zh-CN', '坐席终端（未登记）：王伟（wang.wei），2026-11-20 首次登录；坐席 101（li.na）'],
  ['en', 'Seat terminals (not declared): 王伟 (wang.wei), first seen 2026-11-20; seat 101 (li.na)'],
] as const)('seats that were used and not declared are named by who sits there, in %s', (language, words) => {
  const said = speak(language);
  const registers = file({ seats: [{ key: '101', agentAccount: 'li.na', usedUntil: '' }] });
  const probes = [seatOf('li.na'), seatOf('wang.wei', { person: '王伟' })];
  const equipment = reconcileEquipment(registers, probes, said);
  const present = presentState(registers, equipment, { nodes: [], edges: [], frames: [], findings: [] });
  const [found] = compareWithFiling(
    {},
    { ...present, 'seats/101': '' },
    { firstSeen: {}, today, file: registers, lines: equipment.lines, say: said },
  );
  expect(found).toMatchObject({ subject: 'equipment/seats:', what: words, change: 'added' });
  expect(JSON.stringify(found)).not.toContain('0191-');
  // The probe row behind it is still found by its id.
  expect(equipment.lines[0]?.seenBy?.subject).toBe('seat:0191-wang.wei');
});

test('another person at an undeclared seat is no new difference, and one seat more is', () => {
  const state = (...accounts: string[]) =>
    presentState(
      file({}),
      reconcileEquipment(
        file({}),
        accounts.map((account) => seatOf(account)),
        say,
      ),
      {
        nodes: [],
        edges: [],
        frames: [],
        findings: [],
      },
    );
  const watch = { firstSeen: {}, today, file: file({}), lines: [], say };
  expect(compareWithFiling(state('li.na'), state('wang.wei'), watch)).toEqual([]);
  expect(compareWithFiling({ 'equipment/seat:0191-old': '×1' }, {}, watch)).toMatchObject([
    { what: '坐席终端（未登记）', change: 'removed' },
  ]);
  expect(compareWithFiling(state('li.na'), state('li.na', 'wang.wei'), watch)).toMatchObject([
    { what: '坐席终端（未登记）', change: 'changed', filed: '×1', now: '×2' },
  ]);
});

test('many seats are counted, three of them named', () => {
  const { lines } = reconcileEquipment(
    file({}),
    ['a', 'b', 'c', 'd', 'e'].map((account) => seatOf(account)),
    speak('en'),
  );
  expect(lines.map(({ asset }) => asset)).toEqual([
    'a, first seen 2026-11-20; b, first seen 2026-11-20; c, first seen 2026-11-20 and 2 more',
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

const host: ProbeRow = {
  at: new Date(0),
  probe: 'host',
  outcome: 'answered',
  durationMs: 1,
  subject: 'host:cc',
  kind: 'host',
  facts: { hostname: 'cc', addresses: ['10.0.0.1'] },
  raw: '',
  rawSha256: '',
};

test('equipment: what is seen but not declared, and what is declared but silent', () => {
  const declared = { key: 'SRV', name: '服务器', category: 'application', quantity: 1, siteId: 'S', state: 'in-use' };
  const sites = [{ key: 'S', kind: 'machine-room' }];
  const standing = (equipment: Record<string, unknown>[]): string[] =>
    reconcileEquipment(file({ sites, equipment }), [host], say).lines.map((line) => `${line.asset} ${line.standing}`);
  expect(standing([])).toEqual(['host:cc seen-not-declared']);
  expect(standing([{ ...declared, address: '10.0.0.1' }])).toEqual(['SRV matched']);
  expect(standing([{ ...declared, probed: 'host:other' }])).toEqual(['SRV declared-silent', 'host:cc seen-not-declared']);
  expect(standing([{ ...declared, category: 'power' }])).toContain('SRV by-hand');
});

test('equipment: every machine of a cluster, and its parts that stand by, is a line of its own at its own site', () => {
  const sites = [
    { key: 'A', kind: 'machine-room', networks: ['10.0.0.0/24'] },
    { key: 'B', kind: 'machine-room', networks: ['10.9.0.0/24'] },
  ];
  const other = { ...host, probe: 'machines', subject: 'host:cc-02', facts: { hostname: 'cc-02', addresses: ['10.9.0.2'] } };
  const process = (name: string, more: ProbeRow['facts'] = {}): ProbeRow => ({
    ...{ ...host, kind: 'process', subject: `process:${name}` },
    facts: { name, process: name, version: '1', ...more },
  });
  const relay = (address: string): ProbeRow => ({
    ...host,
    probe: 'relay',
    kind: 'relay',
    subject: `relay:${address}:22222`,
    facts: { address, name: 'rtpengine' },
  });
  const probes = [
    host,
    other,
    process('telephony'),
    process('telephony@cc-02', { host: 'cc-02' }),
    ...['10.0.0.1', '10.9.0.2', '10.9.0.3'].map(relay),
  ];
  const declared = {
    key: 'SRV-2',
    name: '备用服务器',
    category: 'application',
    quantity: 1,
    siteId: 'B',
    state: 'in-use',
    probed: 'host:cc-02',
  };
  const linesOf = (equipment: Record<string, unknown>[], seen: readonly ProbeRow[]): string[] =>
    reconcileEquipment(file({ sites, equipment }), seen, say).lines.map(({ name, asset, siteId, quantity, standing }) =>
      [name, asset, siteId, quantity, standing].join(' '),
    );
  expect(linesOf([declared], probes)).toEqual([
    '备用服务器 SRV-2 B 1 matched',
    '服务器 host:cc A 1 seen-not-declared',
    '服务器 host:10.9.0.3 B 1 seen-not-declared',
    '媒体网关 relay:10.0.0.1:22222 A 1 matched',
    '媒体网关（cc-02） relay:10.9.0.2:22222 B 1 matched',
    '媒体网关（10.9.0.3） relay:10.9.0.3:22222 B 1 matched',
    '呼叫控制与 IVR process:telephony A 1 matched',
    '呼叫控制与 IVR（cc-02） process:telephony@cc-02 B 1 matched',
  ]);
  // A machine that no longer reports is silent.
  expect(linesOf([declared], [host, process('telephony')])[0]).toBe('备用服务器 SRV-2 B 1 declared-silent');
});
