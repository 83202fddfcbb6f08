import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import { WallLayout, type WallRow } from '../../../../services/shared/contracts/queues/wall.js';
import type { BoardChange, BoardPicture } from '../../../../services/shared/domain/board.js';
import { followWall, type WallClock, type WallSocket } from './wall-link.js';
import { MOST_POINTS } from './wall-state.js';

const DAY_MS = 86_400_000;

/** The heap in use after a garbage collection. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

class Clock implements WallClock {
  now = Date.parse('2026-11-30T00:00:00Z');
  #timers: { dueMs: number; everyMs: number | undefined; run: () => void }[] = [];
  nowMs = (): number => this.now;
  after = (ms: number, run: () => void) => this.#add({ dueMs: this.now + ms, everyMs: undefined, run });
  every = (ms: number, run: () => void) => this.#add({ dueMs: this.now + ms, everyMs: ms, run });
  #add(timer: { dueMs: number; everyMs: number | undefined; run: () => void }): () => void {
    this.#timers.push(timer);
    return () => (this.#timers = this.#timers.filter((each) => each !== timer));
  }
  get waiting(): number {
    return this.#timers.length;
  }
  pass(ms: number): void {
    const until = this.now + ms;
    while (this.now < until) {
      this.now = Math.min(until, this.now + 1_000);
      for (const timer of this.#timers.filter(({ dueMs }) => dueMs <= this.now)) {
        if (timer.everyMs === undefined) this.#timers = this.#timers.filter((each) => each !== timer);
        else timer.dueMs += timer.everyMs;
        timer.run();
      }
    }
  }
}

class Server implements WallSocket {
  readonly handlers = new Map<string, (value: never) => void>();
  connects = 0;
  isUp = true;
  version = 100;
  waiting = 0;
  on(name: string, handle: (value: never) => void): void {
    this.handlers.set(name, handle);
  }
  say(name: string, value?: unknown): void {
    this.handlers.get(name)?.(value as never);
  }
  connect(): void {
    this.connects += 1;
    if (this.isUp) this.letIn();
  }
  disconnect(): void {
    this.say('disconnect', 'io client disconnect');
  }
  letIn(): void {
    this.say('connect');
    this.say('wall:picture', { version: this.version, rows: this.rows() } satisfies BoardPicture<WallRow>);
  }
  change(): void {
    this.version += 1;
    this.waiting = (this.waiting * 7 + 3) % 50;
    const figures = { waiting: { numerator: this.waiting, denominator: 1, value: this.waiting } };
    const put = [['queue:a', { waiting: this.waiting, today: figures }]] as const;
    this.say('wall:change', { version: this.version, put, gone: [] } satisfies BoardChange);
  }
  rows(): WallRow[] {
    const layout = WallLayout.parse({ screens: [{ tiles: [{ kind: 'trend', figure: 'waiting' }] }] });
    const queue = { queueId: 'a', waiting: 0, today: { waiting: { numerator: 0, denominator: 1, value: 0 } } };
    return [
      { id: 'layout', of: 'layout', name: 'Hall', layout, zone: 'Asia/Shanghai' },
      { id: 'queue:a', of: 'queue', ...queue } as WallRow,
    ];
  }
}

function opened() {
  const [clock, server] = [new Clock(), new Server()];
  let back = 0;
  const link = followWall({ socket: server, clock, cameBack: () => (back += 1) });
  server.letIn();
  return { clock, server, link, back: () => back };
}

test('a screen that runs for a day, with a server that restarts each hour, comes back each time and grows by less than 50 MB', () => {
  const { clock, server, link, back } = opened();
  const before = heldBytes();
  let restarts = 0;
  for (let ms = 0; ms < DAY_MS; ms += 1_000) {
    clock.pass(1_000);
    if (ms > 0 && ms % 3_600_000 === 0) {
      restarts += 1;
      server.isUp = false;
      server.say('disconnect', 'io server disconnect');
      clock.pass(10_000);
      expect(clock.now - link.getSnapshot().atMs).toBeGreaterThanOrEqual(10_000);
      server.isUp = true;
      // A new server begins at another version.
      server.version += 1_000;
      clock.pass(20_000);
      expect(clock.now - link.getSnapshot().atMs).toBeLessThan(20_000);
    }
    server.change();
    expect(link.getSnapshot().version).toBe(server.version);
  }
  expect(restarts).toBe(23);
  expect(back()).toBeGreaterThanOrEqual(restarts);
  expect(heldBytes() - before).toBeLessThan(50 * 1_048_576);
  const [points] = [...link.getSnapshot().trends.values()];
  expect(points).toHaveLength(MOST_POINTS);
  expect((points?.at(-1)?.atMs ?? 0) - (points?.[0]?.atMs ?? 0)).toBeGreaterThan(3_400_000);
  // Only the timer that looks for a silence; nothing has piled up.
  expect(clock.waiting).toBe(1);
  link.close();
  expect(clock.waiting).toBe(0);
}, 60_000);

test('a silence is a lost connection: it is opened again', () => {
  const { clock, server } = opened();
  clock.pass(5_000);
  expect(server.connects).toBe(0);
  clock.pass(2_000);
  expect(server.connects).toBe(1);
});

test('a change that does not follow the one before it brings the whole picture', () => {
  const { clock, server, link } = opened();
  server.version += 5;
  server.change();
  expect(link.getSnapshot().version).not.toBe(server.version);
  clock.pass(4_000);
  expect(link.getSnapshot().version).toBe(server.version);
});

test('a withdrawn wall shows nothing of what it showed, asks once a minute, and goes on when it may be shown again', () => {
  const { clock, server, link } = opened();
  server.isUp = false;
  server.say('wall:over');
  server.say('disconnect', 'io server disconnect');
  expect(link.getSnapshot()).toMatchObject({ over: true, rows: new Map() });
  clock.pass(59_000);
  expect(server.connects).toBe(0);
  server.isUp = true;
  clock.pass(2_000);
  expect(server.connects).toBe(1);
  expect(link.getSnapshot().over).toBe(false);
});
