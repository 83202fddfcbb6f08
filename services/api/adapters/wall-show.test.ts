import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { WallRow } from '../../shared/contracts/queues/wall.js';
import type { BoardChange } from '../../shared/domain/board.js';
import type { Clock } from '../../shared/domain/time/clock.js';
import { silentLogger } from '../../shared/platform/processes/logger.js';
import { createWallShow, MOST_OF_ADDRESS, MOST_OF_WALL, MOST_WRONG, type WallPage, type WallShow } from './wall-show.js';

let nowMs: number;
let turn: () => void;
let known: Map<string, { wallId: string }>;
let open: number;
let asked: number;
let storeAway: boolean;
let storeHangs: boolean;
let waits: Set<() => void>;
let centreAway: boolean;
let show: WallShow;

const clock: Clock = {
  nowMs: () => nowMs,
  after(_ms, run) {
    waits.add(run);
    return () => void waits.delete(run);
  },
  every: (_ms, run) => {
    turn = run;
    return () => undefined;
  },
};
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 1_000) {
    nowMs += 1_000;
    for (const run of waits) run();
    await settled();
    turn();
    await settled();
  }
}

class Page implements WallPage {
  version = 0;
  rows: readonly WallRow[] = [];
  readonly changes: BoardChange[] = [];
  isOver = false;
  constructor(readonly from = '10.0.0.1') {}
  picture({ version, rows }: { version: number; rows: readonly WallRow[] }): void {
    [this.version, this.rows] = [version, rows];
  }
  change(change: BoardChange): void {
    this.changes.push(change);
  }
  over(): void {
    this.isOver = true;
    show.leave(this);
  }
}

beforeEach(() => {
  nowMs = Date.parse('2026-11-30T01:00:00Z');
  known = new Map([['token-1', { wallId: 'w1' }]]);
  [open, asked, storeAway, storeHangs, centreAway, waits] = [0, 0, false, false, false, new Set()];
  show = createWallShow({
    walls: {
      async find(token) {
        asked += 1;
        if (storeAway) throw new Error('away');
        if (storeHangs) return new Promise(() => undefined);
        return known.get(token);
      },
      isInUse: async (token) => known.has(token),
      async read(walls) {
        if (centreAway) throw new Error('away');
        return walls.map(() => [{ id: 'alarms', of: 'alarms', open, seen: 0 }]);
      },
    },
    clock,
    log: silentLogger,
  });
});
afterEach(() => show.stop());

test('a page has the picture, then what changes, version by version; an empty change says that the wall is alive', async () => {
  const page = new Page();
  expect(await show.enter('token-1', page)).toBeUndefined();
  expect(page.rows).toEqual([{ id: 'alarms', of: 'alarms', open: 0, seen: 0 }]);
  open = 2;
  await pass(1_000);
  expect(page.changes).toEqual([{ version: page.version + 1, put: [['alarms', { open: 2 }]], gone: [] }]);
  await pass(8_000);
  expect(page.changes.slice(1)).toEqual([2, 3, 4, 5].map((n) => ({ version: page.version + n, put: [], gone: [] })));
});

test('a withdrawn address ends its pages at once when it is said, and by itself within seconds', async () => {
  const [told, untold] = [new Page(), new Page()];
  await show.enter('token-1', told);
  known.delete('token-1');
  show.changed('w1');
  await pass(1_000);
  expect(told.isOver).toBe(true);
  known.set('token-1', { wallId: 'w1' });
  await show.enter('token-1', untold);
  known.delete('token-1');
  await pass(3_000);
  expect(untold.isOver).toBe(true);
  expect(await show.enter('token-1', new Page())).toBe('wall-over');
});

test('while the store is away the wall goes on; while the centre is away nothing is said, so that the page turns grey', async () => {
  const page = new Page();
  await show.enter('token-1', page);
  storeAway = true;
  open = 1;
  await pass(2_000);
  expect(page.isOver).toBe(false);
  expect(page.changes).toHaveLength(1);
  expect(await show.enter('token-1', new Page())).toBe('service-unavailable');
  storeAway = false;
  centreAway = true;
  await pass(20_000);
  expect(page.changes).toHaveLength(1);
  centreAway = false;
  await pass(1_000);
  expect(page.changes).toHaveLength(2);
});

test('a store that hangs stops no figures, and a withdrawal is found when it answers again', async () => {
  const page = new Page();
  await show.enter('token-1', page);
  storeHangs = true;
  await pass(3_000);
  open = 1;
  await pass(3_000);
  expect(page.changes.filter(({ put }) => put.length > 0)).toHaveLength(1);
  await pass(30_000);
  expect(page.changes.length).toBeGreaterThan(6);
  expect(waits.size).toBeLessThan(2);
  known.delete('token-1');
  storeHangs = false;
  await pass(12_000);
  expect(page.isOver).toBe(true);
});

test('one address and one wall have so many pages and no more; a page that leaves makes room', async () => {
  const pages = Array.from({ length: MOST_OF_WALL }, () => new Page());
  for (const page of pages) expect(await show.enter('token-1', page)).toBeUndefined();
  expect(await show.enter('token-1', new Page('10.0.0.2'))).toBe('too-many-requests');
  for (let i = 2; i <= MOST_OF_ADDRESS / MOST_OF_WALL + 1; i += 1) known.set(`token-${i}`, { wallId: `w${i}` });
  for (let i = 2; i <= MOST_OF_ADDRESS / MOST_OF_WALL; i += 1)
    for (let n = 0; n < MOST_OF_WALL; n += 1) expect(await show.enter(`token-${i}`, new Page())).toBeUndefined();
  const last = `token-${MOST_OF_ADDRESS / MOST_OF_WALL + 1}`;
  expect(await show.enter(last, new Page())).toBe('too-many-requests');
  expect(await show.enter(last, new Page('10.0.0.2'))).toBeUndefined();
  const [first] = pages;
  if (first !== undefined) show.leave(first);
  expect(await show.enter(last, new Page())).toBeUndefined();
});

test('whoever tries tokens is not looked up for after a while, and another address is', async () => {
  known.set('token-2', { wallId: 'w2' });
  for (let i = 0; i < MOST_WRONG; i += 1) expect(await show.enter(`guess-${i}`, new Page())).toBe('wall-over');
  const before = asked;
  expect(await show.enter('guess', new Page())).toBe('too-many-requests');
  expect(asked).toBe(before);
  expect(await show.enter('token-1', new Page('10.0.0.2'))).toBeUndefined();
  // From the address of somebody who guesses tokens, a valid wall is still shown, even one that nobody shows yet.
  for (const token of ['token-1', 'token-2']) expect(await show.enter(token, new Page())).toBeUndefined();
  expect(await show.enter('guess', new Page())).toBe('too-many-requests');
  nowMs += 60_000;
  expect(await show.enter('token-1', new Page())).toBeUndefined();
});

test('a wall that nobody shows is not read', async () => {
  const page = new Page();
  await show.enter('token-1', page);
  show.leave(page);
  await pass(1_000);
  const before = asked;
  await pass(10_000);
  expect(asked).toBe(before);
});
