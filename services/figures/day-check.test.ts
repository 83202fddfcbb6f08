import { expect, test } from '@jest/globals';
import type { Visit } from '../shared/records/call.js';
import type { RecordReads } from '../shared/records/record-reads.js';
import type { StoredVisit } from '../shared/records/visit.js';
import { checkDay } from './day-check.js';
import type { VisitStore } from './ports.js';

const FROM_MS = Date.parse('2026-11-26T16:00:00Z');
const visit = (changes: Partial<Visit> = {}): Visit => ({
  place: 1,
  queueId: 'service',
  fromMs: FROM_MS + 1_000,
  toMs: FROM_MS + 9_000,
  waitMs: 8_000,
  offers: 1,
  returned: false,
  priority: 0,
  skills: {},
  outcome: 'answered',
  agentId: 'anna',
  ...changes,
});
const call = (id: string, visits: readonly Visit[]) =>
  ({ _id: id, visits, direction: 'inbound', class: 'service', trunkId: 't1', called: '4001000' }) as const;
const row = (
  callId: string,
  changes: Partial<StoredVisit> = {},
): Partial<StoredVisit> & { readonly _id: string; readonly callId: string } => ({
  _id: `${callId}-1`,
  callId,
  queueId: 'service',
  enteredAt: new Date(FROM_MS + 1_000),
  leftAt: new Date(FROM_MS + 9_000),
  waitMs: 8_000,
  outcome: 'answered',
  ...changes,
});

/** Reads from rows in an array; of a filter only the ids are used. */
function readsOf(rows: readonly { readonly _id: string; readonly callId?: string }[]): RecordReads<never> {
  return {
    collection: 'rows',
    one: async (id: string) => rows.find(({ _id }) => _id === id),
    find: async ({ callId }: { callId?: { $in: readonly string[] } }) => rows.filter((each) => callId?.$in.includes(each.callId ?? '')),
    batches: async function* () {
      yield rows;
    },
    lookUp: () => async () => undefined,
    count: async ({ outcome }: { outcome?: unknown }) =>
      outcome === undefined ? rows.length : rows.filter((each) => ((each as Partial<StoredVisit>).outcome ?? null) === outcome).length,
  } as unknown as RecordReads<never>;
}

async function check(calls: readonly ReturnType<typeof call>[], rows: readonly ReturnType<typeof row>[]) {
  const added: unknown[] = [];
  const visits: VisitStore = {
    entered: async () => undefined,
    gaveResult: async () => undefined,
    left: async (entered, end) => void added.push({ ...entered, ...end }),
  };
  const checked = await checkDay(
    { date: '2026-11-27', fromMs: FROM_MS, untilMs: FROM_MS + 86_400_000 },
    {
      reads: { calls: readsOf(calls), visits: readsOf(rows) },
      visits,
      entitlements: async () => ({ thresholdMs: 15_000, clientUnit: 'City hotline' }),
      now: () => new Date(FROM_MS),
    },
  );
  return { ...checked, written: added };
}

test('rows that say what the records of their calls say are no difference', async () => {
  expect(await check([call('c1', [visit()])], [row('c1')])).toMatchObject({ calls: 1, visits: 1, added: 0, differences: [], written: [] });
});

test('a visit of which no event came is written from the record of its call', async () => {
  const { added, differences, written } = await check([call('c1', [visit()])], []);
  expect([added, differences]).toEqual([1, []]);
  expect(written).toMatchObject([{ _id: 'c1-1', outcome: 'answered', waitMs: 8_000, thresholdMs: 15_000, clientUnit: 'City hotline' }]);
});

test('a visit that still waits though its call is over is closed from the record', async () => {
  const open = { ...row('c1'), leftAt: undefined, waitMs: undefined, outcome: undefined };
  expect(await check([call('c1', [visit({ outcome: 'abandoned', agentId: undefined as never })])], [open])).toMatchObject({
    added: 1,
    differences: [],
  });
});

test.each([
  ['another outcome', { outcome: 'abandoned' }, 'differs'],
  ['another wait', { waitMs: 1 }, 'differs'],
  ['another queue', { queueId: 'other' }, 'differs'],
] as const)('%s than in the record is a difference that nobody mends by itself', async (_what, changes, what) => {
  const { added, differences } = await check([call('c1', [visit()])], [row('c1', changes)]);
  expect([added, differences]).toEqual([0, [{ visitId: 'c1-1', what }]]);
});

test('a visit that nothing counts is found: the store counts all, and each outcome, for itself', async () => {
  const planted = row('c2', { outcome: 'vanished' as never });
  expect((await check([call('c1', [visit()])], [row('c1'), planted])).unaccounted).toBe(1);
  expect((await check([call('c1', [visit()])], [row('c1')])).unaccounted).toBe(0);
});

test('a visit without a call is a difference', async () => {
  expect((await check([], [row('c9')])).differences).toEqual([{ visitId: 'c9-1', what: 'no-call' }]);
});
