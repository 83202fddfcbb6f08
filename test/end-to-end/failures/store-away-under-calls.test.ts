import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { storeRound } from '../../cluster/rounds/store.js';
import { OutsideServers } from '../../support/servers/outside-servers.js';
import { Stack } from '../../support/stack.js';

// The short form of `npm run cluster -- --only T10`.

jest.setTimeout(240_000);

let servers: OutsideServers;
let documents: Awaited<ReturnType<OutsideServers['documents']>>;
let stack: Stack;

beforeAll(async () => {
  servers = await OutsideServers.create();
  documents = await servers.documents();
  stack = await Stack.start({ layout: 'roles', env: servers.env });
});
afterAll(async () => {
  await (stack as Stack | undefined)?.[Symbol.asyncDispose]();
  await (servers as OutsideServers | undefined)?.[Symbol.asyncDispose]();
});

test('store and telephony are killed under a call: it goes on, another comes, and records and ledger are complete afterwards', async () => {
  const round = await storeRound(stack, documents);
  expect(round.broken).toEqual([]);
  expect(round).toMatchObject({ calls: 2, dropped: 0, lostMs: 0, ledgerIsWhole: true, auditIsWhole: true });
  expect(round.recordedMs).toBe(round.answeredMs);
});
