import { expect, test } from '@jest/globals';
import { RETENTION_MODES } from 'minio';
import { clientOf, readAll, refusal, temporaryStore, writer } from './objects-support.js';

const rounds = 60;
const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

test('a retention that was acknowledged is never overtaken by a deletion sent at the same moment', async () => {
  await using running = await temporaryStore();
  const { client } = running;
  await client.makeBucket('race', 'us-east-1', { ObjectLocking: true });
  const outcomes = { held: 0, deleted: 0 };
  for (let round = 0; round < rounds; round++) {
    const key = `k${round}`;
    const versionId = (await client.putObject('race', key, Buffer.from(key))).versionId ?? '';
    const lock = (): Promise<string> =>
      refusal(client.putObjectRetention('race', key, { mode: RETENTION_MODES.COMPLIANCE, retainUntilDate: inDays(1), versionId }));
    const destroy = (): Promise<string> => refusal(client.removeObject('race', key, { versionId, governanceBypass: true }));
    const [first, second] = await Promise.all(round % 2 === 0 ? [lock(), destroy()] : [destroy(), lock()]);
    const locked = round % 2 === 0 ? first : second;
    const there = (await refusal(client.statObject('race', key, { versionId }))) === 'none';
    expect({ key, there }).toEqual({ key, there: locked === 'none' });
    outcomes[there ? 'held' : 'deleted'] += 1;
  }
  expect(outcomes.held + outcomes.deleted).toBe(rounds);
});

test('of many who may only create, one creates; of many who swap, one swaps', async () => {
  await using running = await temporaryStore();
  const { client, endpoint } = running;
  await client.makeBucket('once');
  const put = async (headers: Record<string, string>, body: string): Promise<string> =>
    refusal(
      client.makeRequestAsyncOmit({ method: 'PUT', bucketName: 'once', objectName: 'k', headers }, Buffer.from(body), [200], 'us-east-1'),
    );
  const many = Array.from({ length: 20 }, (_, index) => String(index));
  const created = await Promise.all(many.map((body) => put({ 'if-none-match': '*' }, body)));
  expect(created.filter((code) => code === 'none')).toHaveLength(1);
  expect(new Set(created)).toEqual(new Set(['none', 'PreconditionFailed']));
  const winner = String(created.indexOf('none'));
  expect((await readAll(await client.getObject('once', 'k'))).toString()).toBe(winner);
  const { etag } = await client.statObject('once', 'k');
  const swapped = await Promise.all(many.map((body) => put({ 'if-match': `"${etag}"` }, `next-${body}`)));
  expect(swapped.filter((code) => code === 'none')).toHaveLength(1);
  expect(await refusal(clientOf(endpoint, writer).removeObject('once', 'k'))).toBe('AccessDenied');
});

test('a reader in the middle of an object gets the rest of it, deleted or replaced meanwhile', async () => {
  await using running = await temporaryStore();
  const { client } = running;
  await client.makeBucket('reading');
  const data = Buffer.alloc(24 * 1024 ** 2, 'r');
  await client.putObject('reading', 'replaced', data);
  await client.putObject('reading', 'deleted', data);
  for (const [key, change] of [
    ['replaced', () => client.putObject('reading', 'replaced', Buffer.from('new'))],
    ['deleted', () => client.removeObject('reading', 'deleted')],
  ] as const) {
    const stream = await client.getObject('reading', key);
    await change();
    expect((await readAll(stream)).equals(data)).toBe(true);
  }
  expect((await readAll(await client.getObject('reading', 'replaced'))).toString()).toBe('new');
  expect((await running.store.collectGarbage(Date.now() + 3_600_000)).files).toBe(0);
});
