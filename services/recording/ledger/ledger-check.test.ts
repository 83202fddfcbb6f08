import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { checkLedger } from './ledger-check.js';
import type { DaySheet } from './day-sheet.js';
import type { DayFacts, LedgerRow, LedgerStore } from './ports.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const NOW = new Date('2026-12-03T03:00:00.000Z');
const row: LedgerRow = { number: 1, callId: 'c1', state: 'void', intendedAt: '2026-12-02T01:00:00.000Z', reason: 'test' };
const [rows, nothing] = [
  async function* () {
    yield row;
  },
  async function* () {
    // No sheet, no recording.
  },
];

/** What is found when the owners of a call say this, with the newest sealed day. */
async function findingsOf(contradictions: DayFacts['contradictions'], newest?: Pick<DaySheet, 'day' | 'timeZone'>): Promise<unknown[]> {
  const { findings } = await checkLedger({
    ledger: {
      ...{ head: async () => ({ next: 2, leases: [] }), inOrder: rows, between: rows, first: async () => row },
    } as unknown as LedgerStore,
    sheets: { newest: async () => newest as DaySheet, inOrder: nothing } as never,
    anchors: { all: async () => [] },
    recordings: { all: nothing } as never,
    draw: { now: NOW, seed: '', whole: false },
    facts: { of: async () => ({}), contradictions },
    sha256,
  });
  return [...findings];
}

test('a call that its owners disagree about is found, on the days that are not sealed and the newest sealed ones', async () => {
  const days: string[] = [];
  const contradictions: DayFacts['contradictions'] = async ({ fromMs, untilMs }, ledger) => {
    days.push(`${new Date(fromMs).toISOString()} ${new Date(untilMs).toISOString()}`);
    const ids: string[] = [];
    for await (const { callId } of ledger) ids.push(callId);
    return days.length === 1 ? [{ zh: `通话 ${ids.join()}：矛盾`, en: `call ${ids.join()}: contradicts` }] : [];
  };
  expect(await findingsOf(contradictions)).toEqual([{ what: 'facts-disagree', detail: 'call c1: contradicts', zh: '通话 c1：矛盾' }]);
  expect(days).toEqual(['2026-12-02T00:00:00.000Z 2026-12-03T00:00:00.000Z', '2026-12-03T00:00:00.000Z 2026-12-03T03:00:00.000Z']);
  days.length = 0;
  await findingsOf(contradictions, { day: '2026-12-01', timeZone: 'Asia/Shanghai' });
  expect([days[0], days.length]).toEqual(['2026-11-24T15:00:00.000Z 2026-11-25T15:00:00.000Z', 9]);
  expect(await findingsOf(async () => [])).toEqual([]);
});
