import { expect, test } from '@jest/globals';
import { silentLogger } from '../../shared/platform/processes/logger.js';
import type { LedgerRow } from '../ledger/ports.js';
import { takeUpLeft, type LeftCallsDependencies } from './left-calls.js';
import { markRecord } from './records.js';

const recording = { objectKey: 'k', sha256: 's', durationMs: 1 };

/** What becomes of an ended call in the spool whose ledger row says this. */
async function after(row: object | undefined): Promise<string[]> {
  const did: string[] = [];
  const ended = markRecord(1_000, { kind: 'ended', at: '2026-12-01T00:00:01.000Z' });
  const file = { header: { callId: 'c', originWallMs: 0 }, read: async () => ended };
  await takeUpLeft({
    spool: { list: () => ['c'], open: async () => file, remove: async () => void did.push('removed') },
    ledger: {
      open: async () => [],
      ofCall: async () => {
        if (row === undefined) throw new Error('away');
        return row as LedgerRow;
      },
    },
    finish: () => void did.push('finished'),
    log: silentLogger,
  } as unknown as LeftCallsDependencies);
  return did;
}

test('an ended call whose recording another recorder has made is not made a second time', async () => {
  expect(await after({ state: 'accounted', recording })).toEqual(['removed']);
});

test('it is finished while nobody has made it, where nothing could be made elsewhere, and where the ledger is away', async () => {
  for (const row of [{ state: 'answered' }, { state: 'accounted' }, undefined]) expect(await after(row)).toEqual(['finished']);
});
