import { expect, test } from '@jest/globals';
import { silentLogger } from '../../shared/platform/processes/logger.js';
import type { AuditEntry } from '../../shared/platform/http/route.js';
import { clockOf, createClockWatch, jumpBetween, type ClockMemory, type KeptMark } from './clock-watch.js';
import type { ClockJump } from './day-sheet.js';

const BEGIN = Date.parse('2026-11-30T23:59:00+08:00');

/** A host whose clock a person sets, and the memory that outlives the process. */
function host() {
  const clock = { wallMs: BEGIN, steadyMs: 5_000, boot: 'first' };
  let kept: KeptMark | undefined;
  const jumps: ClockJump[] = [];
  const owed: ClockJump[] = [];
  const acts: AuditEntry[] = [];
  const memory: ClockMemory = {
    mark: async () => kept,
    keep: async (mark) => void (kept = mark),
    async add(jump) {
      jumps.push(jump);
      owed.push(jump);
    },
    owed: async () => [...owed],
    audited: async (jump) => void owed.splice(owed.indexOf(jump), 1),
    open: async () => jumps,
    carried: async () => undefined,
  };
  const record = async (entry: AuditEntry): Promise<void> => void acts.push(entry);
  const begin = (audit = record) => createClockWatch({ memory, limitMs: 1_000, log: silentLogger, read: () => ({ ...clock }), audit });
  const pass = (ms: number): void => void Object.assign(clock, { wallMs: clock.wallMs + ms, steadyMs: clock.steadyMs + ms });
  return { clock, memory, jumps, acts, record, begin, pass };
}

test('a clock that is set forward and back is seen, with the time it then shows and by how much; one that runs on is not', async () => {
  const { clock, jumps, acts, begin, pass } = host();
  const watch = begin();
  await watch.look();
  pass(10_000);
  // A correction that the site allows.
  clock.wallMs += 900;
  await watch.look();
  expect(jumps).toEqual([]);
  pass(10_000);
  clock.wallMs += 3_600_000;
  await watch.look();
  pass(10_000);
  clock.wallMs -= 7_200_000;
  await watch.look();
  pass(10_000);
  await watch.look();
  expect(jumps.map(({ byMs }) => byMs)).toEqual([3_600_000, -7_200_000]);
  expect(jumps[0]?.at).toBe(new Date(BEGIN + 20_900 + 3_600_000).toISOString());
  expect(acts.map(({ what, reason }) => [what, reason])).toEqual([
    ['clock.jumped', '3600000 ms'],
    ['clock.jumped', '-7200000 ms'],
  ]);
});

test('a clock that is set while the process is not running is seen when it runs again', async () => {
  const { clock, jumps, begin, pass } = host();
  await begin().look();
  pass(3_600_000);
  clock.wallMs -= 600_000;
  await begin().look();
  expect(jumps.map(({ byMs }) => byMs)).toEqual([-600_000]);
});

test('a clock that is moved in steps below the limit is seen as soon as their sum is beyond it, also across a start of the process', async () => {
  const { clock, jumps, begin, pass } = host();
  const move = async (watch: ReturnType<typeof begin>, byMs: number): Promise<void> => {
    pass(10_000);
    clock.wallMs += byMs;
    await watch.look();
  };
  const watch = begin();
  await watch.look();
  for (let i = 0; i < 3; i += 1) await move(watch, -400);
  expect(jumps.map(({ byMs }) => byMs)).toEqual([-1_200]);
  await move(watch, -600);
  // An hour between two steps makes them none the smaller.
  pass(3_600_000);
  await move(begin(), -600);
  expect(jumps.map(({ byMs }) => byMs)).toEqual([-1_200, -1_200]);
  // Small ones there and back add up to nothing; a large one back to where the clock once was is a jump.
  const again = begin();
  for (const byMs of [900, -900, 900, -1_800]) await move(again, byMs);
  expect(jumps.map(({ byMs }) => byMs)).toEqual([-1_200, -1_200, -1_800]);
});

test('a jump that the audit log does not take at once is kept once, and recorded when the log takes it', async () => {
  const { clock, jumps, acts, record, begin, pass } = host();
  let isAway = true;
  const watch = begin(async (entry) => {
    if (isAway) throw new Error('away');
    await record(entry);
  });
  await watch.look();
  clock.wallMs += 5_000;
  for (let i = 0; i < 3; i += 1) {
    pass(10_000);
    await expect(watch.look()).rejects.toThrow('away');
  }
  expect(jumps.map(({ byMs }) => byMs)).toEqual([5_000]);
  isAway = false;
  // By another process: the one that saw it may have ended meanwhile.
  const next = begin();
  await next.look();
  await next.look();
  expect(acts.map(({ reason }) => reason)).toEqual(['5000 ms']);
});

test('after a restart of the host only a clock that went back is a jump: nobody knows how long the host was off', () => {
  const before = { wallMs: BEGIN, steadyMs: 900_000, boot: 'first' };
  expect(jumpBetween(before, { wallMs: BEGIN + 86_400_000, steadyMs: 10, boot: 'second' }, 1_000).byMs).toBeUndefined();
  expect(jumpBetween(before, { wallMs: BEGIN - 86_400_000, steadyMs: 10, boot: 'second' }, 1_000).byMs).toBe(-86_400_000);
});

test('a sheet lists the first hundred jumps and counts the others, beside the source of the time', async () => {
  const jumps = Array.from({ length: 130 }, (_, i) => ({ at: new Date(BEGIN + i).toISOString(), byMs: 2_000 + i }));
  const clock = await clockOf({ open: async () => jumps }, async () => ({ source: 'chrony', offsetMs: 3 }));
  expect(clock).toMatchObject({ source: 'chrony', offsetMs: 3, moreJumps: 30 });
  expect(clock.jumps).toEqual(jumps.slice(0, 100));
});
