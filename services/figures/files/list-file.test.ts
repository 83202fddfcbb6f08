import { expect, test } from '@jest/globals';
import { createSiteDays } from '../adapters/site-days.js';
import { statesContent } from '../lists/list-contents.js';
import { createListFiles } from './list-file.js';
import { shownCell, type ReportSheet } from './report-sheet.js';

const T0 = Date.parse('2026-11-28T01:00:05Z');

/** The sheet that a file of these states is made of. */
async function sheetOf(language: 'zh-CN' | 'en', reasons: readonly (string | undefined)[]): Promise<ReportSheet> {
  const sheets: ReportSheet[] = [];
  const make = createListFiles({
    reads: { accounts: { find: async () => [] }, queues: { find: async () => [] } } as never,
    days: createSiteDays('Asia/Shanghai'),
    breakReasons: async () => [{ id: 'lunch', name: { 'zh-CN': '用餐', en: 'Meal' } }],
    headingOf: async () => ({ company: '', licence: '' }),
    render: async (sheet) => {
      sheets.push(sheet);
      return { bytes: new Uint8Array(), sha256: '' };
    },
    now: () => new Date(T0),
  });
  const tiles = reasons.map((reason) => ({ fromMs: T0, untilMs: T0 + 83_900, state: 'break', reason, callId: null, isOpen: false }));
  await make({
    list: 'agent-states',
    request: { from: '2026-11-28', to: '2026-11-28', form: 'pdf', language },
    asker: { name: 'u', scope: { queues: [], sites: [], clientUnits: [] } },
    read: async (names) => statesContent([{ agentId: 'a1', tiles }] as never, names),
  });
  return sheets[0] ?? Promise.reject(new Error('no file was made'));
}

test('a list is printed as its page shows it: moments with seconds, lengths by the clock, reasons in words', async () => {
  const { columns, rows } = await sheetOf('zh-CN', ['lunch', 'by-supervisor', undefined, 'an own reason']);
  const shown = rows.map((row) => row.map((cell, place) => shownCell(cell, columns[place]?.kind ?? 'text')));
  expect(shown[0]).toEqual(['a1', '2026-11-28 09:00:05', '2026-11-28 09:01:28', '1:23', '小休', '用餐']);
  expect(shown.map((row) => row.at(-1))).toEqual(['用餐', '由班长设置', '', 'an own reason']);
  expect((await sheetOf('en', ['lunch'])).rows[0]?.at(-1)).toBe('Meal');
});
