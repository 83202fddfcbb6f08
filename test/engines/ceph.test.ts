import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { objectStoreContract } from '../contracts/objects-contract.js';
import { clientOf } from '../integration/objects/objects-support.js';
import { proofOf, runTool } from '../support/tools.js';
import { Stack } from '../support/stack.js';
import { startCeph, type Ceph } from './support/ceph.js';

// Recordings on Ceph's S3 gateway (radosgw with RADOS below it), as a cluster of any size has it.

let ceph: Ceph;

beforeAll(async () => {
  ceph = await startCeph();
}, 180_000);
afterAll(async () => {
  await (ceph as Ceph | undefined)?.[Symbol.asyncDispose]();
}, 60_000);

describe('the contract of object stores', () => {
  objectStoreContract(async () => ({ client: clientOf(ceph.endpoint, ceph), close: async () => undefined }));
});

describe('the product', () => {
  let stack: Stack;
  const given = (): Record<string, string> => ({
    S3_ENDPOINT: ceph.endpoint,
    S3_ACCESS_KEY: ceph.accessKey,
    S3_SECRET_KEY: ceph.secretKey,
  });

  beforeAll(async () => {
    stack = await Stack.start({ env: given() });
  }, 120_000);
  afterAll(async () => {
    await (stack as Stack | undefined)?.[Symbol.asyncDispose]();
  }, 60_000);

  test('proves a call, from the trunk to a locked recording that resists', async () => {
    const { stages } = await proofOf(stack);
    expect(stages.filter(({ ok }) => !ok)).toEqual([]);
    expect(stages.map(({ name }) => name)).toEqual(expect.arrayContaining(['recording-stored', 'hash-equal', 'lock-holds']));
  }, 120_000);

  test.each(['audit', 'ledger'])(
    '%s finds everything whole there',
    async (tool) => {
      const { code, printed } = await runTool(stack, tool, ['--check'], given());
      expect({ code, printed: code === 0 ? '' : printed }).toEqual({ code: 0, printed: '' });
    },
    60_000,
  );
});
