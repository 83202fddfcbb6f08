import { expect, test } from '@jest/globals';
import { speak } from '../../shared/domain/language.js';
import { openClockLine } from '../documents/clock-lines.js';
import { clockJumpsFrom, jumpsDiffer, type ClockJumps } from './clock-jumps.js';

const jump = (hour: number, byMs = -3_600_000) => ({ at: `2026-10-05T0${hour}:00:00.000Z`, byMs });
const row = (number: number, hour: number, byMs?: number) => ({ number, ...jump(hour, byMs) });
const jumps = (of: Partial<ClockJumps>): ClockJumps => ({ after: 0, open: [], audited: [], ...of });
const sheet = (of: readonly object[], moreJumps = 0) => ({ clock: { source: 'chrony', jumps: of, moreJumps } });

test('a pack has the rows of the audit log since the sheet before its period, and those of open jumps', async () => {
  const audited = [row(3, 1), row(8, 2), row(12, 3), row(14, 4)];
  // The second was written into the audit log after its sheet was begun; the first is open again, because its sheet was not noted.
  const openJumps = async () => ({ open: [jump(1), jump(4)], after: 7, carried: [jump(2)] });
  expect(await clockJumpsFrom('2026-10-05', { auditedJumps: async () => audited, openJumps })).toEqual({
    ...{ after: 7, open: [jump(1), jump(4)] },
    audited: [row(3, 1), row(12, 3), row(14, 4)],
  });
});

test.each([
  ['every jump is in both', { open: [jump(1)], audited: [row(3, 1)] }, [], [0, 0]],
  ['a sheet carries the jump meanwhile', { audited: [row(3, 1)] }, [sheet([jump(1)])], [0, 0]],
  ['a sheet counts it without listing it', { audited: [row(3, 1)] }, [sheet([], 1)], [0, 0]],
  ['sheets of before say nothing of the clock', { open: [jump(1)], audited: [row(3, 1)] }, [{}], [0, 0]],
  ['the audit log is still owed the jump', { open: [{ ...jump(1), isOwed: true as const }] }, [], [0, 0]],
  ['the audit log has it twice', { open: [jump(1)], audited: [row(3, 1), row(4, 1)] }, [], [0, 0]],
  ['it was deleted before its day was sealed', { audited: [row(3, 1)] }, [], [1, 0]],
  ['it was deleted, and the day was sealed since', { audited: [row(3, 1)] }, [sheet([jump(2)])], [1, 0]],
  ['it was made smaller', { open: [jump(1, -1_200)], audited: [row(3, 1)] }, [], [1, 1]],
  ['it was made up', { open: [jump(1)] }, [], [0, 1]],
] as const)('%s', (_name, of, sheets, [removed, unaudited]) => {
  const found = jumpsDiffer(jumps(of), sheets);
  expect([found.removed.length, found.unaudited.length]).toEqual([removed, unaudited]);
});

test('the first page says how often the clock jumped on days that are not sealed, and that the audit log disagrees', () => {
  const line = (of: Partial<ClockJumps>, language: 'zh-CN' | 'en') => openClockLine({ clockJumps: jumps(of), sheets: [] }, speak(language));
  const honest = { open: [jump(1), jump(2)], audited: [row(3, 1), row(4, 2)] };
  expect(line({}, 'zh-CN')).toBe('没有尚未封存的时钟跳变记录。');
  expect(line(honest, 'zh-CN')).toMatch(/^时钟跳变 2 次，尚未列入日结表[^。]*。$/);
  expect(line(honest, 'en')).toMatch(/^The clock jumped 2 times, and no day sheet carries that yet[^.]*clock-jumps\.json\)\.$/);
  expect(line({ audited: [row(3, 1)] }, 'zh-CN')).toMatch(/与审计日志不符：1 次仅见于审计日志，0 次不见于审计日志/);
  expect(line({ audited: [row(3, 1)] }, 'en')).toMatch(/The audit log disagrees: 1 /);
});
