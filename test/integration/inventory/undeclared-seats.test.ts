import { expect, test } from '@jest/globals';
import { speak } from '../../../services/shared/domain/language.js';
import type { LicenceFile, LicenceRow } from '../../../services/shared/domain/licence/licence-file.js';
import type { ProbeRow } from '../../../services/shared/domain/licence/probe-row.js';
import { reconcileEquipment } from '../../../services/inventory/equipment.js';
import { compareWithFiling, presentState } from '../../../services/evidence/checks/filing.js';

const today = '2026-11-25';
const say = speak('zh-CN');
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
