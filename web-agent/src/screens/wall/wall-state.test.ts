import { expect, test } from '@jest/globals';
import { WallLayout, type WallRow, type WallTile } from '../../../../services/shared/contracts/queues/wall.js';
import { afterPicture, channelsOf, channelsText, figureNow, levelOf, levelOfRow, newWall, statesOf } from './wall-state.js';

const parts = (numerator: number, denominator: number) => ({ numerator, denominator, value: 0 });
const queue = (queueId: string, entered: number, asa: readonly [number, number], waitingNow = 0): WallRow =>
  ({
    id: `queue:${queueId}`,
    of: 'queue',
    queueId,
    waiting: waitingNow,
    states: { ready: 1 },
    today: { entered: parts(entered, 1), asa: parts(...asa), 'sl.strict': parts(asa[1], entered) },
    lately: {},
  }) as never;
const tile = (part: object): WallTile => WallLayout.parse({ screens: [{ tiles: [part] }] }).screens[0]?.tiles[0] as WallTile;
const rowsOf = (...rows: WallRow[]) => new Map(rows.map((row) => [row.id, row]));
const mark = (id: string, of: 'site' | 'queue', queueId: string, level: 'warn' | 'alarm'): WallRow =>
  ({ id, of: 'mark', thresholdId: id, scope: { of, id: queueId }, figure: 'entered', window: 'today', level }) as WallRow;

test('a figure of several queues is made of the sums of their parts, never of their figures', () => {
  const rows = rowsOf(queue('a', 10, [100, 4]), queue('b', 30, [20, 16]));
  const of = (figure: 'entered' | 'asa' | 'sl.strict', queueId = '') => figureNow(rows, { figure, window: 'today', queueId, trunkId: '' });
  expect(of('entered')).toBe(40);
  expect(of('asa')).toBe(6);
  expect(of('sl.strict')).toBe(50);
  expect(of('asa', 'a')).toBe(25);
  expect(of('asa', 'gone')).toBeNull();
  expect(figureNow(rowsOf(queue('a', 0, [0, 0])), { figure: 'asa', window: 'today', queueId: '', trunkId: '' })).toBeNull();
});

test('a figure of a trunk is that of its row, legs outside too; an idle trunk has none', () => {
  const figures = { entered: { numerator: 3, denominator: 1, value: 3 }, asr: { numerator: 1, denominator: 4, value: 25 } };
  const trunk = { id: 'trunk:t1', of: 'row', scope: { of: 'trunk', id: 't1' }, today: figures, lately: {} } as WallRow;
  const rows = rowsOf(queue('a', 10, [100, 4]), trunk);
  const of = (figure: 'entered' | 'asr' | 'ner', trunkId: string) => figureNow(rows, { figure, window: 'today', queueId: '', trunkId });
  expect([of('entered', 't1'), of('asr', 't1'), of('ner', 't1'), of('asr', 't2')]).toEqual([3, 25, null, null]);
  expect(WallLayout.safeParse({ screens: [{ tiles: [{ kind: 'figure', figure: 'asr' }] }] }).success).toBe(false);
  expect(WallLayout.safeParse({ screens: [{ tiles: [{ kind: 'figure', figure: 'asr', trunkId: 't1', queueId: 'a' }] }] }).success).toBe(
    false,
  );
  expect(tile({ kind: 'trend', figure: 'asr', trunkId: 't1' })).toMatchObject({ trunkId: 't1', queueId: '' });
});

test('channels in use are of one trunk or of all; a limit is shown when each trunk has one', () => {
  const trunk = (id: string, channels?: object): WallRow =>
    ({ id: `trunk:${id}`, of: 'row', scope: { of: 'trunk', id }, today: {}, lately: {}, channels }) as WallRow;
  const rows = rowsOf(trunk('t1', { busy: 3, most: 30 }), trunk('t2', { busy: 1, most: 10 }), trunk('t3'));
  const shown = (trunkId: string) => channelsText(channelsOf(rows, trunkId));
  expect([shown('t1'), shown(''), shown('t3'), shown('gone')]).toEqual(['3 / 30', '4 / 40', '—', '—']);
  expect(channelsText(channelsOf(rowsOf(trunk('t1', { busy: 3 }), trunk('t2', { busy: 1, most: 10 })), ''))).toBe('4');
});

test('a tile has the level of the thresholds of its queue, figure and time', () => {
  const rows = rowsOf(
    queue('a', 1, [1, 1]),
    mark('m1', 'queue', 'a', 'warn'),
    mark('m2', 'queue', 'a', 'alarm'),
    mark('m3', 'site', '', 'warn'),
  );
  expect(levelOf(rows, tile({ kind: 'figure', figure: 'entered', queueId: 'a' }))).toBe('alarm');
  expect(levelOf(rows, tile({ kind: 'figure', figure: 'entered' }))).toBe('warn');
  expect(levelOf(rows, tile({ kind: 'figure', figure: 'entered', window: 'lately', queueId: 'a' }))).toBe('ok');
  expect(levelOf(rows, tile({ kind: 'figure', figure: 'asa', queueId: 'a' }))).toBe('ok');
});

test('a row of the queues has the worst level of its own thresholds, and the alarm when somebody waits and nobody is there', () => {
  const figure = { value: null, denominator: 0 };
  const row = (waiting: number) =>
    ({
      queueId: 'a',
      waiting,
      longestWaitMs: 0,
      states: {},
      serviceLevel: { formula: 'sl.strict' },
      today: { 'sl.strict': figure },
    }) as never;
  expect(levelOfRow(rowsOf(mark('m1', 'queue', 'b', 'alarm'), mark('m2', 'site', '', 'alarm')), row(0))).toBe('ok');
  expect(levelOfRow(rowsOf(mark('m1', 'queue', 'a', 'warn')), row(0))).toBe('warn');
  expect(levelOfRow(rowsOf(mark('m1', 'queue', 'a', 'warn'), mark('m2', 'queue', 'a', 'alarm')), row(0))).toBe('alarm');
  expect(levelOfRow(rowsOf(mark('m1', 'queue', 'a', 'warn')), row(1))).toBe('alarm');
});

test('agents of all queues are the row that counts each once, of one queue its own states', () => {
  const rows = rowsOf(queue('a', 1, [1, 1]), queue('b', 1, [1, 1]), { id: 'agents', of: 'agents', states: { ready: 1 } });
  expect(statesOf(rows, '')).toEqual({ ready: 1 });
  expect(statesOf(rows, 'a')).toEqual({ ready: 1 });
  expect(statesOf(rows, 'gone')).toEqual({});
});

test('a trend begins with the first picture', () => {
  const layout = WallLayout.parse({ screens: [{ tiles: [{ kind: 'trend', figure: 'entered' }] }] });
  const rows: WallRow[] = [{ id: 'layout', of: 'layout', name: 'Hall', layout, zone: 'Asia/Shanghai' }, queue('a', 3, [1, 1])];
  const { trends } = afterPicture(newWall, { version: 1, rows }, 1_000);
  expect([...trends.values()]).toEqual([[{ atMs: 1_000, value: 3 }]]);
});
