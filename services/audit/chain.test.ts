import { hash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { createAuditWriter } from './audit-service.js';
import { checkChain, firstKeptOf, linkOf, type AuditRow, type Link } from './chain.js';
import type { AuditStore } from './ports.js';

const sha256Hex = (text: string | Uint8Array): string => hash('sha256', text);

async function* stream(rows: readonly AuditRow[]): AsyncGenerator<readonly Link[]> {
  yield rows.slice(0, 3).map(linkOf);
  yield rows.slice(3).map(linkOf);
}

/** A store in memory that refuses a taken number, as the real one does. */
function memoryStore(): AuditStore & { readonly rows: AuditRow[] } {
  const rows: AuditRow[] = [];
  return {
    rows,
    newest: async () => rows.at(-1),
    append: async (batch) => {
      if (batch[0]?.number !== rows.length + 1) return 0;
      rows.push(...batch);
      return batch.length;
    },
    has: async () => false,
    search: async () => rows,
    links: (from) => stream(rows.filter(({ number }) => number >= from)),
    oldest: async () => rows[0],
    removeBelow: async () => 0,
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

test('half of a pair of UTF-16 in a reason is written as it will be read', async () => {
  const store = memoryStore();
  await createAuditWriter({ store, sha256Hex, now: () => new Date(0) }).append({
    who: 'u',
    what: 'number.saved',
    success: true,
    reason: 'a\ud800b 𝄞',
  });
  expect(store.rows[0]?.reason).toBe('a\ufffdb 𝄞');
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
  await Promise.all(Array.from({ length: 40 }, (_, i) => writers[i % 2]!.append({ who: 'u', what: 'number.saved', success: true })));
  expect(await checkChain(stream(store.rows), [], { sha256Hex })).toMatchObject({
    rows: 40,
    integrity: { ok: true },
    completeness: { ok: true },
  });
});

test('a batch of which a part went in before another writer took a number is finished, no row twice', async () => {
  const store = memoryStore();
  const append = store.append;
  let cutOnce = true;
  const torn: AuditStore = {
    ...store,
    append: async (batch) => {
      if (!cutOnce || batch.length < 3) return append(batch);
      cutOnce = false;
      await append(batch.slice(0, 2));
      const other = createAuditWriter({ store, sha256Hex, now: () => new Date(0) });
      await other.append({ who: 'other', what: 'list.removed', success: true });
      return 2;
    },
  };
  const writer = createAuditWriter({ store: torn, sha256Hex, now: () => new Date(0) });
  await Promise.all(['a', 'b', 'c', 'd'].map((object) => writer.append({ who: 'u', what: 'number.saved', object, success: true })));
  expect(store.rows.map(({ object, what }) => object ?? what)).toEqual(['a', 'b', 'c', 'list.removed', 'd']);
  expect(await checkChain(stream(store.rows), [], { sha256Hex })).toMatchObject({ integrity: { ok: true }, completeness: { ok: true } });
});

test('an anchor that was written over or hidden still counts: two that differ break integrity', async () => {
  const rows = await tenRows();
  const anchors = [rows[9]!.hash, 'f'.repeat(64)].map((hash) => ({ number: 10, hash, at: '' }));
  expect((await checkChain(stream(rows), anchors, { sha256Hex })).integrity).toEqual({ ok: false, firstBadRow: 10 });
});

describe('the end of the time of old rows', () => {
  const day = (n: number): string => new Date(Date.UTC(2026, 0, 1) + n * 86_400_000).toISOString();
  const anchor = { number: 500, hash: 'a', at: day(0) };

  test('is by right only from a row that was anchored long enough before', () => {
    expect(firstKeptOf([{ number: 500, hash: 'a', at: day(184) }], [anchor])).toBe(500);
    for (const mark of [
      { number: 500, hash: 'a', at: day(183) },
      { number: 500, hash: 'forged', at: day(400) },
      { number: 501, hash: 'a', at: day(400) },
    ])
      expect(firstKeptOf([mark], [anchor])).toBe(1);
  });

  test('leaves a chain that is whole from its first kept row, and only from there', async () => {
    const rows = (await tenRows()).slice(4);
    expect(await checkChain(stream(rows), [], { sha256Hex, firstKept: 5 })).toMatchObject({ rows: 6, completeness: { ok: true } });
    expect((await checkChain(stream(rows), [], { sha256Hex })).completeness.missing).toEqual([1, 2, 3, 4]);
  });
});
