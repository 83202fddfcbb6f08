import { describe, expect, test } from '@jest/globals';
import { caseKinds } from '../../shared/domain/licence/licence-case.js';
import { speak } from '../../shared/domain/language.js';
import type { LicenceFile, LicenceRow, RowFile } from '../../shared/domain/licence/licence-file.js';
import { caseRules } from './case-rules.js';
import { casesDue } from './cases-due.js';
import { authorityOf, casesOf, showCase, type ShownCase } from './licence-case.js';

const say = speak('zh-CN');
const context = { today: '2026-11-28', say, selfChecks: [] };

function file(registers: Record<string, (Record<string, unknown> & { files?: RowFile[] })[]>): LicenceFile {
  return Object.fromEntries(
    Object.entries(registers).map(([name, rows]) => [
      name,
      {
        title: { zh: name, en: name },
        columns: [],
        rows: rows.map(({ files, ...values }): LicenceRow => ({
          key: String(values['key']),
          values,
          shown: [],
          ...(files === undefined ? {} : { files }),
        })),
      },
    ]),
  );
}
const scan = (item?: string): RowFile => ({
  ...{ attachmentId: 'a1', fileName: '扫描.pdf', contentType: 'application/pdf', sizeBytes: 1, sha256: 'x' },
  ...(item === undefined ? {} : { item }),
});
const shown = (registers: Parameters<typeof file>[0]): ShownCase => {
  const whole = file(registers);
  const [of] = casesOf(whole);
  if (of === undefined) throw new Error('no case');
  return showCase(of, whole, context);
};
const stateOf = (of: ShownCase, id: string): string | undefined => of.items.find((item) => item.id === id)?.state;

test('no material stands twice in a kind of case', () => {
  for (const kind of caseKinds) {
    const ids = caseRules[kind].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  }
});

describe('the day of a case runs from the date that the law names', () => {
  const licence = { key: '京B2-1', validUntil: '2027-03-31' };
  test('a renewal 90 days before the licence ends', () => {
    const of = shown({ licence: [licence], cases: [{ key: 'R', kind: 'renewal', scope: 'provincial', openedOn: '2026-11-01' }] });
    expect(of).toMatchObject({ dueOn: '2026-12-31', urgency: 'soon' });
    expect(of.basis).toContain('第二十七条');
  });

  test('a change of shareholders 30 days from the decision, of the name from the registration; the earlier counts', () => {
    const cases = [{ key: 'C', kind: 'change', scope: 'provincial', openedOn: '2026-11-01', changes: ['1', '2'] }];
    const changes = [
      { key: '1', kind: 'shareholders', decidedOn: '2026-11-10' },
      { key: '2', kind: 'name', decidedOn: '2026-10-01', registeredOn: '2026-11-20' },
      { key: '3', kind: 'capital', registeredOn: '2026-10-01' },
    ];
    const of = shown({ licence: [licence], changes, cases });
    expect(of.dueOn).toBe('2026-12-10');
    const filed = changes.map((change) => ({ ...change, filedOn: '2026-11-25' }));
    expect(shown({ licence: [licence], changes: filed, cases })).toMatchObject({ dueOn: '2026-12-10', dueWords: of.dueWords });
    const first = changes.map((change) => (change.key === '1' ? { ...change, filedOn: '2026-11-25' } : change));
    expect(shown({ licence: [licence], changes: first, cases })).toMatchObject({ dueOn: '2026-12-20' });
    expect(of.items.map(({ id }) => id)).toContain('shareholding');
    expect(of.items.map(({ id }) => id)).not.toContain('identity-papers');
    expect(shown({ cases, changes: [{ key: '1', kind: 'name', decidedOn: '2026-11-10' }] })).toMatchObject({ dueOn: '' });
  });

  test('a case that names no changes has those of its time', () => {
    const change = { key: '1', kind: 'shareholders', decidedOn: '2026-11-10' };
    const changesOf = (filedOn: string, closedOn: string): readonly unknown[] =>
      casesOf(
        file({
          changes: [{ ...change, filedOn }],
          cases: [{ key: 'C', kind: 'change', scope: 'provincial', openedOn: '2026-11-12', closedOn }],
        }),
      ).flatMap((of) => of.changes);
    expect(changesOf('', '')).toHaveLength(1);
    expect(changesOf('2026-11-25', '')).toHaveLength(1);
    expect(changesOf('2026-11-25', '2026-12-20')).toHaveLength(1);
    expect(changesOf('2026-11-11', '')).toHaveLength(0);
    // A change that is decided after a case was closed belongs to another case.
    expect(changesOf('', '2026-11-20')).toHaveLength(0);
  });

  test('a first application needs no licence; the decision is due 60 days after acceptance', () => {
    const of = shown({
      cases: [{ key: 'A', kind: 'application', scope: 'provincial', province: '河南', openedOn: '2026-11-01', acceptedOn: '2026-11-20' }],
    });
    expect(of).toMatchObject({ authority: '河南省通信管理局', dueOn: '2026-12-01' });
    expect(of.steps.find(({ id }) => id === 'decide')).toMatchObject({ dueOn: '2027-01-19', state: 'open' });
  });

  test('an annual report until 31 March of the next year, an inspection on its day', () => {
    const annual = { key: 'N', kind: 'annual-report', scope: 'provincial', openedOn: '2026-11-01', year: 2025 };
    expect(shown({ cases: [annual] })).toMatchObject({ dueOn: '2026-03-31', urgency: 'overdue' });
    // A mistyped year counts as no year and does not keep other cases from being shown.
    expect(shown({ cases: [{ ...annual, year: 20_255 }] })).toMatchObject({ dueOn: '', year: 0 });
    const visit = { key: 'J', kind: 'inspection', scope: 'provincial', openedOn: '2026-11-01', visitOn: '2026-12-01' };
    const of = shown({ cases: [visit] });
    expect(of).toMatchObject({ dueOn: '2026-12-01', urgency: 'urgent' });
    // Planned, but not held yet.
    expect(of.steps.find(({ id }) => id === 'hold')?.state).not.toBe('done');
    // Nobody has asked for a rectification before the visit, and no signature is due.
    expect(stateOf(of, 'rectification')).toBe('not-needed');
    expect(stateOf(shown({ cases: [{ ...visit, correctionsOn: '2026-12-02' }] }), 'rectification')).toBe('to-sign');
  });
});

test('to whom a case is addressed', () => {
  expect(authorityOf('nationwide', '', say)).toBe('工业和信息化部');
  expect(authorityOf('provincial', '重庆', say)).toBe('重庆市通信管理局');
  expect(authorityOf('provincial', '新疆', say)).toBe('新疆维吾尔自治区通信管理局');
});

test('a form that states the 24 h phone is not complete without it', () => {
  const company = { key: 'X', name: '示例公司', legalRepresentative: '示例甲' };
  const rows = { cases: [{ key: 'R', kind: 'renewal', scope: 'provincial', openedOn: '2026-11-01' }], licence: [{ key: '京B2-1' }] };
  const formOf = (more: object): ShownCase['items'][number] | undefined =>
    shown({ ...rows, company: [{ ...company, ...more }] }).items.find(({ id }) => id === 'renewal-form');
  expect(formOf({})).toMatchObject({ state: 'incomplete', gaps: ['“公司”台账缺24小时应急电话'] });
  expect(formOf({ emergencyPhone: '01000000001' })).toMatchObject({ state: 'to-sign', gaps: [] });
});

describe('a material is ready', () => {
  const row = { key: 'A', kind: 'application', scope: 'provincial', province: '北京', openedOn: '2026-11-01' };
  test('only with its file, whatever a row says', () => {
    const claimed = [{ key: 'articles', state: 'uploaded' }];
    expect(stateOf(shown({ cases: [row], materials: claimed }), 'articles')).toBe('missing');
    expect(stateOf(shown({ cases: [row], materials: [{ key: 'articles', files: [scan()] }] }), 'articles')).toBe('ready');
  });

  test('no longer when the paper has run out', () => {
    const paper = { key: 'articles', files: [scan()] };
    expect(stateOf(shown({ cases: [row], materials: [{ ...paper, validUntil: '2026-11-28' }] }), 'articles')).toBe('ready');
    const out = { cases: [row], materials: [{ ...paper, validUntil: '2026-11-27' }] };
    expect(stateOf(shown(out), 'articles')).toBe('incomplete');
    // The case has a newer scan of its own.
    expect(stateOf(shown({ ...out, cases: [{ ...row, files: [scan('articles')] }] }), 'articles')).toBe('ready');
  });

  test('of an annual report only with the revenue, which may be 0', () => {
    const registers = { licence: [{ key: 'L' }], company: [{ key: 'c' }], sites: [{ key: 's' }], staff: [{ key: 'p' }] };
    const annual = { key: 'N', kind: 'annual-report', scope: 'provincial', openedOn: '2026-11-01', year: 2025 };
    expect(stateOf(shown({ ...registers, cases: [annual] }), 'annual-report')).toBe('incomplete');
    expect(stateOf(shown({ ...registers, cases: [{ ...annual, revenueCny: 0 }] }), 'annual-report')).toBe('ready');
  });

  test('when it is signed: with the scan, of this case', () => {
    expect(stateOf(shown({ cases: [row] }), 'pledge-service')).toBe('to-sign');
    expect(stateOf(shown({ cases: [{ ...row, files: [scan('pledge-service')] }] }), 'pledge-service')).toBe('ready');
    expect(stateOf(shown({ cases: [{ ...row, files: [scan('pledge-lawful')] }] }), 'pledge-service')).toBe('to-sign');
  });

  test('when the system makes it: with every register that it is made from, and the conditions met', () => {
    const equipment = [{ key: '1' }];
    expect(stateOf(shown({ cases: [row] }), 'equipment')).toBe('incomplete');
    expect(stateOf(shown({ cases: [row], equipment }), 'equipment')).toBe('ready');
    const replaced = shown({ cases: [{ ...row, files: [scan('equipment')] }], equipment });
    expect(replaced.items.find(({ id }) => id === 'equipment')?.files).toEqual([]);
    const whole = file({ cases: [row], equipment });
    const [of] = casesOf(whole);
    const condition = { id: 'equipment', title: '设备', state: 'missing', evidence: '', missing: '补登记', basis: '' } as const;
    const checked = of && showCase(of, whole, { ...context, selfChecks: [{ scope: 'provincial', conditions: [condition], met: 0 }] });
    expect(checked?.items.find(({ id }) => id === 'equipment')).toMatchObject({ state: 'incomplete', gaps: ['设备：补登记'] });
  });

  test('the share chart when it ends at persons or the state', () => {
    const holders = [
      { key: '甲', name: '甲', kind: 'person', sharePercent: 60 },
      { key: '乙公司', name: '乙公司', kind: 'company', sharePercent: 40 },
    ];
    expect(stateOf(shown({ cases: [row], shareholders: holders }), 'shareholding')).toBe('incomplete');
    const whole = [...holders, { key: '丙', name: '丙', kind: 'person', sharePercent: 100, of: '乙公司' }];
    expect(stateOf(shown({ cases: [row], shareholders: whole }), 'shareholding')).toBe('ready');
  });

  test('as not needed only where the rule allows it', () => {
    const of = shown({ cases: [{ ...row, notNeeded: ['grading', 'articles'] }] });
    expect([stateOf(of, 'grading'), stateOf(of, 'articles')]).toEqual(['not-needed', 'missing']);
  });
});

test('cases that ought to be opened are named, and no more once they are', () => {
  const licence = [{ key: '京B2-1', validUntil: '2027-03-31', issuedOn: '2022-01-01' }];
  const changes = [{ key: '1', kind: 'shareholders', decidedOn: '2026-11-10' }];
  const dueOf = (registers: Parameters<typeof file>[0], today = '2026-02-01', filed: readonly number[] = []): string[] =>
    casesDue(casesOf(file(registers)), file(registers), filed, { today, say }).map(({ kind, year }) =>
      year === 0 ? kind : `${kind} ${year}`,
    );
  expect(dueOf({})).toEqual(['application']);
  expect(dueOf({ licence, changes })).toEqual(['annual-report 2025', 'change']);
  // A report that nobody filed is still due after 31 March.
  expect(dueOf({ licence }, '2026-11-28')).toEqual(['renewal', 'annual-report 2025']);
  expect(dueOf({ licence }, '2026-11-28', [2025])).toEqual(['renewal']);
  const cases = [
    { key: 'R', kind: 'renewal', scope: 'provincial', openedOn: '2026-11-01' },
    { key: 'C', kind: 'change', scope: 'provincial', openedOn: '2026-11-01', changes: ['1'] },
  ];
  expect(dueOf({ licence, changes, cases }, '2026-11-28')).toEqual(['annual-report 2025']);
  const reported = [...cases, { key: 'N', kind: 'annual-report', scope: 'provincial', openedOn: '2026-11-01', year: 2025 }];
  expect(dueOf({ licence, changes, cases: reported }, '2026-11-28')).toEqual([]);
});
