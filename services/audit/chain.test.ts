import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { createAuditWriter } from './audit-service.js';
import { checkChain, type AuditRow } from './chain.js';
import type { AuditStore } from './ports.js';

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');

async function* stream(rows: readonly AuditRow[]): AsyncGenerator<AuditRow> {
  yield* rows;
}

/** A store in memory that, like the real one, refuses a number that is taken. */
function memoryStore(): AuditStore & { readonly rows: AuditRow[] } {
  const rows: AuditRow[] = [];
  return {
    rows,
    newest: async () => rows.at(-1),
    append: async (batch) => {
      if (batch[0]?.number !== rows.length + 1) return false;
      rows.push(...batch);
      return true;
    },
    search: async () => rows,
    inOrder: () => stream(rows),
  };
}

async function tenRows(): Promise<AuditRow[]> {
  const store = memoryStore();
  const writer = createAuditWriter({ store, sha256Hex, now: () => new Date(0) });
  await Promise.all(
    Array.from({ length: 10 }, (_, i) =>
      writer.append({ who: 'u1', what: 'recording.played', object: `c${i}`, success: true, after: { i } }),
    ),
  );
  return store.rows;
}

test('an untouched chain is whole and complete', async () => {
  expect(await checkChain(stream(await tenRows()), [], { sha256Hex })).toEqual({
    rows: 10,
    integrity: { ok: true },
    completeness: { ok: true, missing: [] },
  });
});

test('a changed row breaks integrity, not completeness', async () => {
  const rows = await tenRows();
  rows[4] = { ...rows[4]!, who: 'somebody-else' };
  const verdict = await checkChain(stream(rows), [], { sha256Hex });
  expect(verdict.integrity).toEqual({ ok: false, firstBadRow: 5 });
  expect(verdict.completeness.ok).toBe(true);
});

test('a missing row breaks completeness and is named', async () => {
  const rows = await tenRows();
  rows.splice(6, 1);
  expect((await checkChain(stream(rows), [], { sha256Hex })).completeness).toEqual({ ok: false, missing: [7] });
});

test('a cut tail is found by the anchor outside', async () => {
  const rows = await tenRows();
  const anchor = { number: 10, hash: rows[9]!.hash, at: '' };
  expect((await checkChain(stream(rows.slice(0, 8)), [anchor], { sha256Hex })).completeness).toEqual({
    ok: false,
    missing: [],
    cutTailBelow: 10,
  });
});

test('a chain rebuilt with other facts disagrees with its anchor', async () => {
  const anchor = { number: 10, hash: 'f'.repeat(64), at: '' };
  expect((await checkChain(stream(await tenRows()), [anchor], { sha256Hex })).integrity).toEqual({ ok: false, firstBadRow: 10 });
});

test('two writers on one store keep one gapless chain', async () => {
  const store = memoryStore();
  const writers = [0, 1].map(() => createAuditWriter({ store, sha256Hex, now: () => new Date(0) }));
  await Promise.all(Array.from({ length: 40 }, (_, i) => writers[i % 2]!.append({ who: 'u', what: 'x', success: true })));
  expect(await checkChain(stream(store.rows), [], { sha256Hex })).toMatchObject({
    rows: 40,
    integrity: { ok: true },
    completeness: { ok: true },
  });
});
