import { expect, test } from '@jest/globals';
import { silentLogger } from '../../shared/platform/processes/logger.js';
import type { IntentSpool, Lease, LedgerStore, SpooledIntent } from './ports.js';
import { RecordingLedger } from './recording-ledger.js';
import { GaplessCheck } from './sheet.js';

/** A store and a disk that outlive the ledger object and can be taken away from it. */
function world() {
  const rows = new Map<number, string>();
  let leases: Lease[] = [];
  let next = 1;
  let waiting: SpooledIntent[] = [];
  let lastGiven: number | undefined = 0;
  let kept: { readonly leases: readonly Lease[]; readonly givenUpTo: number } = { leases: [], givenUpTo: 0 };
  const state = { storeUp: true, diskUp: true, nowMs: 0, answersLost: 0 };
  const guarded = <T>(value: () => T): Promise<T> => (state.storeUp ? Promise.resolve().then(value) : Promise.reject(new Error('away')));
  const store = {
    lease: (owner: string, size: number, usedUp: readonly Lease[]) =>
      guarded(() => {
        const lease = { owner, from: next, to: next + size - 1 };
        next += size;
        leases = [...leases.filter((one) => !usedUp.some(({ from }) => from === one.from)), lease];
        if (state.answersLost > 0) {
          state.answersLost -= 1;
          throw new Error('slow');
        }
        return leases;
      }),
    intend: ({ number, callId }: { number: number; callId: string }) =>
      guarded(() => {
        if (rows.has(number) && rows.get(number) !== callId) return false;
        rows.set(number, callId);
        return true;
      }),
    used: (from: number, to: number) => guarded(() => [...rows.keys()].filter((one) => one >= from && one <= to)),
  } as unknown as LedgerStore;
  const onDisk = async (write: () => void): Promise<void> => {
    if (!state.diskUp) throw Object.assign(new Error('EIO'), { code: 'EIO' });
    write();
  };
  const spool: IntentSpool = {
    load: async () => ({ owner: 'here', ...kept, ...(lastGiven === undefined ? {} : { lastGiven }), waiting }),
    noteGiven: (number) => onDisk(() => (lastGiven = number)),
    keepLeases: (leases, givenUpTo) => onDisk(() => (kept = { leases, givenUpTo })),
    append: (intent) => onDisk(() => (waiting = [...waiting, intent])),
    clear: async () => void (waiting = []),
    close: async () => undefined,
  };
  const begin = async (): Promise<RecordingLedger> => {
    const ledger = new RecordingLedger({ store, spool, log: silentLogger, steadyMs: () => state.nowMs });
    await ledger.start();
    return ledger;
  };
  const missing = (): unknown => {
    const check = new GaplessCheck({ next, leases });
    for (const number of [...rows.keys()].sort((a, b) => a - b)) check.push(number);
    return check.finish();
  };
  const machineStops = (): void => (lastGiven = undefined);
  return { state, rows, begin, missing, machineStops, waitingCount: () => waiting.length, givenUpTo: () => kept.givenUpTo };
}

const intent = (ledger: RecordingLedger, callId: string): Promise<{ readonly ledgerNumber: number }> =>
  ledger.intent({ callId, at: '2026-11-25T00:00:00.000Z' });

test('numbers follow each other from one', async () => {
  const { begin, missing } = world();
  const ledger = await begin();
  for (let i = 1; i <= 5; i += 1) expect(await intent(ledger, `c${i}`)).toEqual({ ledgerNumber: i });
  expect(missing()).toEqual([]);
});

test('calls go on while the store is away, and no number is missing afterwards', async () => {
  const { begin, missing, state, rows, waitingCount } = world();
  const ledger = await begin();
  await intent(ledger, 'before');
  state.storeUp = false;
  for (let i = 0; i < 20; i += 1) await intent(ledger, `during${i}`);
  expect(waitingCount()).toBe(20);
  expect(rows.size).toBe(1);
  state.storeUp = true;
  state.nowMs += 5_000;
  await ledger.deliver();
  expect(rows.size).toBe(21);
  expect(waitingCount()).toBe(0);
  expect(missing()).toEqual([]);
});

test('a process that is killed while the store is away leaves nothing out: the next one delivers and goes on', async () => {
  const { begin, missing, state, rows } = world();
  const first = await begin();
  await intent(first, 'one');
  state.storeUp = false;
  await intent(first, 'two');
  const second = await begin();
  expect(await intent(second, 'three')).toEqual({ ledgerNumber: 3 });
  state.storeUp = true;
  state.nowMs += 5_000;
  await second.deliver();
  expect([...rows.values()]).toEqual(['one', 'two', 'three']);
  expect(missing()).toEqual([]);
});

test('a process that starts while the store is away goes on behind the number that was given out last', async () => {
  const { begin, missing, state } = world();
  const first = await begin();
  for (let i = 1; i <= 7; i += 1) await intent(first, `c${i}`);
  state.storeUp = false;
  const second = await begin();
  expect(await intent(second, 'while away')).toEqual({ ledgerNumber: 8 });
  state.storeUp = true;
  state.nowMs += 5_000;
  await second.deliver();
  expect(missing()).toEqual([]);
});

test('after a machine that stopped no number is given out that has a row, and none is skipped for good', async () => {
  const { begin, missing, state, rows, machineStops } = world();
  const first = await begin();
  for (let i = 1; i <= 450; i += 1) await intent(first, `c${i}`);
  state.storeUp = false;
  machineStops();
  const second = await begin();
  const { ledgerNumber } = await intent(second, 'while away');
  expect(ledgerNumber).toBeGreaterThan(450);
  state.storeUp = true;
  state.nowMs += 5_000;
  await second.deliver();
  expect(rows.get(ledgerNumber)).toBe('while away');
  expect(rows.get(1)).toBe('c1');
  // Numbers that were not known to be free are used now.
  for (let i = 451; rows.size < ledgerNumber; i += 1) await intent(second, `c${i}`);
  expect(Math.max(...rows.keys())).toBe(ledgerNumber);
  expect(missing()).toEqual([]);
});

test('more calls than a lease has', async () => {
  const { begin, missing, rows } = world();
  const ledger = await begin();
  for (let i = 0; i < 2_100; i += 1) await intent(ledger, `c${i}`);
  expect(rows.size).toBe(2_100);
  expect(missing()).toEqual([]);
});

test('a lease whose answer was lost on the way is not lost: its numbers are used first, and none is missing', async () => {
  const { begin, missing, rows, state } = world();
  state.answersLost = 1;
  const ledger = await begin();
  state.nowMs += 5_000;
  for (let i = 1; i <= 3; i += 1) expect(await intent(ledger, `c${i}`)).toEqual({ ledgerNumber: i });
  expect(missing()).toEqual([]);
  // The same again at the end of all numbers.
  for (let i = 4; i <= 1_400; i += 1) await intent(ledger, `c${i}`);
  state.answersLost = 1;
  for (let i = 1_401; i <= 2_600; i += 1) {
    state.nowMs += 5_000;
    await intent(ledger, `c${i}`);
  }
  expect(rows.size).toBe(2_600);
  expect(missing()).toEqual([]);
});

test('a removed row is found as a missing number', async () => {
  const { begin, missing, rows } = world();
  const ledger = await begin();
  for (let i = 0; i < 5; i += 1) await intent(ledger, `c${i}`);
  rows.delete(3);
  expect(missing()).toEqual([[3, 3]]);
});

test('a disk that refuses refuses no call whose row the store takes, and is written again when it takes', async () => {
  const { begin, missing, rows, state, givenUpTo } = world();
  const ledger = await begin();
  await intent(ledger, 'c1');
  state.diskUp = false;
  for (let i = 2; i <= 450; i += 1) expect(await intent(ledger, `c${i}`)).toEqual({ ledgerNumber: i });
  expect(givenUpTo()).toBeLessThan(450);
  state.diskUp = true;
  await intent(ledger, 'c451');
  expect(givenUpTo()).toBeGreaterThanOrEqual(451);
  expect(rows.size).toBe(451);
  expect(missing()).toEqual([]);
});

test('a call is refused when neither the store nor the disk takes its row, and its number is used by another', async () => {
  const { begin, missing, rows, state } = world();
  const ledger = await begin();
  await intent(ledger, 'c1');
  Object.assign(state, { diskUp: false, storeUp: false });
  await expect(intent(ledger, 'refused')).rejects.toMatchObject({ code: 'service-unavailable' });
  Object.assign(state, { diskUp: true, storeUp: true });
  state.nowMs += 5_000;
  await ledger.deliver();
  expect(await intent(ledger, 'c2')).toEqual({ ledgerNumber: 2 });
  expect([...rows.values()]).toEqual(['c1', 'c2']);
  expect(missing()).toEqual([]);
});
