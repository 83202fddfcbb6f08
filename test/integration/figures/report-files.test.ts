import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createReportForms } from '../../../services/figures/adapters/report-forms.js';
import { createSiteDays } from '../../../services/figures/adapters/site-days.js';
import { createSlots } from '../../../services/figures/adapters/slots.js';
import { createDailyReadings } from '../../../services/figures/daily/daily-limit.js';
import { createDailyLines } from '../../../services/figures/daily/daily-lines.js';
import { createReportFiles, type ReportRequest } from '../../../services/figures/files/report-file.js';
import { createReport } from '../../../services/figures/report.js';
import type { AnyFigureKey, FigureKey } from '../../../services/shared/domain/figures/registry.js';
import { WHOLE_CENTRE } from '../../../services/shared/platform/reach/reach.js';
import { systemClock } from '../../../services/shared/platform/processes/system-clock.js';
import { readWorkbook } from '../../support/read-workbook.js';

const days = createSiteDays('Asia/Shanghai');
const { span } = days.daysOf('2026-11-27', '2026-11-27');
const NAME = '=HYPERLINK("http://x","售后")';
const figures: readonly FigureKey[] = ['entered', 'answered', 'answerRate', 'asa', 'aht'];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'report-files-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Reports that are read and not yet made into a file. */
const held = { now: 0, most: 0 };
const render = createReportForms();

/** Three callers of one queue: two answered after 4 and 31 s, one gave up. */
const make = createReportFiles({
  readReport: async ({ by }) => {
    held.now += 1;
    held.most = Math.max(held.most, held.now);
    const report = createReport({ slotOf: () => ({ ...span, key: '' }), by, nowMs: span.untilMs, withStates: false });
    const facts = report.facts(span);
    const visit = {
      queueId: 'after-sales',
      enteredAt: new Date(span.fromMs + 60_000),
      thresholdMs: 20_000,
      called: '4001000',
      trunkId: 't1',
      clientUnit: undefined,
    };
    facts.addVisit({ ...visit, outcome: 'answered', waitMs: 4_000, agentId: 'a' });
    facts.addVisit({ ...visit, outcome: 'answered', waitMs: 31_000, agentId: 'a' });
    facts.addVisit({ ...visit, outcome: 'abandoned', waitMs: 9_000, agentId: undefined });
    return { report, sources: { sums: 0, revised: 0, addedLater: 0, countedMs: 0 } };
  },
  withDaily: createDailyLines({
    reads: {
      surveys: {
        async *batches() {
          yield ['after-sales', 'sales'].map((queueId) => ({ _id: queueId, callId: 'c', at: new Date(span.fromMs + 1), queueId }));
        },
      },
      proofCalls: { find: async () => [] },
      surveyAnswers: { find: async () => [{ _id: 'a', surveyId: 'sales', score: 5 }] },
      refusals: {
        batches() {
          throw new Error('the store is away');
        },
      },
    } as never,
    elementsOf: async () => [],
    readings: createDailyReadings(systemClock),
    ...{ zone: 'Asia/Shanghai', slotsOf: createSlots, now: () => new Date(span.untilMs) },
  }),
  reads: {
    queues: { find: async () => [{ _id: 'after-sales', name: { 'zh-CN': NAME, en: NAME } }] },
    accounts: { find: async () => [] },
  } as never,
  days,
  headingOf: async () => ({ company: '示例呼叫中心有限公司', licence: 'B2-20260001' }),
  render: (...sheet) => render(...sheet).finally(() => (held.now -= 1)),
  now: () => new Date(span.untilMs + 3_600_000),
});
const scope = { queues: [], sites: [], clientUnits: [] };
const asked = (form: ReportRequest['form'], language: ReportRequest['language'] = 'zh-CN') =>
  make(
    { from: '2026-11-27', to: '2026-11-27', interval: 'whole', by: 'queue', figures, form, language },
    { name: '王班长', scope, reach: WHOLE_CENTRE, withStates: false },
  );
async function saved(form: ReportRequest['form']): Promise<{ path: string; sha256: string }> {
  const { bytes, sha256, fileName } = await asked(form);
  const path = join(folder, fileName);
  await writeFile(path, bytes);
  return { path, sha256 };
}

test('a workbook has numbers as numbers, times as times, formulas with versions, and who made it of what', async () => {
  const { path, sha256 } = await saved('xlsx');
  const [report, formulas, about] = await readWorkbook(path);
  const [, row, total] = report?.rows ?? [];
  expect(report?.name).toBe('运营报表');
  // Start, queue, Q, H, answer rate with its parts, ASA with its parts, AHT without any.
  expect(row?.slice(0, 4).map(({ value }) => value)).toEqual(['全期', NAME, 3, 2]);
  expect(row?.[4]).toEqual({ value: expect.closeTo(2 / 3, 10) as unknown, format: '0.00%' });
  expect(row?.slice(5, 7).map(({ value }) => value)).toEqual([2, 3]);
  expect(row?.[7]).toEqual({ value: expect.closeTo(17.5 / 86_400, 10) as unknown, format: '[h]:mm:ss' });
  expect(row?.slice(8).map(({ value }) => value)).toEqual([35, 2, '—', 0, 0]);
  expect(total?.[2]?.value).toBe(3);
  expect(formulas?.rows.map((cells) => [cells[0]?.value, cells[4]?.value])).toContainEqual(['asa', '1']);
  const facts = Object.fromEntries((about?.rows ?? []).map(([label, value]): [string, unknown] => [String(label?.value), value?.value]));
  expect(facts).toMatchObject({
    统计期间: '2026-11-27 00:00 – 2026-11-28 00:00',
    数据范围: '全中心',
    生成人: '王班长',
    生成时间: '2026-11-28 01:00',
    '数据 SHA-256': sha256,
    核对: 'Q 3 = H 2 + A 1 + F 0 + C 0 + L 0 + W 0',
  });
});

test('a CSV begins with the mark, runs no formula, and its hash is the one that every form names', async () => {
  const { bytes, sha256 } = await asked('csv');
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
  expect((await asked('xlsx')).sha256).toBe(sha256);
  const text = Buffer.from(bytes).toString('utf8');
  expect(text.startsWith('\uFEFF开始时间,队列,')).toBe(true);
  expect(text).toContain(`全期,"'${NAME.replaceAll('"', '""')}",3,2,66.6666666667,2,3,17.5,35,2,,0,0\r\n`);
});

test('a file by team has a dash and the reason for figures of all callers, and says what has no team', async () => {
  const request = { from: '2026-11-27', to: '2026-11-27', interval: 'whole', by: 'team', form: 'xlsx', language: 'en' } as const;
  const asker = { name: 'Wang', scope, reach: WHOLE_CENTRE, withStates: false };
  const path = join(folder, 'teams.xlsx');
  await writeFile(path, (await make({ ...request, figures: ['answered', 'answerRate'] }, asker)).bytes);
  const [report, , about] = await readWorkbook(path);
  expect((report?.rows ?? []).slice(1).map((row) => row.slice(1).map(({ value }) => value))).toEqual([
    ['No team', 2, '—', '—', '—'],
    [null, 2, '—', '—', '—'],
  ]);
  const words = (about?.rows ?? []).flat().map(({ value }) => String(value));
  expect(words).toContain(
    'Answer rate: about all callers. A caller whom nobody answered belongs to no agent, so there is no such figure by agent or team.',
  );
  expect(words.some((text) => text.startsWith('Q ') || text.includes('Q = H'))).toBe(false);
});

test('figures of whole days stand beside the others, by queue where they can be told so, and what is missing says why', async () => {
  const daily: readonly AnyFigureKey[] = ['entered', 'surveyResponse', 'refusalToBlock', 'outage'];
  const asker = { name: '王班长', scope: { ...scope, queues: ['after-sales', 'sales'] }, reach: WHOLE_CENTRE, withStates: false };
  const request = { from: '2026-11-27', to: '2026-11-27', interval: 'whole', by: 'queue', figures: daily, language: 'zh-CN' } as const;
  const workbook = join(folder, 'daily.xlsx');
  await writeFile(workbook, (await make({ ...request, form: 'xlsx' }, { ...asker, scope })).bytes);
  const [report, formulas, about] = await readWorkbook(workbook);
  const cells = (report?.rows ?? []).slice(1).map((row) => row.slice(1).map(({ value }) => value));
  // Queue, Q, response with its parts, refusals with theirs, outage with its own.
  expect(cells).toEqual([
    [NAME, 3, 0, 0, 1, '—', '—', '—', '—', '—', '—'],
    ['sales', 0, 1, 1, 1, '—', '—', '—', '—', '—', '—'],
    // Without a proof call there is nothing to measure an outage by: 0 of 0.
    [null, 3, 0.5, 1, 2, '—', '—', '—', '—', 0, 0],
  ]);
  expect(formulas?.rows.map(([key]) => key?.value)).toContain('refusalToBlock');
  const said = (about?.rows ?? []).map((row) => String(row[1]?.value)).join('\n');
  expect(said).toMatch(/按键拒呼生效时长（均值）.*数据暂时无法读取/);
  expect(said).toMatch(/中断时长（拨测）/);
  // For a person with a scope, these figures are neither counted nor shown.
  await writeFile(workbook, (await make({ ...request, form: 'xlsx' }, asker)).bytes);
  const [, , aboutPart] = await readWorkbook(workbook);
  expect((aboutPart?.rows ?? []).map((row) => String(row[1]?.value)).join('\n')).toMatch(
    /按键拒呼生效时长（均值）、中断时长（拨测）：为全中心指标/,
  );
});

test('a PDF has its Chinese as text, the figures as the page shows them, and the hash', async () => {
  const { path, sha256 } = await saved('pdf');
  const { stdout } = await promisify(execFile)('pdftotext', ['-layout', path, '-']);
  const words = stdout.replace(/\s+/g, ' ');
  for (const text of ['运营报表', '示例呼叫中心有限公司', 'B2-20260001', '王班长', '66.67%', '17.50', '计算公式', '接通率', sha256])
    expect(words).toContain(text);
  const { stdout: fonts } = await promisify(execFile)('pdffonts', [path]);
  expect(fonts).toMatch(/NotoSansSC.* yes yes yes/);
});

test('of files that are asked for at once one is held at a time', async () => {
  held.most = 0;
  const made = await Promise.all(Array.from({ length: 4 }, () => asked('csv')));
  expect(new Set(made.map(({ sha256 }) => sha256)).size).toBe(1);
  expect(held.most).toBe(1);
});

test('what a form does not hold is refused with what it holds', async () => {
  const many = { from: '2026-11-27', to: '2026-11-27', interval: 'whole', by: 'all', form: 'pdf', language: 'en' } as const;
  const asker = { name: 'a', scope, reach: WHOLE_CENTRE, withStates: false };
  await expect(make({ ...many, figures: Array.from({ length: 15 }, () => 'entered' as const) }, asker)).rejects.toMatchObject({
    code: 'too-large',
    details: { limit: 'pdf-figures', most: 14 },
  });
});

test('a file that compares today says that today is not over', async () => {
  const request = { from: '2026-11-27', to: '2026-11-28', interval: 'whole', by: 'all', form: 'xlsx', language: 'en' } as const;
  const path = join(folder, 'compared.xlsx');
  const asker = { name: 'Wang', scope, reach: WHOLE_CENTRE, withStates: false };
  const noteIn = async (to: string): Promise<boolean> => {
    await writeFile(path, (await make({ ...request, to, compare: 'weekday', figures: ['answered'] }, asker)).bytes);
    const [, , about] = await readWorkbook(path);
    return (about?.rows ?? []).flat().some(({ value }) => String(value).startsWith('Today is not over'));
  };
  expect([await noteIn('2026-11-27'), await noteIn('2026-11-28')]).toEqual([false, true]);
});
