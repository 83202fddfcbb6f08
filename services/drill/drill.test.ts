import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { speak } from '../shared/domain/language.js';
import type { LicenceFile } from '../shared/domain/licence/licence-file.js';
import { answer, drawItems, drillTopics, DRAWN, endOf, verdictOf, type Drill, type DrillPool, type DrillTopic } from './drill.js';
import { registerPools } from './drill-pools.js';
import { drillReport } from './drill-report.js';

const poolOf = (topic: string, count: number): DrillPool => ({
  count,
  at: async (place) => ({ subject: `${topic}-${place}`, label: `${topic} ${place}`, gaps: [] }),
});
const poolsOf = (counts: Partial<Record<DrillTopic, number>>): Record<DrillTopic, DrillPool> =>
  Object.fromEntries(drillTopics.map((topic) => [topic, poolOf(topic, counts[topic] ?? 0)])) as Record<DrillTopic, DrillPool>;

test('the same seed draws the same, each item once, and one call more moves nothing of the registers', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ minLength: 1, maxLength: 20 }), fc.integer({ min: 0, max: 12 }), async (seed, count) => {
      const counts = Object.fromEntries(drillTopics.map((topic) => [topic, count]));
      const items = await drawItems(seed, poolsOf(counts));
      expect(await drawItems(seed, poolsOf(counts))).toEqual(items);
      expect(new Set(items.map(({ subject }) => subject)).size).toBe(items.length);
      expect(items.map(({ number }) => number)).toEqual(items.map((_item, i) => i + 1));
      for (const topic of drillTopics) expect(items.filter((item) => item.topic === topic)).toHaveLength(Math.min(DRAWN[topic], count));
      const subjects = (of: typeof items): string[] => of.filter(({ topic }) => topic !== 'call').map(({ subject }) => subject);
      expect(subjects(await drawItems(seed, poolsOf({ ...counts, call: count + 1 })))).toEqual(subjects(items));
    }),
  );
});

test('over the seeds every call of a hundred is drawn', async () => {
  const seen = new Set<string>();
  for (let seed = 0; seed < 300; seed += 1)
    for (const { subject } of await drawItems(String(seed), poolsOf({ call: 100 }))) seen.add(subject);
  expect(seen.size).toBe(100);
});

const startedAt = new Date('2026-11-28T01:00:00Z');
const at = (minutes: number): Date => new Date(startedAt.getTime() + minutes * 60_000);
const drill: Drill = {
  drillId: 'MN-20261128-01',
  seed: '4711',
  seedFrom: 'outside',
  startedAt,
  dueAt: at(30),
  by: 'officer',
  drawnFrom: { call: 1, consent: 1, seat: 1, staff: 0, device: 0, rule: 0 },
  items: [
    { number: 1, topic: 'call', subject: 'c1', label: '138****0001 → 4001', gaps: [], answers: [] },
    { number: 2, topic: 'consent', subject: 'k1', label: '139****0002', gaps: ['no-original'], answers: [] },
    { number: 3, topic: 'seat', subject: 'S01', label: 'S01', gaps: [], answers: [] },
  ],
  revision: 1,
};
const given = (shown: boolean, minutes: number, note = '') => ({ shown, note, by: 'officer', at: at(minutes) });
function answered(of: Drill, number: number, ...[shown, minutes, note]: Parameters<typeof given>): Drill {
  const verdict = answer(of, number, given(shown, minutes, note));
  if ('refused' in verdict) throw new Error(verdict.refused);
  return verdict.drill;
}

test('answers count while the clock runs; none is edited away, and what was not shown needs its reason', () => {
  const once = answered(drill, 1, false, 5, 'nobody has the key');
  const twice = answered(once, 1, true, 10);
  expect(twice.items[0]?.answers.map(({ shown }) => shown)).toEqual([false, true]);
  expect(verdictOf(twice.items[0]!, false)).toBe('shown');
  expect(answer(drill, 1, given(true, 30))).toEqual({ refused: 'over' });
  expect(answer({ ...drill, endedAt: at(3) }, 1, given(true, 4))).toEqual({ refused: 'over' });
  expect(answer(drill, 9, given(true, 1))).toEqual({ refused: 'no-such-item' });
  expect(answer(drill, 1, given(false, 1, ' '))).toEqual({ refused: 'note-missing' });
});

test('what the system misses is missed whatever is said, and what nobody answered is missed when the time is over', () => {
  const shown = answered(answered(drill, 1, true, 1), 2, true, 2);
  expect(shown.items.map((item) => verdictOf(item, false))).toEqual(['shown', 'missed', 'open']);
  expect(shown.items.map((item) => verdictOf(item, true))).toEqual(['shown', 'missed', 'missed']);
  expect(endOf(shown, at(29))).toBeUndefined();
  expect(endOf(shown, at(31))).toEqual(at(30));
});

test('misses become the rectification report, in words', () => {
  const shown = answered(answered(answered(drill, 1, true, 1), 2, true, 2), 3, false, 3, '终端已送修');
  const report = JSON.stringify(drillReport(shown, '示例公司', 'Asia/Shanghai', at(40), speak('zh-CN')).blocks);
  for (const words of ['139****0002', '没有上传同意凭证原件', '终端已送修', '4711', '2026-11-28 09:30', '由演练发起人录入'])
    expect(report).toContain(words);
  // Nothing was inspected in an empty register, so it does not count as clean.
  expect(report).toContain('未作检查：人员、设备、管理制度。');
  const clean = drillReport({ ...shown, items: shown.items.slice(0, 1) }, '示例公司', 'Asia/Shanghai', at(40), speak('zh-CN'));
  expect(JSON.stringify(clean.blocks)).toContain('未发现问题');
});

test('the registers say what is missing at a seat, a person, a device and a rule', async () => {
  const rows = (...values: readonly (Record<string, unknown> & { key: string; files?: unknown[] })[]) => ({
    title: { zh: '', en: '' },
    columns: [],
    rows: values.map(({ key, files, ...rest }) => ({ key, values: rest, shown: [], ...(files === undefined ? {} : { files }) })),
  });
  const file = {
    sites: rows({ key: 'BJ1' }),
    equipment: rows({ key: 'A1' }, { key: 'A2' }),
    seats: rows(
      { key: 'S1', siteId: 'BJ1', agentAccount: 'a1', terminalAsset: 'T1' },
      { key: 'S2', siteId: 'XX' },
      { key: 'S3', siteId: 'BJ1', usedUntil: '2026-01-01' },
    ),
    staff: rows(
      { key: '1', name: '甲', contractUntil: '2027-01-01', confidentialityOn: '2026-01-01' },
      { key: '2', name: '乙', contractUntil: '2026-01-01' },
      { key: '3', name: '丙', leftOn: '2026-02-01' },
    ),
    trainings: rows(
      { key: 'T', subject: 'anti-fraud', on: '2026-05-01', attendees: ['1'] },
      { key: 'U', subject: 'service', on: '2026-05-01', attendees: ['2'] },
    ),
    rules: rows(
      { key: 'R1', title: '制度', version: '1', approvedOn: '2024-01-01' },
      { key: 'R2', title: '制度', version: '1', approvedOn: '2024-01-01', reviewedOn: '2026-06-01', files: [{}] },
    ),
  } as unknown as LicenceFile;
  const equipment = [
    { node: 'N1', name: 'PBX', asset: 'A1', place: 'room', standing: 'matched' as const },
    { node: 'N2', name: 'gateway', asset: 'A2', place: '', standing: 'declared-silent' as const },
    { node: 'N3', name: 'stranger', asset: '10.0.0.9', place: '', standing: 'seen-not-declared' as const },
    { node: 'N4', name: 'process', asset: 'process:cases', place: '', standing: 'matched' as const },
  ];
  const pools = registerPools(file, equipment, '2026-11-28');
  const all = async (pool: DrillPool) => Promise.all(Array.from({ length: pool.count }, async (_, place) => (await pool.at(place))?.gaps));
  expect(await all(pools.seat)).toEqual([[], ['no-site', 'no-account', 'no-terminal']]);
  expect(await all(pools.staff)).toEqual([[], ['contract-over', 'no-confidentiality', 'no-anti-fraud']]);
  expect(await all(pools.device)).toEqual([[], ['not-seen']]);
  expect(await all(pools.rule)).toEqual([['no-file', 'review-overdue'], []]);
});
